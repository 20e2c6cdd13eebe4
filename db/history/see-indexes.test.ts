import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE_MS, type SamplingBench, samplingBench } from '../../test/support/sampling'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { indexHealth } from '../indexes/index-health'
import { forgetReads } from '../server/run-read'
import type { Sampler } from '../worker/sampling/sampler'
import { indexPast } from './index-first-seen'

const HOUR_MS = 60 * MINUTE_MS

describe.each([14, 18] as const)('the first sight of indexes of PostgreSQL %i', (major) => {
  let db: TestDatabase
  let bench: SamplingBench
  let sampler: Sampler
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create table t (id int primary key, v int, w int); insert into t select g, g, g from generate_series(1, 5000) g')
    await db.client.query('create index t_v_old on t (v)')
    const reader = await db.connect()
    await reader.query('set enable_seqscan = off; select from t where id = 7')
    await reader.end()
    bench = await samplingBench(db)
    sampler = await bench.open()
    await bench.turn(sampler)
  })
  afterAll(async () => {
    await bench.drop()
    await db.drop()
  })

  const past = () => indexPast(bench.serverId, db.target.database)
  const seen = async () => [...(await past()).seen.values()].flatMap((indexes) => [...indexes.keys()])
  const oidOf = async (name: string): Promise<number> => (await db.client.query('select $1::regclass::oid as oid', [name])).rows[0].oid
  const verdicts = async (unusedAfter: number) => {
    forgetReads()
    const health = await indexHealth(db.target, [], { ...(await past()), unusedAfter })
    if (!health.ok) throw new Error(health.problem.message)
    return Object.fromEntries(
      health.value.findings.map(({ indexrelname, verdict, unusedWithheld }) => [indexrelname, [verdict, unusedWithheld]]),
    )
  }

  it('is kept with its server, database and OID, and with the days that are asked for', async () => {
    expect(await past()).toMatchObject({ unusedAfter: 35 * 86_400, peers: [], vouched: null })
    expect(await seen()).toContain(await oidOf('t_v_old'))
  })

  it('lets no index that was built since be unused, however old the statistics are', async () => {
    await db.client.query('create index t_w_new on t (w)')
    await bench.rows(`update seen_index set first_seen = first_seen - interval '40 days'`)
    expect(await verdicts(1)).toMatchObject({
      t_v_old: ['unused', null],
      t_w_new: ['not-scanned', 'its age is not known'],
    })
    await bench.turn(sampler, HOUR_MS)
    expect(await seen()).toContain(await oidOf('t_w_new'))
    expect(await verdicts(30)).toMatchObject({ t_w_new: ['not-scanned', expect.stringMatching(/are needed$/)] })
  })

  it('is forgotten with the index, for its OID may come back', async () => {
    const gone = await oidOf('t_w_new')
    await db.client.query('drop index t_w_new')
    forgetReads()
    await bench.turn(sampler, HOUR_MS)
    expect(await seen()).not.toContain(gone)
  })

  it('begins anew for the others of a table when one goes that was in use, not for a rebuild or one that was not', async () => {
    await db.client.query(`create table u (id int primary key, v int); insert into u select g, g from generate_series(1, 5000) g`)
    for (const index of ['used on u (v)', 'idle on u (v, id)', 'spare on u (id, v)']) await db.client.query(`create index ${index}`)
    const reader = await db.connect()
    await reader.query('set enable_seqscan = off; select from u where v = 7')
    await reader.end()
    const firstSeen = async (name: string) => [...(await past()).seen.values()].find(() => true)?.get(await oidOf(name))
    const scans = `select pg_stat_get_numscans('used'::regclass) + pg_stat_get_numscans('idle'::regclass) as n`
    await expect.poll(async () => Number((await db.client.query(scans)).rows[0].n)).toBeGreaterThan(0)
    const turn = async () => {
      forgetReads()
      await bench.turn(sampler, HOUR_MS)
    }
    await turn()
    const before = await firstSeen('idle')
    expect(before).toBeDefined()
    await db.client.query('drop index spare')
    await db.client.query('reindex index concurrently used')
    await turn()
    expect(await firstSeen('idle')).toBe(before)
    const { rows } = await db.client.query(`select pg_stat_get_numscans('used'::regclass) as n`)
    const [goes, stays] = rows[0].n === '0' ? ['idle', 'used'] : ['used', 'idle']
    const known = await firstSeen(stays)
    await db.client.query(`drop index ${goes}`)
    await turn()
    expect(Date.parse((await firstSeen(stays)) ?? '')).toBeGreaterThan(Date.parse(known ?? ''))
    await db.client.query('drop table u')
  })

  it('begins anew for the others of a table where one that was in use is made again under its name', async () => {
    await db.client.query(`create table r (id int, v int); insert into r select g, g from generate_series(1, 5000) g;
      create index r_used on r (v); create index r_idle on r (id)`)
    const reader = await db.connect()
    await reader.query('set enable_seqscan = off; select from r where v = 7')
    await reader.end()
    const scans = `select pg_stat_get_numscans('r_used'::regclass) as n`
    await expect.poll(async () => Number((await db.client.query(scans)).rows[0].n)).toBeGreaterThan(0)
    const idle = async () => {
      forgetReads()
      await bench.turn(sampler, HOUR_MS)
      return [...(await past()).seen.values()].find(() => true)?.get(await oidOf('r_idle')) ?? ''
    }
    const before = await idle()
    expect(await idle()).toBe(before)
    await db.client.query('drop index r_used; create index r_used on r (v)')
    expect(Date.parse(await idle())).toBeGreaterThan(Date.parse(before))
    await db.client.query('drop table r')
  })

  it('belongs to the database, not to another that is made anew under its name', async () => {
    await bench.rows('update sampled_database set datid = datid + 1; update seen_index set datid = datid + 1')
    expect(await verdicts(1)).toMatchObject({ t_v_old: ['not-scanned', 'its age is not known'] })
  })
})
