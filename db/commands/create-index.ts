import { z } from 'zod'
import { qualified } from '../server/identifiers'
import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { type Before, type CommandFacts, type Done, defineCommand, type Plan } from './define-command'
import { readDefinition } from './facts/index-definition'
import { loadNewIndex, type NewIndexFacts } from './facts/new-index'
import { indexByName } from './facts/state'
import { withSchemas } from './facts/with-schemas'
import { NEW_INDEX_CHECKS } from './preflight/new-index'
import { BRIEF_WAIT, besideWrites, NO_TIMEOUTS, spoken } from './sql'

/** Room for long predicates; far below what a statement may have. */
const DEFINITION_CHARACTERS = 10_000

/** CREATE INDEX, as somebody typed or a proposal wrote it; https://www.postgresql.org/docs/current/sql-createindex.html */
export const createIndex = defineCommand({
  name: 'create-index',
  about: 'Builds the index of one CREATE INDEX statement, beside running writes',
  input: z.strictObject({
    /** One CREATE INDEX, with a name, on a table with its schema. CONCURRENTLY in it is neither needed nor obeyed. */
    definition: z.string().min(1).max(DEFINITION_CHARACTERS),
    concurrently: z.boolean().default(true),
  }),
  measures: 'indexes',
  weight: 'heavy',
  facts: async (target, { definition, concurrently }) => {
    const wanted = await readDefinition(definition, concurrently)
    if (!wanted.ok) return wanted
    const found = await loadNewIndex(target, wanted.value)
    if (!found.ok) return found
    const written = await withSchemas(target, found.value.facts.relid, wanted.value)
    return written.ok ? ok({ ...found.value, facts: { ...found.value.facts, wanted: written.value } }) : written
  },
  plan: ({ concurrently }, facts) => planCreate(concurrently, facts),
  preflight: NEW_INDEX_CHECKS,
  done: indexBuilt,
})

function planCreate(concurrently: boolean, { object, facts }: CommandFacts<NewIndexFacts>): Result<Plan> {
  const { wanted } = facts
  const partitioned = facts.relkind === 'p'
  if (concurrently && partitioned)
    return failed(
      'conflict',
      `${wanted.relname} is partitioned: PostgreSQL builds its index without CONCURRENTLY only. Choose the plain form.`,
    )
  const table = spoken(facts.table_schema, facts.table_name)
  const name = qualified(object.schemaname, object.relname)
  return ok({
    title: `Create ${object.relname} on ${facts.table_name}`,
    statements: [...(concurrently ? NO_TIMEOUTS : BRIEF_WAIT), wanted.statement],
    locks: [
      concurrently
        ? besideWrites(table)
        : { mode: 'ShareLock', relation: table, waits: 'INSERT, UPDATE and DELETE wait until it is done. SELECT goes on.' },
    ],
    effect: [
      concurrently ? 'Reads the table twice, and waits for transactions that are older than each step.' : 'Reads the table once.',
      'Every write to the table keeps it up to date from then on.',
      ...(partitioned ? [`Builds one on each of ${facts.partitions} partitions.`] : []),
      ...(concurrently ? [] : ['A try ends when the lock cannot be had within 2 s, so that nobody queues behind it for longer.']),
    ],
    cancel: concurrently
      ? `Cancel at any time. A cancelled build leaves an invalid ${object.relname}, which has to be dropped. If it is given up after too long a wait, that is dropped.`
      : 'Cancel at any time. Nothing is left behind.',
    ...(concurrently ? { halfway: object.relname, dropsCopy: true } : {}),
    phrase: object.relname,
    alwaysTyped: !concurrently,
    undo: partitioned ? `DROP INDEX ${name}` : `DROP INDEX CONCURRENTLY ${name}`,
    undoWith: dropAgain(object, partitioned),
    prediction: null,
  })
}

/** What was made is dropped by name, as it has no OID yet; who takes it back knows which foreign key it served. */
export const dropAgain = ({ schemaname, relname }: { schemaname: string; relname: string }, partitioned: boolean) => ({
  command: 'drop-index',
  input: { name: { schemaname, relname }, concurrently: !partitioned, knowing: true },
})

/** An index was built when its name leads to a valid one; an invalid one is half of the work. */
export async function indexBuilt(target: Target, { object }: Before): Promise<Result<Done>> {
  const named = await runRead(target, indexByName, { schemaname: object.schemaname, relname: object.relname })
  if (!named.ok) return named
  const [index] = named.value
  if (!index || index.relid !== object.relid) return ok('no')
  return ok(index.indisvalid ? 'yes' : 'partly')
}
