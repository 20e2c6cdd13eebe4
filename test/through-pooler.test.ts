import { globSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHECKS } from '../db/checks/registry'
import { helperStatements } from '../db/indexes/reads/statistics-helper-sql'
import { privilegeDoctor } from '../db/privileges/privilege-doctor'
import { cancelRun } from '../db/runs/cancel'
import { planCommand } from '../db/runs/planner'
import { definedReads } from '../db/server/define-read'
import { forgetFacts } from '../db/server/facts'
import { closePools } from '../db/server/pool'
import type { Problem } from '../db/server/problem'
import { forgetReads, runRead } from '../db/server/run-read'
import { testConnection } from '../db/server/test-connection'
import { tuneServer } from '../db/settings/tune-server'
import { explainStatement } from '../db/statements/explain-statement'
import { DBA } from './support/confirm-run'
import { type Pgbouncer, startPgbouncer } from './support/pgbouncer'
import { benchForTests } from './support/run-bench'
import { sampleParameters } from './support/sample-parameters'

const ROOT = path.resolve(import.meta.dirname, '..')
/** Where a read may stand that only its own room knows. */
const MODULES = globSync('db/{reads,checks,commands,worker,tuning}/**/*.ts', {
  cwd: ROOT,
  exclude: (file) => /\.test\.ts$|\/test-/.test(file),
})

/** All that a session may be left with: settings, prepared statements, channels, locks, temporary objects. */
const LEFT = `
select name, setting from pg_settings where name <> 'application_name'
union all select 'prepared statement', name from pg_prepared_statements
union all select 'channel', pg_listening_channels()
union all select 'advisory lock', objid::text from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
union all select 'temporary schema', pg_my_temp_schema()::text
union all select 'role', current_user || session_user
order by 1, 2`
/** In session mode each connection that looks holds a session, too. */
const POOL_SIZE = { transaction: 3, session: 10 }

describe.each([14, 18] as const)('through PgBouncer in front of PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const poolers: Pgbouncer[] = []
  const through = async (mode: 'transaction' | 'session') => {
    const pooler = await startPgbouncer(bench.db.target, { mode, poolSize: POOL_SIZE[mode] })
    poolers.push(pooler)
    return pooler.target
  }
  /** From now on the console reaches the server here. */
  const reachBy = ({ port }: { port: number }) => {
    const url = new URL(bench.db.url)
    url.port = String(port)
    process.env.DATABASE_URL = url.href
    return url.href
  }
  beforeAll(async () => {
    for (const file of MODULES) await import(path.join(ROOT, file))
    await bench.db.client.query(
      'create extension pg_stat_statements; create extension pgstattuple; create extension pageinspect; create extension pg_buffercache',
    )
    for (const statement of helperStatements) await bench.db.client.query(statement)
    await bench.bloated('pooled')
  })
  afterAll(async () => {
    for (const { target, stop } of poolers) {
      await closePools(target.serverId)
      await stop()
    }
  })

  it('everything that looks works in transaction mode, and leaves nothing in the pool', async () => {
    const target = await through('transaction')
    const url = reachBy(target)
    const fresh = await left([bench.db.url])
    expect(await left([url, url, url])).toEqual(fresh)
    const failed: string[] = []
    const note = (what: string, result: { ok: boolean; problem?: Problem }) => {
      if (!result.ok) failed.push(`${what}: ${result.problem?.message}`)
    }
    forgetFacts()
    forgetReads()
    const index = await bench.oidOf('pooled_id')
    const table = await bench.oidOf('pooled')
    const known = { table, index, schemaname: 'public', relname: 'pooled', role: 'postgres' }
    for (let turn = 0; turn < 2; turn++) {
      for (const read of definedReads().filter(({ since = 14 }) => since <= major))
        for (const params of sampleParameters(read, known)) note(read.name, await runRead(target, read, params))
      for (const check of CHECKS) note(check.name, await check.look(target))
      note('doctor', await privilegeDoctor(target, ['work_mem']))
      note('tuning', await tuneServer(target, { profile: { ram: 8e9, cpus: 4 } }))
      note('connection test', await testConnection(target))
      for (const analyze of [null, { values: ['1'], timeoutMs: 5_000, confirmed: [] }])
        note(
          'explain',
          await explainStatement(target, { query: 'select * from public.pooled where id = $1', rolname: 'postgres', analyze }),
        )
    }
    expect(failed).toEqual([])
    await closePools(target.serverId)
    expect(await left(Array.from({ length: POOL_SIZE.transaction }, () => url))).toEqual(fresh)
  })

  it('a run is refused in transaction mode: in the preview, at the gate, and by the worker', async () => {
    const oid = await bench.oidOf('pooled')
    reachBy(bench.db.target)
    const waiting = await bench.confirmed('analyze-table', { oid })
    const target = await through('transaction')
    reachBy(target)
    forgetFacts()
    const planned = await planCommand(target, 'analyze-table', { oid })
    expect(planned.ok && planned.value.preflight.find(({ name }) => name === 'pooler')).toMatchObject({
      status: 'stop',
      detail: expect.stringContaining("the server's own address"),
    })
    expect(await bench.confirm([['analyze-table', { oid }]])).toMatchObject({
      ok: false,
      problem: { kind: 'conflict', message: expect.stringContaining('A pooler is between') },
    })
    await bench.startWorker()
    expect(await bench.over(waiting.id)).toMatchObject({ state: 'failed', problem: { kind: 'conflict' } })
  })

  it('a run works in session mode, and is cancelled there', async () => {
    const target = await through('session')
    reachBy(target)
    forgetFacts()
    await bench.startWorker()
    const oid = await bench.oidOf('pooled_id')
    const done = await bench.confirmed('reindex-index', { oid })
    expect(done.preflight).toContainEqual(expect.objectContaining({ name: 'pooler', status: 'pass' }))
    expect(await bench.over(done.id)).toMatchObject({ state: 'succeeded' })
    const holder = await bench.hold('insert into pooled values (0)')
    const held = await bench.confirmed('create-index', { definition: 'create index pooled_note on public.pooled (note)' })
    await bench.until(held.id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    expect(await cancelRun(held.id, DBA)).toMatchObject({ ok: true })
    expect(await bench.over(held.id)).toMatchObject({ state: 'cancelled' })
    await holder.end()
  })
})

/** What is left in the sessions that these addresses lead to, all of them held at the same time; as many as differ. */
async function left(urls: string[]): Promise<unknown[]> {
  const clients = urls.map((connectionString) => new Client({ connectionString }))
  const found: string[] = []
  for (const client of clients) {
    await client.connect()
    await client.query('begin')
    found.push(JSON.stringify((await client.query(LEFT)).rows))
  }
  for (const client of clients) await client.query('commit').then(() => client.end())
  return [...new Set(found)].map((one) => JSON.parse(one) as unknown)
}
