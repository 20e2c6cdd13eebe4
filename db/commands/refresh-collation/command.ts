import { z } from 'zod'
import { formatFirst } from '../../domain/format'
import { isRebuiltConcurrently } from '../../indexes/index-statements'
import { identifier } from '../../server/identifiers'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { type CommandFacts, defineCommand, type Found, objectOid } from '../define-command'
import { loadIndex } from '../facts/load'
import type { Plan } from '../plan'
import { reindexIndex } from '../reindex-index/command'
import { reindexIndexRequest } from '../reindex-index/request'
import { besideWrites, spoken } from '../sql'
import { BUILD_IN_PLACE, inSteps, REBUILD_BESIDE, RUN, type SentStep } from '../work'
import { collationsToRefresh, type Outdated } from './facts'
import { PREFLIGHT, type RefreshFacts } from './preflight'
import { formatRefreshed, refreshed } from './receipt'
import { refreshCollationRequest } from './request'

const input = z.strictObject({
  /** Of pg_collation. */
  oids: z.array(objectOid).max(1000).default([]),
  /** The database's own too. */
  database: z.boolean().default(false),
})

/**
 * Rebuilds what rests on collations whose library sorts otherwise than it did, then writes the version down that it has now;
 * https://www.postgresql.org/docs/current/sql-altercollation.html, Notes.
 */
export const refreshCollation = defineCommand({
  name: refreshCollationRequest.command,
  about: 'Rebuilds the indexes that use a collation whose version differs from that of the library, then refreshes its version',
  input,
  face: { verb: 'Rebuild and refresh', does: { did: 'the version is refreshed' } },
  measures: 'nothing',
  weight: 'heavy',
  estimates: true,
  facts: load,
  plan: (_input, context) => plan(context),
  preflight: PREFLIGHT,
  done: refreshed,
  look: async (target, before) => ({ checkedAfter: await formatRefreshed(target, before) }),
})

async function load(target: Target, { oids, database }: z.output<typeof input>): Promise<Result<Found<RefreshFacts>>> {
  const rows = await runRead(target, collationsToRefresh, {})
  if (!rows.ok) return rows
  const collations = rows.value.filter((row) => (row.is_default ? database : oids.includes(row.oid)))
  if (collations.length < new Set(oids).size + (database ? 1 : 0) || collations.length === 0)
    return failed('conflict', 'A collation has the version of the library by now, or is gone', {
      hint: 'Reload the page and plan again.',
    })
  const rebuilds: RefreshFacts['rebuilds'] = []
  for (const index of indexesOf(collations)) {
    const found = await loadIndex(target, index.indexrelid)
    if (!found.ok) return found
    const { schemaname, indisexclusion: exclusion } = index
    rebuilds.push({ ...index, ...found.value, concurrently: isRebuiltConcurrently({ schemaname, exclusion }) })
  }
  const indexes = rebuilds.flatMap((one) => one.indexes ?? [])
  return ok({ object: objectOf(collations), facts: { collations, rebuilds }, indexes })
}

/** Each once, though it may rest on several, by name. */
function indexesOf(collations: Outdated[]): Outdated['indexes'] {
  const all = new Map(collations.flatMap(({ indexes }) => indexes.map((index) => [index.indexrelid, index])))
  const key = ({ schemaname, relname }: Outdated['indexes'][number]) => JSON.stringify([schemaname, relname])
  return [...all.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** One collation, or the database with its own and any others. */
function objectOf(collations: Outdated[]): Found<RefreshFacts>['object'] {
  const [{ oid, nspname, collname, datid, datname, is_default: isDefault }] = collations as [Outdated]
  const definition = collations.map(({ name, stored }) => `${name} ${stored}`).join(', ')
  return collations.length > 1 || isDefault
    ? { oid: datid, schemaname: datname, relname: datname, relfilenode: 0, relid: datid, definition }
    : { oid, schemaname: nspname, relname: collname, relfilenode: 0, relid: oid, definition }
}

function plan({ server, known, object, facts: { collations, rebuilds } }: CommandFacts<RefreshFacts>): Result<Plan> {
  const statements: SentStep[] = []
  for (const { object, facts, concurrently } of rebuilds) {
    const rebuild = reindexIndex.plan({ oid: object.oid, concurrently }, { server, known, object, facts })
    if (!rebuild.ok) return rebuild
    statements.push({ sql: rebuild.value.statements[rebuild.value.main] ?? '', concurrent: concurrently })
  }
  const phases = rebuilds.length === 0 ? RUN : statements.some(({ concurrent }) => concurrent) ? REBUILD_BESIDE : BUILD_IN_PLACE
  const inPlace = rebuilds.filter(({ concurrently }) => !concurrently)
  const count = `${rebuilds.length} ${rebuilds.length === 1 ? 'index' : 'indexes'}`
  const what = collations.length === 1 ? saidOf(collations[0] as Outdated) : `${collations.length} collations`
  return ok({
    title: rebuilds.length === 0 ? `Refresh ${what}` : `Rebuild ${count}, then refresh ${what}`,
    ...inSteps(phases, [...statements, ...collations.map((row) => ({ sql: refreshSql(row) }))]),
    steps: [
      ...rebuilds.map(({ object: { oid, relname }, concurrently }) => ({
        name: relname,
        oid,
        again: { command: reindexIndexRequest.command, input: { oid, concurrently } },
        required: true,
      })),
      ...collations.map((row) => ({ name: saidOf(row) })),
    ],
    ...(rebuilds.length > 0 ? { writesIndexes: 'beside' as const } : {}),
    locks: [
      ...inPlace.flatMap(({ object, facts: { table_schema: schema, table_name: name } }): Plan['locks'] => [
        {
          mode: 'AccessExclusiveLock',
          relation: object.relname,
          waits: `Every query on ${spoken(schema, name)} waits at planning, reads too: PostgreSQL does not rebuild this index CONCURRENTLY.`,
        },
        { mode: 'ShareLock', relation: spoken(schema, name), waits: 'INSERT, UPDATE and DELETE wait until that index is done.' },
      ]),
      ...(inPlace.length < rebuilds.length ? [besideWrites('the table of each index, one after another')] : []),
    ],
    effect: [
      ...(rebuilds.length === 0
        ? ['No index uses it: there is nothing to rebuild.']
        : [
            `Rebuilds ${count}, one after another, each with its own preflight.`,
            'The version is refreshed only after all of them: if a rebuild fails or is left out, the run ends before that.',
          ]),
      ...(inPlace.length > 0
        ? [`In place, as PostgreSQL does not rebuild them CONCURRENTLY: ${formatFirst(inPlace.map(({ object }) => object.relname))}.`]
        : []),
      `Records the library's version: ${formatFirst(collations.map((row) => `${saidOf(row)} from ${row.stored} to ${row.actual}`))}.`,
    ],
    cancel:
      rebuilds.length === 0
        ? 'This takes a moment: there is nothing to cancel.'
        : 'Cancel at any time. What was rebuilt by then stays rebuilt, the version stays as it was. A rebuild in progress leaves an invalid copy (…_ccnew), which has to be dropped.',
    phrase: object.relname,
    alwaysTyped: inPlace.length > 0,
    undo: null,
    prediction: null,
  })
}

const saidOf = ({ name, datname, is_default: isDefault }: Outdated): string => (isDefault ? `${identifier(datname)}'s default` : name)

const refreshSql = ({ name, datname, is_default: isDefault }: Outdated): string =>
  isDefault ? `ALTER DATABASE ${identifier(datname)} REFRESH COLLATION VERSION` : `ALTER COLLATION ${name} REFRESH VERSION`
