import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Standby, startStandby } from '../../../test/support/standby'
import { planForTest } from '../../../test/support/test-command'
import { type Cluster, type ClusterOptions, startCluster } from '../../embedded/cluster'
import { freePort } from '../../embedded/free-port'
import { closePools } from '../../server/pool'
import { targetFromUrl } from '../../server/target-url'
import { makeCheckpoint } from '../make-checkpoint/command'
import { listed } from '../registry'
import { dropReplicationSlot } from './command'

/** Slots are copied to standbys from 17 on. */
describe.each([17, 18] as const)('replication slots of a primary and its standby of PostgreSQL %i', (major) => {
  let folder: string
  let primary: Cluster
  let standby: Standby
  const at = async (name: string, settings: Record<string, string> = {}): Promise<ClusterOptions> => ({
    major,
    password: 'test',
    settings: { wal_level: 'logical', ...settings },
    folder: path.join(folder, name),
    port: await freePort(),
  })
  const ask = async (url: string, sql: string): Promise<unknown> => {
    const client = new Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(sql).finally(() => client.end())
    return Object.values(rows[0] ?? {})[0]
  }
  const drop = (url: string, slot: string) => planForTest(targetFromUrl(url, url), listed(dropReplicationSlot), { slot })

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'proctor-slots-'))
    await chmod(folder, 0o755)
    primary = await startCluster(await at('primary'))
    await ask(primary.url, `select pg_create_physical_replication_slot('standby1', true)`)
    standby = await startStandby(
      primary,
      await at('standby', { primary_slot_name: 'standby1', hot_standby_feedback: 'on', sync_replication_slots: 'on' }),
    )
    const { hostname, port, pathname } = new URL(primary.url)
    const conninfo = `host=${hostname} port=${port} user=postgres password=test dbname=${pathname.slice(1)} application_name=standby1`
    await ask(standby.url, `alter system set primary_conninfo = '${conninfo}'`)
    await ask(standby.url, 'select pg_reload_conf()')
    await ask(primary.url, `select pg_create_logical_replication_slot('followed', 'test_decoding', false, false, true)`)
  })
  afterAll(async () => {
    await closePools()
    for (const one of [standby, primary]) await one?.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  })

  it('keeps the slot that a standby streams from', async () => {
    await expect.poll(() => ask(primary.url, `select active from pg_replication_slots where slot_name = 'standby1'`)).toBe(true)
    const planned = await drop(primary.url, 'standby1')
    if (!planned.ok) throw new Error(planned.problem.message)
    expect(planned.value.line('in-use')).toMatchObject({ status: 'stop', title: expect.stringContaining('active') })
  })

  it('refuses the copy on the standby, and says on the primary that copies go', async () => {
    const copied = async () => {
      await ask(primary.url, 'select pg_log_standby_snapshot()')
      return ask(standby.url, `select synced from pg_replication_slots where slot_name = 'followed'`)
    }
    await expect.poll(copied, { interval: 500 }).toBe(true)
    expect(await drop(standby.url, 'followed')).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    const planned = await drop(primary.url, 'followed')
    if (!planned.ok) throw new Error(planned.problem.message)
    expect(planned.value.line('consumer')).toMatchObject({ status: 'warn', detail: expect.stringContaining('copies on standbys') })
  })

  it('makes a restartpoint on the standby, where a checkpoint was replayed', async () => {
    const target = targetFromUrl(standby.url, standby.url)
    const planned = await planForTest(target, listed(makeCheckpoint), {})
    if (!planned.ok) throw new Error(planned.problem.message)
    expect(planned.value.plan.title).toBe('Make a restartpoint')
    const last = async () =>
      Number(await ask(standby.url, `select pg_wal_lsn_diff(checkpoint_lsn, '0/0')::float8 from pg_control_checkpoint()`))
    const before = { at: 0, object: planned.value.object, bytes: null, dead: null, files: [], noted: { checkpoint: await last() } }
    await ask(primary.url, 'checkpoint')
    await standby.caughtUp()
    for (const statement of planned.value.plan.statements) await ask(standby.url, statement)
    expect(await listed(makeCheckpoint).done(target, before)).toEqual({ ok: true, value: 'yes' })
  })
})
