import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE_MS, type SamplingBench, samplingBench } from '../../test/support/sampling'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { formerName, indexChain } from './index-chain'
import { indexHistory } from './indexes'

const HOUR_MS = 60 * MINUTE_MS

describe.each([14, 18] as const)('the history of an index of PostgreSQL %i', (major) => {
  let db: TestDatabase
  let bench: SamplingBench
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create table t (id int primary key); insert into t select generate_series(1, 5000)')
    await db.client.query('create index "t of" on t (id); create index other on t (id)')
    bench = await samplingBench(db)
  })
  afterAll(async () => {
    await bench.drop()
    await db.drop()
  })
  const oidOf = async (name: string): Promise<number> =>
    Number((await db.client.query('select $1::regclass::oid as oid', [name])).rows[0].oid)

  it('goes on by its name when somebody rebuilds it without a run, and takes no other index in', async () => {
    const sampler = await bench.open()
    const former = await oidOf('"t of"')
    await bench.turn(sampler)
    await db.client.query('reindex index concurrently "t of"')
    const now = await oidOf('"t of"')
    expect(now).not.toBe(former)
    const place = [bench.serverId, db.target.database] as const
    const name = { schemaname: 'public', relname: 't of' }
    expect(await formerName(...place, former)).toEqual(name)
    await bench.turn(sampler, HOUR_MS)
    const chain = await indexChain(...place, name, now)
    expect(chain.sort()).toEqual([former, now].sort())
    const range = { from: new Date(bench.now().getTime() - 6 * HOUR_MS), to: new Date(bench.now().getTime() + HOUR_MS) }
    expect((await indexHistory(...place, chain, range)).length).toBeGreaterThanOrEqual(2)
    expect((await indexHistory(...place, [now], range)).length).toBeLessThan((await indexHistory(...place, chain, range)).length)
    await db.client.query('alter index other rename to renamed')
    await bench.turn(sampler, HOUR_MS)
    expect(await formerName(...place, await oidOf('renamed'))).toEqual({ schemaname: 'public', relname: 'renamed' })
  })
})
