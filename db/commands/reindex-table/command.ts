import { z } from 'zod'
import { formatFirst } from '../../domain/format'
import { failed, ok } from '../../server/problem'
import { countRebuilt } from '../checked'
import { type CommandFacts, defineCommand, line, objectOid, type PreflightCheck } from '../define-command'
import { indexesRebuilt, whyLeftOut } from '../done'
import { CONCURRENTLY } from '../face'
import { loadTable, type RelationFacts } from '../facts/load'
import { leafPrivilege, type RebuildFacts, rebuildSteps, withLeaves } from '../partitions/rebuild'
import type { Plan } from '../plan'
import { predictRebuild } from '../predict'
import { REINDEX_CHECKS } from '../preflight/checks'
import { besideWrites, spoken } from '../sql'
import { BUILD_IN_PLACE, beside, briefly, REBUILD_BESIDE } from '../work'
import { reindexTableRequest } from './request'

const input = z.strictObject({
  /** The table's OID. */
  oid: objectOid,
  concurrently: z.boolean().default(true),
})

/** What CONCURRENTLY leaves as it is; where that is all of them, only the index of the TOAST table is left to rebuild. */
const leftOut: PreflightCheck<RelationFacts> = async (_target, { facts: { indexes } }, plan) => {
  const out = plan.form === 'concurrently' ? indexes.filter(isLeftOut) : []
  if (out.length === 0) return ok(null)
  const what = `${reasonsOf(out).join('. ')}.`
  return out.length < indexes.length
    ? line('left-out', 'pass', `${out.length} of ${indexes.length} indexes stay as they are`, what)
    : line('left-out', 'warn', 'None of its indexes would be rebuilt', `${what} The plain form rebuilds them, and stops writes meanwhile.`)
}

/** REINDEX TABLE; https://www.postgresql.org/docs/current/sql-reindex.html */
export const reindexTable = defineCommand({
  name: reindexTableRequest.command,
  about: 'Builds new copies of all indexes of a table and swaps them, or rebuilds them in place with CONCURRENTLY off',
  input,
  face: { verb: 'Run rebuild', verbs: 'Run # rebuilds', options: [CONCURRENTLY] },
  measures: 'indexes',
  weight: 'heavy',
  form: ['concurrently'],
  estimates: true,
  facts: async (target, { oid }) => {
    const found = await loadTable(target, oid, 'indexes')
    if (!found.ok) return found
    const { indexes, toast_indexes: ofToast } = found.value.facts
    return withLeaves(target, { ...found.value, indexes: indexes.length > 0 ? indexes : ofToast })
  },
  plan: ({ concurrently }, facts) => {
    const { indexes, toast_indexes: ofToast } = facts.facts
    if (indexes.length + ofToast.length === 0) return failed('conflict', `${facts.object.relname} has no indexes`)
    const form = concurrently ? 'REINDEX TABLE CONCURRENTLY' : 'REINDEX TABLE'
    const steps = rebuildSteps('reindex-table', concurrently, (name) => `${form} ${name}`, facts)
    return steps.ok ? ok(concurrently ? concurrent(facts, steps.value) : plain(facts, steps.value)) : steps
  },
  preflight: [leftOut, leafPrivilege, ...REINDEX_CHECKS],
  done: indexesRebuilt,
  checked: countRebuilt,
})

type Steps = Pick<Plan, 'statements' | 'steps' | 'copyBytes'>

function concurrent({ object, facts, known }: CommandFacts<RebuildFacts>, steps: Steps): Plan {
  const table = spoken(object.schemaname, object.relname)
  const skipped = facts.indexes.filter(isLeftOut)
  const [count, all] = [facts.indexes.length - skipped.length, facts.indexes.length]
  const some = count === all ? formatIndexes(facts) : `${count === 0 ? 'none' : count} of ${all} ${all === 1 ? 'index' : 'indexes'}`
  return {
    title: `Rebuild ${some} of ${object.relname}`,
    ...steps,
    ...beside(REBUILD_BESIDE, ...steps.statements),
    twoCopies: true,
    writesIndexes: 'beside',
    calls: 'indexes',
    locks: [besideWrites(facts.leaves ? `each partition of ${table}, one after another` : table)],
    effect: [
      ...(count === 0
        ? []
        : [`Builds new copies of ${some} next to the old ones, swaps names, drops the old ones. All copies exist at the same time.`]),
      all === 0
        ? 'Only its TOAST data has an index, which is rebuilt.'
        : `The indexes of its TOAST ${facts.leaves ? 'tables' : 'table'} are rebuilt too.`,
      ...byPartition(facts),
      ...reasonsOf(skipped).map((reason) => `${reason}.`),
    ],
    cancel: `Cancel at any time. ${facts.leaves ? STAYS : ''}The old indexes stay valid. A cancelled build leaves invalid copies (…_ccnew), which have to be dropped.`,
    phrase: object.relname,
    alwaysTyped: false,
    undo: null,
    prediction: predictRebuild(facts, known, isLeftOut),
  }
}

type Index = RelationFacts['indexes'][number]

const isLeftOut = (index: Index): boolean => whyLeftOut(index) !== null

/** Which indexes stay as they are, one reason each. */
function reasonsOf(skipped: Index[]): string[] {
  return [...new Set(skipped.map(whyLeftOut))].map((why) => {
    const names = skipped.filter((index) => whyLeftOut(index) === why).map(({ relname }) => relname)
    return `${formatFirst(names)} ${names.length === 1 ? 'is' : 'are'} skipped: ${why}`
  })
}

function plain({ object, facts, known }: CommandFacts<RebuildFacts>, steps: Steps): Plan {
  return {
    title: `Rebuild ${formatIndexes(facts)} of ${object.relname} in place`,
    ...steps,
    ...briefly(BUILD_IN_PLACE, ...steps.statements),
    writesIndexes: 'anew',
    calls: 'indexes',
    locks: [
      {
        mode: 'AccessExclusiveLock',
        relation: `each index of ${spoken(object.schemaname, object.relname)}`,
        waits: 'Every query on the table, reads too, waits at planning.',
      },
      {
        mode: 'ShareLock',
        relation: spoken(object.schemaname, object.relname),
        waits: 'INSERT, UPDATE and DELETE wait until it is done.',
      },
    ],
    effect: [
      facts.indexes.length === 0
        ? 'Rebuilds the index of its TOAST data in place; it has no other.'
        : `Rebuilds ${formatIndexes(facts)} in place, one after another, and those of its TOAST table.`,
      ...byPartition(facts),
      'Each attempt waits at most 2 s for the locks, so that no session queues behind it for longer.',
    ],
    cancel: `Cancel at any time. ${facts.leaves ? STAYS : ''}The old indexes stay as they were; nothing is left behind.`,
    phrase: object.relname,
    alwaysTyped: true,
    undo: null,
    prediction: predictRebuild(facts, known),
  }
}

const formatIndexes = ({ indexes }: RelationFacts): string =>
  indexes.length === 0 ? 'the TOAST index' : indexes.length === 1 ? 'the index' : `all ${indexes.length} indexes`

const STAYS = 'Partitions that were done by then stay rebuilt. '

const byPartition = ({ leaves }: RebuildFacts): string[] =>
  leaves ? [`Partition by partition: ${leaves.length}, one after another, each with its own preflight.`] : []
