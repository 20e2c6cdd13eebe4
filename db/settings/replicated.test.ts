import { appendFile, chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Standby, startStandby } from '../../test/support/standby'
import type { Profile } from '../domain/server-profile'
import { GB, MB } from '../domain/setting-units'
import { MAJORS } from '../embedded/binaries'
import { type Cluster, type ClusterOptions, startCluster } from '../embedded/cluster'
import { freePort } from '../embedded/free-port'
import { closePools } from '../server/pool'
import { targetFromUrl } from '../server/target-url'
import { type ServerTuning, tuneServer } from './tune-server'

/** What somebody set on a subscriber with two dozen subscriptions. */
const SET = {
  fsync: 'off',
  wal_level: 'logical',
  shared_buffers: '64MB',
  max_connections: '50',
  max_worker_processes: '40',
  max_logical_replication_workers: '24',
  max_replication_slots: '30',
  max_wal_senders: '30',
  log_line_prefix: '%t [%p]: user=%u,db=%d,app=%a,client=%h ',
  autovacuum_vacuum_cost_limit: '3000',
  log_min_duration_statement: '250',
}
const LARGER: Profile = { ram: 16 * GB, cpus: 4, storage: 'ssd', workload: 'lms', connections: 120 }
const SMALLER: Profile = { ram: 512 * MB, cpus: 1, storage: 'hdd', workload: 'web', connections: 20 }

describe.each(MAJORS)('a primary, its standby and a logical subscriber of PostgreSQL %i', (major) => {
  let folder: string
  let primary: Cluster
  let standby: Standby
  let subscriber: Cluster
  const at = async (name: string): Promise<ClusterOptions> => ({
    major,
    password: 'test',
    settings: { ...SET, ...(major >= 18 && { io_workers: '8' }) },
    folder: path.join(folder, name),
    port: await freePort(),
  })
  const ask = async (url: string, sql: string): Promise<unknown> => {
    const client = new Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(sql).finally(() => client.end())
    return Object.values(rows[0] ?? {})[0]
  }
  const tuned = async ({ url }: Cluster, profile: Profile): Promise<ServerTuning> => {
    const tuning = await tuneServer(targetFromUrl(url, url), { profile })
    await closePools()
    if (!tuning.ok) throw new Error(tuning.problem.message)
    return tuning.value
  }
  const changing = ({ settings }: ServerTuning) => settings.filter(({ changes }) => changes).map(({ name }) => name)
  /** Writes the generated file at the end of postgresql.conf, where it counts; buffers as large as the machine of the test bears. */
  const write = async ({ dataDir }: Cluster, { settings }: ServerTuning): Promise<void> => {
    const lines = settings
      .filter(({ changes }) => changes)
      .map(({ name, lines: { conf } }) => (name === 'shared_buffers' ? "shared_buffers = '256MB'\n" : conf))
    await appendFile(path.join(dataDir, 'postgresql.conf'), `\n${lines.join('')}`)
  }
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'proctor-replicated-'))
    await chmod(folder, 0o755)
    primary = await startCluster(await at('primary'))
    standby = await startStandby(primary, await at('standby'))
    subscriber = await startCluster(await at('subscriber'))
    await ask(primary.url, 'create table lesson (id int primary key)')
    await ask(primary.url, 'create publication lessons for table lesson')
    await ask(subscriber.url, 'create table lesson (id int primary key)')
    const { port } = new URL(primary.url)
    await ask(
      subscriber.url,
      `create subscription lessons connection 'host=127.0.0.1 port=${port} user=postgres password=test' publication lessons`,
    )
  })
  afterAll(async () => {
    await closePools()
    for (const one of [standby, subscriber, primary]) await one?.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  })

  it('are told nothing that lowers what somebody set, nor on the standby what recovery needs or only a primary uses', async () => {
    const kept = ['max_worker_processes', 'log_line_prefix', 'autovacuum_vacuum_cost_limit', 'log_min_duration_statement', 'io_workers']
    for (const server of [primary, standby, subscriber])
      for (const profile of [LARGER, SMALLER]) {
        const names = changing(await tuned(server, profile))
        expect(names.filter((name) => kept.includes(name))).toEqual([])
        if (profile === SMALLER) expect(names).not.toContain('max_connections')
        if (server !== primary) continue
        expect((await tuned(server, LARGER)).settings.find(({ name }) => name === 'max_connections')).toMatchObject({
          recommended: '120',
          order: expect.stringMatching(/^First on its standby, with a restart there, then here/),
          lines: { sql: expect.stringContaining('First on its standby'), conf: expect.stringContaining('First on its standby') },
        })
      }
    const names = changing(await tuned(standby, LARGER))
    expect(names).toContain('shared_buffers')
    for (const name of [
      'autovacuum_max_workers',
      'autovacuum_vacuum_scale_factor',
      'maintenance_work_mem',
      'autovacuum_work_mem',
      'wal_compression',
    ])
      expect(names, name).not.toContain(name)
  })

  it('start with the generated files in the order that they tell, and go on replicating', async () => {
    const [onPrimary, onStandby, onSubscriber] = [
      await tuned(primary, LARGER),
      await tuned(standby, LARGER),
      await tuned(subscriber, LARGER),
    ]
    await write(standby, onStandby)
    await write(primary, onPrimary)
    await write(subscriber, onSubscriber)
    const restart = async (cluster: Cluster, name: string) => {
      await cluster.stop()
      return startCluster({ ...(await at(name)), port: cluster.port })
    }
    const { settings } = await at('standby')
    const { port } = new URL(primary.url)
    await standby.stop()
    const conninfo = `host=127.0.0.1 port=${port} user=postgres password=test`
    const again = await startCluster({
      ...(await at('standby')),
      port: standby.port,
      settings: { ...settings, primary_conninfo: conninfo, hot_standby: 'on' },
    })
    standby = { ...standby, ...again }
    primary = await restart(primary, 'primary')
    subscriber = await restart(subscriber, 'subscriber')
    expect(await ask(primary.url, 'show max_connections')).toBe('120')
    expect(await ask(standby.url, 'show max_connections')).toBe('120')
    await ask(primary.url, 'insert into lesson select generate_series(1, 100)')
    await standby.caughtUp()
    expect(await ask(standby.url, 'select count(*)::int from lesson')).toBe(100)
    await expect.poll(() => ask(subscriber.url, 'select count(*)::int from lesson'), { timeout: 30_000 }).toBe(100)
    // Followed, they hold.
    for (const server of [primary, standby, subscriber])
      expect(changing(await tuned(server, LARGER)).filter((name) => name !== 'shared_buffers')).toEqual([])
  })
})
