import { globSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { CHECKS } from '../db/checks/registry'
import { COMMANDS } from '../db/commands/registry'
import { definition, serverText, statementText } from '../db/server/columns'
import { definedReads, type Read } from '../db/server/define-read'
import { runRead } from '../db/server/run-read'
import { SECRET } from '../db/server/secrets/corpus'
import { openSession } from '../db/server/session'
import { activitySample } from '../db/sessions/reads/activity-sample'
import { explainStatement } from '../db/statements/explain-statement'
import { databaseOnOwnServer } from './support/own-server'
import { sampleParameters } from './support/sample-parameters'
import { type SamplingBench, samplingBench } from './support/sampling'
import { plantSecrets, type SecretServer } from './support/secret-server'
import { planForTest } from './support/test-command'
import type { TestDatabase } from './support/test-database'

const ROOT = path.resolve(import.meta.dirname, '..')
const MODULES = globSync('db/{reads,checks,commands,worker,tuning}/**/*.ts', {
  cwd: ROOT,
  exclude: (file) => /\.test\.ts$|\/test-/.test(file),
})
/** Reads of definitions that are parsed or sent again, and never shown or kept as they are. */
const DEFINITIONS = new Set([
  'materialized-view',
  'called-functions',
  'explain-objects',
  'foreign-key-indexes',
  'index-nodes',
  'new-index-place',
  'partition-tree',
  'table-definition',
])

beforeAll(async () => {
  for (const file of MODULES) await import(path.join(ROOT, file))
})

describe('every read', () => {
  it('says of each column that may hold a text of people or programs which kind of text it is', () => {
    const SUSPECT =
      /^(query|definition|predicate|constraint_definition|gid|identity|detail|comment|setting|value|auto|error|message|conninfo|command|application_?name)$/i
    const unsaid = definedReads().flatMap((read) =>
      textsOf(read.row, [], false)
        .filter(
          ({ at, schema, told }) =>
            SUSPECT.test(at.at(-1) ?? '') && !told && ![statementText, serverText, definition].includes(schema as never),
        )
        .map(({ at }) => `${read.name}: ${at.join('.')}`),
    )
    // The name of a function, with the types of its arguments.
    expect(unsaid).toEqual(['explain-objects: identity'])
    const verbatim = definedReads().filter((read) => textsOf(read.row, [], false).some(({ schema }) => schema === (definition as unknown)))
    expect(new Set(verbatim.map(({ name }) => name))).toEqual(DEFINITIONS)
  })
})

interface Text {
  at: string[]
  schema: unknown
  /** The row as a whole is looked through. */
  told: boolean
}

interface Def {
  type: string
  checks?: unknown[]
  shape?: Record<string, Schema>
  element?: Schema
  innerType?: Schema
  valueType?: Schema
  options?: Schema[]
  in?: Schema
}
type Schema = z.ZodType & { def: Def }

function textsOf(given: unknown, at: string[], told: boolean): Text[] {
  const schema = given as Schema
  const { type, checks, shape, element, innerType, valueType, options, in: input } = schema.def
  if (type === 'string') return [{ at, schema, told }]
  const whole = told || (type === 'object' && (checks ?? []).length > 0)
  const inner = [element, innerType, valueType, input, ...(options ?? [])].filter((one) => one !== undefined)
  return [
    ...Object.entries(shape ?? {}).flatMap(([name, one]) => textsOf(one, [...at, name], whole)),
    ...inner.flatMap((one) => textsOf(one, at, whole)),
  ]
}

describe.each([14, 18] as const)('a server of PostgreSQL %i with a secret in every text', (major) => {
  let db: TestDatabase
  let server: SecretServer
  let bench: SamplingBench

  beforeAll(async () => {
    db = await databaseOnOwnServer(major)
    server = await plantSecrets(db)
    bench = await samplingBench(db)
  })
  afterAll(async () => {
    await server.end()
    await bench.drop()
    await db.drop()
  })

  const parametersOf = (read: Read): Record<string, unknown>[] =>
    sampleParameters(read, { ...server, schemaname: 'public', relname: 'orders', role: 'postgres' }).map((params) => ({
      ...params,
      ...('queryids' in params && { queryids: server.queryids }),
      ...('pid' in params && { pid: server.pid }),
      ...(Array.isArray(params.names) && { names: server.settings }),
      ...(read.name === 'explain-objects' && {
        names: JSON.stringify([{ kind: 'relation', schema: null, name: 'reached' }]),
        path: ['public'],
      }),
      ...(read.name === 'new-index-place' && { idxname: 'x' }),
    }))

  it('gives none of them away, whatever is read', async () => {
    const told = new Map<string, string>()
    for (const read of definedReads()) {
      if ((read.since ?? 14) > major) continue
      for (const params of parametersOf(read)) {
        const rows = await runRead(db.target, read, params)
        told.set(read.name, `${told.get(read.name) ?? ''}${JSON.stringify(rows)}`)
      }
    }
    const secret = [...told].filter(([, text]) => text.includes(SECRET)).map(([name]) => name)
    expect(secret.filter((name) => !DEFINITIONS.has(name))).toEqual([])
    // The places were looked at, and held one.
    const redacted = [...told].filter(([, text]) => text.includes('[redacted]')).map(([name]) => name)
    for (const name of [
      'sessions',
      'session-detail',
      'statements',
      'statement-texts',
      'settings',
      'settings-sample',
      'role-settings',
      'file-settings',
    ])
      expect(redacted).toContain(name)
    for (const name of ['horizon', 'command-backend']) expect(redacted).toContain(name)
  })

  it('gives none away in findings, plans and previews, and takes no index whose definition it may not keep', async () => {
    for (const check of CHECKS) expect(JSON.stringify(await check.look(db.target))).not.toContain(SECRET)
    await db.client.query('select pg_terminate_backend($1)', [server.pid])
    const explained = await explainStatement(db.target, { query: 'select * from reached', rolname: 'postgres', analyze: null })
    expect(explained.ok).toBe(true)
    expect(JSON.stringify(explained)).not.toContain(SECRET)
    const command = COMMANDS.get('drop-index')
    const planned = command && (await planForTest(db.target, command, { oid: server.index, concurrently: true }))
    expect(planned).toMatchObject({ ok: false, problem: { kind: 'conflict', message: expect.stringContaining('looks like a password') } })
  })

  it('gives none away in what it says itself', async () => {
    const said: string[] = []
    const session = await openSession(db.target, 'proctor run 1', (line) => said.push(line))
    if (!session.ok) throw new Error(session.problem.message)
    const failed = await session.value.execute(
      `do $$ begin raise notice 'with password=${SECRET}'; raise exception 'ALTER ROLE x PASSWORD ''${SECRET}''' using hint = 'postgres://u:${SECRET}@h'; end $$`,
    )
    await session.value.close()
    expect(failed).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining('[redacted]'), hint: 'postgres://u:[redacted]@h' },
    })
    expect(said).toEqual([expect.stringContaining('password=[redacted]')])
  })

  it('leaves none in the console', async () => {
    const busy = await db.connect()
    busy.query(`select pg_sleep(60), 'password=${SECRET}'`).catch(() => undefined)
    const sampler = await bench.open()
    for (let turns = 0; turns < 2; turns++) await bench.turn(sampler)
    const tables = await bench.rows<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and not c.relispartition`,
    )
    const kept = await Promise.all(
      tables.map(async ({ name }) => [name, JSON.stringify(await bench.rows(`select t::text as row from ${name} t`))] as const),
    )
    expect(kept.filter(([, rows]) => rows.includes(SECRET)).map(([name]) => name)).toEqual([])
    const redacted = kept.filter(([, rows]) => rows.includes('[redacted]')).map(([name]) => name)
    expect(redacted).toEqual(expect.arrayContaining(['statement_text', 'statement_example', 'setting_seen']))
  })
})

it('holds no secret of a session that holds back the horizon', () => {
  const holder = { kind: 'backend', identity: '7', since: null, age: 1, detail: { pid: 7, query: `alter role x password '${SECRET}'` } }
  const empty = { total: 0, active: 0, idle: 0, idle_in_transaction: 0, idle_aborted: 0, other: 0, waiting_for_lock: 0, max_connections: 1 }
  const prepared = { ...holder, kind: 'prepared transaction', identity: `postgres://u:${SECRET}@h` }
  const row = activitySample.row.parse({
    ...empty,
    oldest_transaction: null,
    oldest_xmin_age: null,
    waits: [],
    examples: [],
    holders: [holder, prepared],
  })
  expect(JSON.stringify(row)).not.toContain(SECRET)
  expect(row.holders[0]?.detail.pid).toBe(7)
})
