import { z } from 'zod'
import { failed, ok } from '../../server/problem'
import { countRebuilt } from '../checked'
import { type CommandFacts, defineCommand, objectOid } from '../define-command'
import { indexRebuilt } from '../done'
import { CONCURRENTLY } from '../face'
import { loadIndex } from '../facts/load'
import { leafPrivilege, type RebuildFacts, rebuildSteps, withLeaves } from '../partitions/rebuild'
import type { Plan } from '../plan'
import { predictRebuild } from '../predict'
import { REINDEX_CHECKS } from '../preflight/checks'
import { besideWrites, spoken } from '../sql'
import { BUILD_IN_PLACE, beside, briefly, REBUILD_BESIDE } from '../work'
import { reindexIndexRequest } from './request'

const input = z.strictObject({
  /** indexrelid. */
  oid: objectOid,
  concurrently: z.boolean().default(true),
})

/** REINDEX INDEX; https://www.postgresql.org/docs/current/sql-reindex.html */
export const reindexIndex = defineCommand({
  name: reindexIndexRequest.command,
  about: 'Builds a new copy of an index and swaps it for the old one, or rebuilds it in place with CONCURRENTLY off',
  input,
  face: { verb: 'Run rebuild', verbs: 'Run # rebuilds', options: [CONCURRENTLY] },
  measures: 'relation',
  weight: 'heavy',
  form: ['concurrently'],
  rebuilds: true,
  estimates: true,
  facts: async (target, { oid }) => {
    const found = await loadIndex(target, oid)
    return found.ok ? withLeaves(target, found.value) : found
  },
  plan: ({ concurrently }, facts) => {
    // reindex_index, "cannot reindex invalid index on TOAST table": rebuilt, it could not be dropped any more.
    if (facts.facts.table_schema === 'pg_toast' && facts.facts.indisvalid === false)
      return failed('conflict', `${facts.object.relname} is an invalid index of a TOAST table, which PostgreSQL does not rebuild: drop it`)
    const form = concurrently ? 'REINDEX INDEX CONCURRENTLY' : 'REINDEX INDEX'
    const steps = rebuildSteps('reindex-index', concurrently, (name) => `${form} ${name}`, facts)
    return steps.ok ? ok(concurrently ? concurrent(facts, steps.value) : plain(facts, steps.value)) : steps
  },
  preflight: [leafPrivilege, ...REINDEX_CHECKS],
  done: indexRebuilt,
  checked: countRebuilt,
})

type Steps = Pick<Plan, 'statements' | 'steps' | 'copyBytes'>

function concurrent({ object, facts, known }: CommandFacts<RebuildFacts>, steps: Steps): Plan {
  const table = spoken(facts.table_schema, facts.table_name)
  const dropsCopy = facts.relkind !== 'I' // the copy of a partition's index has another name
  return {
    title: `Rebuild ${object.relname}`,
    ...steps,
    ...beside(REBUILD_BESIDE, ...steps.statements),
    twoCopies: true,
    writesIndexes: 'beside',
    calls: 'indexes',
    locks: [besideWrites(facts.leaves ? `each partition of ${table}, one after another` : table)],
    effect: [
      'Builds a new copy next to the old one, swaps names, drops the old one.',
      'Reads the table twice, and waits for transactions that are older than each step.',
      ...byPartition(facts),
    ],
    cancel: [
      facts.leaves
        ? 'Cancel at any time. What was rebuilt by then stays rebuilt, the others stay as they are and valid. The build in progress leaves an invalid copy (…_ccnew), which has to be dropped.'
        : `Cancel at any time. The old index stays valid. A cancelled build leaves an invalid copy (${object.relname}_ccnew), which has to be dropped.`,
      ...(dropsCopy ? ['If the run gives up waiting, its invalid copy is dropped.'] : []),
    ].join(' '),
    dropsCopy,
    phrase: object.relname,
    alwaysTyped: false,
    undo: null,
    prediction: predictRebuild(facts, known),
  }
}

function plain({ object, facts, known }: CommandFacts<RebuildFacts>, steps: Steps): Plan {
  const table = spoken(facts.table_schema, facts.table_name)
  return {
    title: `Rebuild ${object.relname} in place`,
    ...steps,
    ...briefly(BUILD_IN_PLACE, ...steps.statements),
    writesIndexes: 'anew',
    calls: 'indexes',
    locks: [
      {
        mode: 'AccessExclusiveLock',
        relation: object.relname,
        waits: `Every query on ${table}, reads too, waits at planning, which opens all of the table's indexes.`,
      },
      { mode: 'ShareLock', relation: table, waits: 'INSERT, UPDATE and DELETE wait until it is done.' },
    ],
    effect: [
      'Rebuilds the index in place; the old file is removed when the new one is complete.',
      'Each attempt waits at most 2 s for the locks, so that no session queues behind it for longer.',
      ...byPartition(facts),
    ],
    cancel: facts.leaves
      ? 'Cancel at any time. What was rebuilt by then stays rebuilt, the others stay as they were; nothing is left behind.'
      : 'Cancel at any time. The old index stays as it was; nothing is left behind.',
    phrase: object.relname,
    alwaysTyped: true,
    undo: null,
    prediction: predictRebuild(facts, known),
  }
}

const byPartition = ({ leaves }: RebuildFacts): string[] =>
  leaves
    ? [
        `Partition by partition: ${leaves.length} ${leaves.length === 1 ? 'index' : 'indexes'}, one after another, each with its own preflight.`,
      ]
    : []
