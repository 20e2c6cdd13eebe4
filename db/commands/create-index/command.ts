import { z } from 'zod'
import { qualified } from '../../server/identifiers'
import { ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { formatBuilt } from '../checked'
import { type Before, type CommandFacts, type Done, defineCommand } from '../define-command'
import { dropAgain } from '../drop-index/request'
import { CONCURRENTLY } from '../face'
import { readDefinition } from '../facts/index-definition'
import { loadNewIndex, type NewIndexFacts } from '../facts/new-index'
import { indexByName } from '../facts/state'
import { planSteps } from '../partitions/plan'
import { loadSteps } from '../partitions/steps'
import type { Plan } from '../plan'
import { NEW_INDEX_CHECKS } from '../preflight/new-index'
import { besideWrites, spoken } from '../sql'
import { BUILD_BESIDE, BUILD_IN_PLACE, beside, briefly } from '../work'
import { createIndexRequest } from './request'
import { withSchemas } from './with-schemas'

/** Room for long predicates; far below what a statement may have. */
const DEFINITION_CHARACTERS = 10_000

/** CREATE INDEX, as somebody typed or a proposal wrote it; https://www.postgresql.org/docs/current/sql-createindex.html */
export const createIndex = defineCommand({
  name: createIndexRequest.command,
  about: 'Builds an index from one CREATE INDEX statement, while writes continue',
  input: z.strictObject({
    /** One CREATE INDEX, with a name, on a table with its schema. CONCURRENTLY in it is neither needed nor obeyed. */
    definition: z.string().min(1).max(DEFINITION_CHARACTERS),
    concurrently: z.boolean().default(true),
  }),
  face: { verb: 'Create index', options: [CONCURRENTLY], does: { builds: true } },
  measures: 'indexes',
  weight: 'heavy',
  form: ['concurrently'],
  facts: async (target, { definition, concurrently }) => {
    const wanted = await readDefinition(definition, concurrently)
    if (!wanted.ok) return wanted
    const found = await loadNewIndex(target, wanted.value)
    if (!found.ok) return found
    const written = await withSchemas(target, found.value.facts.relid, wanted.value)
    if (!written.ok) return written
    const facts: NewIndexFacts = { ...found.value.facts, wanted: written.value }
    if (facts.relkind !== 'p' || !concurrently) return ok({ ...found.value, facts })
    const steps = await loadSteps(target, facts.relid, written.value)
    return steps.ok ? ok({ ...found.value, facts: { ...facts, steps: steps.value } }) : steps
  },
  plan: ({ concurrently }, facts) => planCreate(concurrently, facts),
  preflight: NEW_INDEX_CHECKS,
  done: indexBuilt,
  checked: formatPartitions,
})

function planCreate(concurrently: boolean, { object, facts }: CommandFacts<NewIndexFacts>): Result<Plan> {
  const { wanted } = facts
  const partitioned = facts.relkind === 'p'
  if (facts.steps) return ok(planSteps(facts.steps, object, facts))
  const table = spoken(facts.table_schema, facts.table_name)
  const name = qualified(object.schemaname, object.relname)
  return ok({
    title: `Create ${object.relname} on ${facts.table_name}`,
    ...(concurrently ? beside(BUILD_BESIDE, wanted.statement) : briefly(BUILD_IN_PLACE, wanted.statement)),
    locks: [
      concurrently
        ? besideWrites(table)
        : { mode: 'ShareLock', relation: table, waits: 'INSERT, UPDATE and DELETE wait until it is done. SELECT goes on.' },
    ],
    effect: [
      concurrently ? 'Reads the table twice, and waits for transactions that are older than each step.' : 'Reads the table once.',
      'Every write to the table maintains it from then on.',
      ...(partitioned ? [`Builds one on each of ${facts.partitions} partitions.`] : []),
      ...(concurrently ? [] : ['Each attempt waits at most 2 s for the lock, so that no session queues behind it for longer.']),
    ],
    cancel: concurrently
      ? `Cancel at any time. A cancelled build leaves an invalid ${object.relname}, which has to be dropped. If the run gives up waiting, that index is dropped.`
      : 'Cancel at any time. Nothing is left behind.',
    ...(concurrently ? { halfway: object.relname, dropsCopy: true } : {}),
    writesIndexes: 'anew',
    phrase: object.relname,
    alwaysTyped: !concurrently,
    undo: partitioned ? `DROP INDEX ${name}` : `DROP INDEX CONCURRENTLY ${name}`,
    undoWith: dropAgain(object, partitioned),
    prediction: null,
  })
}

/** An index was built when its name leads to a valid one; an invalid one is half of the work. */
export async function indexBuilt(target: Target, { object }: Before): Promise<Result<Done>> {
  const named = await runRead(target, indexByName, { schemaname: object.schemaname, relname: object.relname })
  if (!named.ok) return named
  const [index] = named.value
  if (!index || index.relid !== object.relid) return ok('no')
  return ok(index.indisvalid ? 'yes' : 'partly')
}

/** Whether it is valid; of a partitioned table also how many partitions have it. */
async function formatPartitions(target: Target, before: Before): Promise<Result<string>> {
  const state = await formatBuilt(indexBuilt)(target, before)
  const { definition, concurrently } = before.input ?? {}
  if (!state.ok || typeof definition !== 'string' || concurrently === false) return state
  const wanted = await readDefinition(definition, true)
  const written = wanted.ok ? await withSchemas(target, before.object.relid, wanted.value) : wanted
  const steps = written.ok ? await loadSteps(target, before.object.relid, written.value) : written
  if (!steps.ok || steps.value.leaves === 0) return state
  const { have, leaves } = steps.value
  const rest = have < leaves || state.value !== 'valid' ? '. The same definition, planned again, goes on from there' : ''
  return ok(`${state.value}; ${have} of ${leaves} partitions have it${rest}`)
}
