import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callsOf, MINUTE_MS, type SamplingBench, samplingBench } from '../../../test/support/sampling'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { counterTotals } from '../../history/counters'
import { passes } from '../../runs/patient'
import type { Sampler } from './sampler'

const LOOK_MS = 15_000

describe('two workers, one of which sleeps', () => {
  let db: TestDatabase
  let bench: SamplingBench
  let sleeper: Sampler
  let other: Sampler
  beforeAll(async () => {
    db = await testDatabase(18)
    await db.client.query('create extension pg_stat_statements; create table shop ()')
    bench = await samplingBench(db)
    sleeper = await bench.open()
    other = await bench.open()
    await bench.turn(sleeper)
  })
  afterAll(async () => {
    await bench.drop()
    await db.drop()
  })
  const buy = async (times: number) => {
    for (let n = 0; n < times; n++) await db.client.query('select count(*) from shop')
  }

  it('leave a server to the one that has it as long as that is awake, busy or not', async () => {
    for (let n = 0; n < 8; n++) {
      await sleeper.beat()
      expect(await bench.turn(other, LOOK_MS)).toBe(false)
    }
    await buy(3)
    expect(await bench.turn(sleeper, LOOK_MS)).toBe(true)
    expect(await callsOf(bench, 'from shop')).toBe(3)
  })

  it('take it over from the sleeper, which writes nothing when it wakes up', async () => {
    await bench.turn(sleeper, MINUTE_MS)
    const before = await callsOf(bench, 'from shop')
    const waited = await (async () => {
      for (let ms = LOOK_MS; ; ms += LOOK_MS) if (await bench.turn(other, LOOK_MS)) return ms
    })()
    expect(waited).toBeLessThanOrEqual(MINUTE_MS)
    await buy(5)
    await expect(bench.turn(sleeper, 10_000)).rejects.toSatisfy(passes)
    expect(await bench.turn(other, MINUTE_MS)).toBe(true)
    expect(await callsOf(bench, 'from shop')).toBe(before + 5)
    await sleeper.ended
    // It begins anew, and waits like everybody.
    sleeper = await bench.open()
    expect(await bench.turn(sleeper, MINUTE_MS)).toBe(false)
    const range = { from: new Date(bench.now().getTime() - 60 * MINUTE_MS), to: bench.now() }
    const { seconds } = await counterTotals(bench.serverId, range)
    expect(seconds).toBeLessThanOrEqual((bench.now().getTime() - range.from.getTime()) / 1000)
  })

  it('wait for one whose statement the console database works on', async () => {
    const busy = bench.home.client.query('begin; lock table sampling_turn in access exclusive mode; select pg_sleep(0)')
    await busy
    const stuck = bench.turn(other, MINUTE_MS)
    try {
      await expect
        .poll(
          async () =>
            (
              await bench.home.client.query(
                `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'proctor sampling'`,
              )
            ).rows[0].n,
        )
        .toBe(1)
      for (let n = 0; n < 6; n++) expect(await bench.turn(sleeper, LOOK_MS)).toBe(false)
    } finally {
      await bench.home.client.query('rollback')
    }
    expect(await stuck).toBe(true)
  })
})
