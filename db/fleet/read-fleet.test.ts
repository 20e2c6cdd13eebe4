import { beforeAll, describe, expect, it } from 'vitest'
import { consoleForTests } from '../../test/support/test-console'
import { consoleDb } from '../console/client'
import { server } from '../console/schema'
import type { FleetAsk } from '../domain/fleet-params'
import { keepLook } from '../findings/keep-look'
import { insertRows } from '../history/insert-rows'
import { keepPartitions } from '../history/partitions'
import { CONNECTION_SAMPLE, DATABASE_DELTA, DATABASE_SIZE, SERVER_DELTA, STANDBY_SAMPLE, tableOf } from '../history/series'
import { readFleet } from './read-fleet'

const ALL: FleetAsk = { show: 'all', sort: 'worst', dir: 'desc', q: '', tags: [], major: null, page: 1 }
const DAY_MS = 86_400_000

describe('the fleet as the worker last saw it', () => {
  consoleForTests()
  const query = (sql: string, values?: unknown[]) => consoleDb().$client.query(sql, values)
  const nos = new Map<string, number>()

  beforeAll(async () => {
    const now = new Date()
    const day = Math.floor(now.getTime() / DAY_MS) * DAY_MS
    await keepPartitions(query, new Date(now.getTime() - 31 * DAY_MS), {})
    await keepPartitions(query, now, {})
    const known = { source: 'stored', database: 'shop' } as const
    await consoleDb()
      .insert(server)
      .values([
        { id: 'primary', name: 'Primary', systemIdentifier: '7', tags: ['env:prod'], ...known },
        { id: 'standby', name: 'A standby', systemIdentifier: '7', ...known },
        { id: 'silent', name: 'Silent', systemIdentifier: '8', tags: ['env:prod', 'eu'], ...known },
        { id: 'old', name: 'Old', systemIdentifier: '9', ...known },
        { id: 'new', name: 'New', ...known },
      ])
    for (const [id, version, recovery, seen, failures] of [
      ['primary', '18.4', false, '5 s', 0],
      ['standby', '18.4', true, '5 s', 0],
      ['silent', '17.10', false, '11 min', 4],
      ['old', '14.23', false, '3 min', 0],
    ] as const) {
      const { rows } = await query(
        `insert into sampled_server (server_id, version, in_recovery, seen_at, failures, failing_since)
         values ($1, $2, $3, now() - $4::interval, $5, case when $5 > 0 then now() - interval '10 min' end) returning no`,
        [id, version, recovery, seen, failures],
      )
      nos.set(id, rows[0].no)
    }
    const no = nos.get('primary') ?? 0
    const at = new Date(now.getTime() - 10_000)
    await insertRows(query, CONNECTION_SAMPLE, no, at, [{ samples: 1, total: 20, active: 5, max_connections: 100 }])
    await insertRows(query, CONNECTION_SAMPLE, nos.get('standby') ?? 0, at, [{ samples: 1, total: 2, active: 1, max_connections: 50 }])
    await insertRows(query, SERVER_DELTA, no, at, [{ seconds: 10, wal_bytes: 5000 }])
    await insertRows(query, DATABASE_DELTA, no, at, [{ datid: 1, xact_commit: 70, xact_rollback: 30, blks_hit: 9900, blks_read: 100 }])
    await insertRows(query, STANDBY_SAMPLE, no, at, [{ standby: 'a', replay_time: 250 }])
    await query(`insert into sampled_database values ($1, 1, 'shop'), ($1, 2, 'dropped')`, [no])
    await query(
      `insert into sampling_turn (server, task, database, at, duration)
       values ($1, 'indexes', 'shop', now(), 1), ($1, 'indexes', 'dropped', now() - interval '1 day', 1)`,
      [no],
    )
    const day30 = new Date(day - 31 * DAY_MS)
    await insertRows(query, DATABASE_SIZE, no, day30, [{ datid: 1, bytes: 1000 }])
    await insertRows(query, DATABASE_SIZE, no, at, [
      { datid: 1, bytes: 1500 },
      { datid: 2, bytes: 777 },
    ])
    const hour = new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000 - 3_600_000)
    await query(
      `insert into ${tableOf(CONNECTION_SAMPLE, 3600)} (at, step, server, samples, active, max_connections) values ($1, 3600, $2, 4, 8, 100)`,
      [hour, no],
    )
    const found = (title: string, severity: 'bad' | 'warn') => ({
      check: severity === 'bad' ? 'index-bloated' : 'table-bloated',
      ...({ cadence: 'hour', problem: null, duration: 1 } as const),
      findings: [
        { kind: 'server' as const, name: null, title, evidence: 'e', severity, trust: { kind: 'exact' as const }, fix: null, sql: null },
      ],
    })
    await keepLook({ serverId: 'primary', cluster: '7', database: '' }, [found('High one', 'bad')], now)
    await keepLook({ serverId: 'primary', cluster: '7', database: 'shop' }, [found('Medium one', 'warn')], now)
  })

  const read = (ask: Partial<FleetAsk> = {}) => readFleet({ ...ALL, ...ask })
  const names = async (ask: Partial<FleetAsk> = {}) => (await read(ask)).clusters.map(({ members }) => members.map(({ id }) => id))

  it('has every server with why its state is known or not', async () => {
    const { clusters, counts } = await read()
    const standings = Object.fromEntries(clusters.flatMap(({ members }) => members.map(({ id, standing }) => [id, standing])))
    expect(standings).toEqual({ primary: 'sampled', standby: 'sampled', silent: 'unreachable', old: 'stale', new: 'never' })
    expect(counts).toEqual({ all: 5, high: 2, medium: 0, none: 3, stale: 3 })
  })

  it('puts silence first, then the cluster by its worst member with the primary at its head', async () => {
    expect(await names()).toEqual([['silent'], ['primary', 'standby'], ['new'], ['old']])
    expect((await read()).first.map(({ id }) => id)).toEqual(['silent', 'primary'])
    expect(await names({ sort: 'active' })).toEqual([['primary', 'standby'], ['silent'], ['new'], ['old']])
    expect(await names({ sort: 'size', dir: 'asc' })).toEqual([['primary', 'standby'], ['silent'], ['new'], ['old']])
    expect(await names({ sort: 'version', dir: 'asc' })).toEqual([['old'], ['silent'], ['primary', 'standby'], ['new']])
  })

  it('narrows by tag, text, severity and version, and shows a cluster whole', async () => {
    expect(await names({ tags: ['env:prod'] })).toEqual([['silent'], ['primary', 'standby']])
    expect(await names({ tags: ['env:prod', 'eu'] })).toEqual([['silent']])
    expect(await names({ q: 'a standby' })).toEqual([['primary', 'standby']])
    expect(await names({ q: 'high one' })).toEqual([['primary', 'standby']])
    expect(await names({ show: 'stale' })).toEqual([['silent'], ['new'], ['old']])
    expect(await names({ major: 14 })).toEqual([['old']])
    const { tags, majors, found } = await read({ major: 14 })
    expect({ tags, majors, found }).toEqual({ tags: ['env:prod', 'eu'], majors: [18, 17, 14], found: 1 })
  })

  it('has the worst finding and the figures of a server, and nothing where nothing is known', async () => {
    const { clusters } = await read({ q: 'primary' })
    const [primary, standby] = clusters[0]?.members ?? []
    expect(primary).toMatchObject({
      worst: { title: 'High one', severity: 'bad', database: '' },
      needs: { bad: 1, warn: 1 },
      ...{ active: 5, hit: 0.99, bytes: 1500, growth: 0.5, lag: 250 },
    })
    expect(primary?.activeByHour).toEqual([...Array(23).fill(null), 2])
    expect(standby).toMatchObject({ active: 1, hit: null, bytes: null, growth: null, lag: null, worst: null })
  })

  it('sums up what was sampled in the last two minutes', async () => {
    const { totals } = await read()
    expect(totals).toMatchObject({ servers: 5, clusters: 4, standbys: 1, sampled: 2, active: 6, maxConnections: 150 })
    expect(totals).toMatchObject({ transactions: 10, walBytes: 500, bytes: 1500, lag: { ms: 250, name: 'Primary' } })
  })
})
