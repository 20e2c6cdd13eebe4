import { z } from 'zod'
import { ok } from '../server/problem'
import { type CommandFacts, defineCommand, objectOid, type Plan } from './define-command'
import { indexRebuilt } from './done'
import { loadIndex, type RelationFacts } from './facts/load'
import { predictRebuild } from './predict'
import { REINDEX_CHECKS } from './preflight/checks'
import { BRIEF_WAIT, besideWrites, NO_TIMEOUTS, nameOf, spoken } from './sql'

const input = z.strictObject({
  /** indexrelid. */
  oid: objectOid,
  concurrently: z.boolean().default(true),
})

/** REINDEX INDEX; https://www.postgresql.org/docs/current/sql-reindex.html */
export const reindexIndex = defineCommand({
  name: 'reindex-index',
  about: 'Builds an index anew beside the old one and swaps them, or in its place with CONCURRENTLY off',
  input,
  measures: 'relation',
  weight: 'heavy',
  facts: (target, { oid }) => loadIndex(target, oid),
  plan: ({ concurrently }, facts) => ok(concurrently ? concurrent(facts) : plain(facts)),
  preflight: REINDEX_CHECKS,
  done: indexRebuilt,
})

function concurrent({ object, facts, known }: CommandFacts<RelationFacts>): Plan {
  const table = spoken(facts.table_schema, facts.table_name)
  const dropsCopy = facts.relkind !== 'I' // of a partitioned index several copies may be left, under other names
  return {
    title: `Rebuild ${object.relname}`,
    statements: [...NO_TIMEOUTS, `REINDEX INDEX CONCURRENTLY ${nameOf(object)}`],
    locks: [besideWrites(table)],
    effect: [
      'Builds a new copy beside the old one, swaps names, drops the old.',
      'Reads the table twice, and waits for transactions that are older than each step.',
      ...byPartition(facts),
    ],
    cancel: [
      `Cancel at any time. The old index stays valid. A cancelled build leaves an invalid copy (${object.relname}_ccnew), which has to be dropped.`,
      ...(dropsCopy ? ['If it is given up after too long a wait, the invalid copy that it made is dropped.'] : []),
    ].join(' '),
    dropsCopy,
    phrase: object.relname,
    alwaysTyped: false,
    undo: null,
    prediction: predictRebuild(facts, known),
  }
}

function plain({ object, facts, known }: CommandFacts<RelationFacts>): Plan {
  const table = spoken(facts.table_schema, facts.table_name)
  return {
    title: `Rebuild ${object.relname} in place`,
    statements: [...BRIEF_WAIT, `REINDEX INDEX ${nameOf(object)}`],
    locks: [
      {
        mode: 'AccessExclusiveLock',
        relation: object.relname,
        waits: `Every query on ${table} waits while it is planned, reads too: planning looks at each of the table's indexes.`,
      },
      { mode: 'ShareLock', relation: table, waits: 'INSERT, UPDATE and DELETE wait until it is done.' },
    ],
    effect: [
      'Builds the index anew in its place; the old file goes when the new one is complete.',
      'A try ends when the locks cannot be had within 2 s, so that nobody queues behind it for longer.',
      ...byPartition(facts),
    ],
    cancel: 'Cancel at any time. The old index stays as it was; nothing is left behind.',
    phrase: object.relname,
    alwaysTyped: true,
    undo: null,
    prediction: predictRebuild(facts, known),
  }
}

const byPartition = ({ relkind, partitions }: RelationFacts): string[] =>
  relkind === 'I' ? [`Partition by partition: ${partitions} ${partitions === 1 ? 'index' : 'indexes'}, one after another.`] : []
