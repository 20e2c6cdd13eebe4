import { z } from 'zod'
import { failed, ok } from '../server/problem'
import { type CommandFacts, defineCommand, objectOid, type Plan } from './define-command'
import { indexesRebuilt } from './done'
import { loadTable, type RelationFacts } from './facts/load'
import { predictRebuild } from './predict'
import { REINDEX_CHECKS } from './preflight/checks'
import { BRIEF_WAIT, besideWrites, NO_TIMEOUTS, nameOf, spoken } from './sql'

const input = z.strictObject({
  /** The table's OID. */
  oid: objectOid,
  concurrently: z.boolean().default(true),
})

/** REINDEX TABLE; https://www.postgresql.org/docs/current/sql-reindex.html */
export const reindexTable = defineCommand({
  name: 'reindex-table',
  about: 'Builds every index of a table anew, beside the old ones, or in place with CONCURRENTLY off',
  input,
  measures: 'indexes',
  weight: 'heavy',
  facts: (target, { oid }) => loadTable(target, oid, 'indexes'),
  plan: ({ concurrently }, facts) => {
    if (facts.facts.indexes.length === 0) return failed('conflict', `${facts.object.relname} has no indexes`)
    return ok(concurrently ? concurrent(facts) : plain(facts))
  },
  preflight: REINDEX_CHECKS,
  done: indexesRebuilt,
})

function concurrent({ object, facts, known }: CommandFacts<RelationFacts>): Plan {
  const skipped = facts.indexes.filter(isLeftOut)
  return {
    title: `Rebuild ${sayIndexes(facts)} of ${object.relname}`,
    statements: [...NO_TIMEOUTS, `REINDEX TABLE CONCURRENTLY ${nameOf(object)}`],
    locks: [besideWrites(spoken(object.schemaname, object.relname))],
    effect: [
      `Builds new copies of ${sayIndexes(facts)} beside the old, swaps names, drops the old. All copies exist at the same time.`,
      'The indexes of its TOAST table are rebuilt too.',
      ...(skipped.length > 0
        ? [`PostgreSQL leaves out ${skipped.map(({ relname }) => relname).join(', ')}: invalid, or of an exclusion constraint.`]
        : []),
    ],
    cancel: 'Cancel at any time. The old indexes stay valid. A cancelled build leaves invalid copies (…_ccnew), which have to be dropped.',
    phrase: object.relname,
    alwaysTyped: false,
    undo: null,
    prediction: predictRebuild(facts, known, isLeftOut),
  }
}

/** What CONCURRENTLY does not rebuild with a table (manual: REINDEX, Rebuilding Indexes Concurrently). */
const isLeftOut = ({ indisexclusion, indisvalid }: RelationFacts['indexes'][number]): boolean => indisexclusion || !indisvalid

function plain({ object, facts, known }: CommandFacts<RelationFacts>): Plan {
  return {
    title: `Rebuild ${sayIndexes(facts)} of ${object.relname} in place`,
    statements: [...BRIEF_WAIT, `REINDEX TABLE ${nameOf(object)}`],
    locks: [
      {
        mode: 'AccessExclusiveLock',
        relation: `each index of ${spoken(object.schemaname, object.relname)}`,
        waits: 'Every query on the table waits while it is planned, reads too.',
      },
      {
        mode: 'ShareLock',
        relation: spoken(object.schemaname, object.relname),
        waits: 'INSERT, UPDATE and DELETE wait until it is done.',
      },
    ],
    effect: [
      `Builds ${sayIndexes(facts)} anew in place, one after another, and those of its TOAST table.`,
      'A try ends when the locks cannot be had within 2 s, so that nobody queues behind it for longer.',
    ],
    cancel: 'Cancel at any time. The old indexes stay as they were; nothing is left behind.',
    phrase: object.relname,
    alwaysTyped: true,
    undo: null,
    prediction: predictRebuild(facts, known),
  }
}

const sayIndexes = ({ indexes }: RelationFacts): string => (indexes.length === 1 ? 'the index' : `all ${indexes.length} indexes`)
