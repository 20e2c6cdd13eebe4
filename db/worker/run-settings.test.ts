import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { cancelRun } from '../runs/cancel'
import { planCommand } from '../runs/planner'
import { runSession } from '../runs/run-sample'
import { forgetReads, runRead } from '../server/run-read'
import { RUN_SETTINGS } from '../server/run-settings'
import { openSession } from '../server/session'

/** Each ends a run, or makes another of it than was shown. */
const HOSTILE = {
  statement_timeout: '150ms',
  lock_timeout: '150ms',
  transaction_timeout: '150ms',
  idle_session_timeout: '1s',
  idle_in_transaction_session_timeout: '150ms',
  client_connection_check_interval: '100ms',
  default_transaction_read_only: 'on',
  default_transaction_isolation: 'serializable',
  default_tablespace: 'elsewhere',
}

describe.each([14, 17, 18] as const)('a run under settings of its role or database, on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const hostile = Object.entries(HOSTILE).filter(
    // In-place tablespaces came with 15.
    ([name]) => (major >= 17 || name !== 'transaction_timeout') && (major >= 15 || name !== 'default_tablespace'),
  )
  const sql = (text: string) => bench.db.client.query(text)
  const roleOf = (login: string) => `${login}_${bench.db.target.database}`

  /** From now on the console connects as this role. */
  const connectAs = (login: string) => {
    const url = new URL(bench.db.url)
    Object.assign(url, { username: roleOf(login), password: 'run' })
    process.env.DATABASE_URL = url.href
    return { ...bench.db.target, user: roleOf(login), password: 'run' }
  }

  beforeAll(async () => {
    await sql(`create role ${roleOf('superuser')} superuser login password 'run'`)
    await sql(`create role ${roleOf('owner')} login password 'run'`)
    await sql(`create schema app; grant all on schema app to public`)
    await sql(
      `create function app.slow(n int) returns int language plpgsql immutable as $$ begin perform pg_sleep(0.002); return n; end $$`,
    )
    if (major >= 15) {
      await sql('set allow_in_place_tablespaces = on')
      await sql(`create tablespace elsewhere location ''`)
      await sql('grant create on tablespace elsewhere to public')
    }
    for (const login of ['superuser', 'owner']) {
      await sql(`create table app.of_${login} (id int); insert into app.of_${login} select generate_series(1, 200)`)
      await sql(`alter table app.of_${login} owner to ${roleOf(login)}`)
    }
  })
  afterAll(async () => {
    await sql(`drop schema app cascade; drop owned by ${roleOf('owner')}; drop role ${roleOf('owner')}, ${roleOf('superuser')}`)
    if (major >= 15) await sql('drop tablespace elsewhere')
  })

  it('knows no setting that any of these names without setting it for the run', () => {
    expect(RUN_SETTINGS.map(({ name }) => name).sort()).toEqual(Object.keys(HOSTILE).sort())
  })

  describe.each(['superuser', 'owner'])('as %s', (login) => {
    it.each(['role', 'database'])('builds what takes longer than its %s allows, where it was shown', async (place) => {
      const at = place === 'role' ? `role ${roleOf(login)}` : `database ${bench.db.target.database}`
      for (const [name, value] of hostile) await sql(`alter ${at} set ${name} = '${value}'`)
      const definition = `create index ${login}_${place} on app.of_${login} (app.slow(id))`
      const target = connectAs(login)
      const plan = () => planCommand({ ...target, serverId: `${login}-${place}-${major}` }, 'create-index', { definition })
      let planned = await plan()
      // On a busy machine 150 ms may be over before a transaction has said that it wants more.
      while (!planned.ok && planned.problem.kind === 'timeout') planned = await plan()
      if (!planned.ok) throw new Error(planned.problem.message)
      const line = planned.value.preflight.find(({ name }) => name === 'session-settings')
      expect(line).toMatchObject({ status: 'pass', title: `${hostile.length} settings are set for the run` })
      for (const [name, value] of hostile) expect(line?.detail).toContain(`${name} is ${value} for new sessions of ${roleOf(login)}`)
      await bench.startWorker()
      const { id } = await bench.confirmed('create-index', { definition })
      const over = await bench.over(id)
      await sql(`alter ${at} reset all`)
      expect(over).toMatchObject({ state: 'succeeded', problem: null })
      expect(await bench.value('select reltablespace from pg_class where relname = $1', [`${login}_${place}`])).toBe(0)
    })

    it('waits, is cancelled, and is tried again all the same', async () => {
      for (const [name, value] of hostile) await sql(`alter role ${roleOf(login)} set ${name} = '${value}'`)
      connectAs(login)
      await bench.startWorker()
      const oid = await bench.oidOf(`app.of_${login}`)
      const holder = await bench.hold(`insert into app.of_${login} values (0)`)
      const built = await bench.confirmed('create-index', { definition: `create index on_hold_${login} on app.of_${login} (id)` })
      await bench.until(built.id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
      await sleep(1_500)
      expect(await cancelRun(built.id, DBA)).toMatchObject({ ok: true })
      expect(await bench.over(built.id)).toMatchObject({ state: 'cancelled' })
      const full = await bench.confirmed('vacuum-table', { oid, full: true })
      await bench.until(full.id, ({ state, retry }) => state === 'queued' && retry !== null)
      await holder.end()
      expect(await bench.over(full.id)).toMatchObject({ state: 'succeeded' })
      await sql(`alter role ${roleOf(login)} reset all`)
    })

    it('keeps its session between two statements, and looks again after the server ended an idle connection', async () => {
      await sql(`alter role ${roleOf(login)} set idle_session_timeout = '400ms'`)
      const target = { ...connectAs(login), serverId: `idle-${login}-${major}` }
      const session = await openSession(target, 'proctor run 0', () => undefined)
      if (!session.ok) throw new Error(session.problem.message)
      const look = async () => {
        forgetReads()
        return runRead(target, runSession, {
          application_name: 'proctor run 0',
          pid: session.value.pid,
          backend_start: session.value.backendStart,
        })
      }
      for (let turn = 0; turn < 3; turn++) {
        expect(await look()).toMatchObject({ ok: true, value: [{ pid: session.value.pid, active: false }] })
        await sleep(600)
      }
      expect(await session.value.execute('select 1 as one')).toEqual({ ok: true, value: [{ one: 1 }] })
      await session.value.close()
      await sql(`alter role ${roleOf(login)} reset all`)
    })
  })

  it('is watched and cancelled where ALTER ROLE makes another role of the login', async () => {
    await sql(`create role ${roleOf('keeper')}; grant ${roleOf('keeper')} to ${roleOf('owner')}`)
    await sql(`alter table app.of_owner owner to ${roleOf('keeper')}; alter role ${roleOf('owner')} set role = ${roleOf('keeper')}`)
    connectAs('owner')
    await bench.startWorker()
    const holder = await bench.hold('insert into app.of_owner values (0)')
    const { id } = await bench.confirmed('create-index', { definition: 'create index of_keeper on app.of_owner (id)' })
    await bench.until(id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    expect(await cancelRun(id, DBA)).toMatchObject({ ok: true })
    expect(await bench.over(id)).toMatchObject({ state: 'cancelled' })
    await holder.end()
    const again = await bench.confirmed('create-index', { definition: 'create index of_keeper_again on app.of_owner (id)' })
    expect(await bench.over(again.id)).toMatchObject({ state: 'succeeded' })
    await sql(
      `alter role ${roleOf('owner')} reset all; alter table app.of_owner owner to ${roleOf('owner')}; drop role ${roleOf('keeper')}`,
    )
  })
})
