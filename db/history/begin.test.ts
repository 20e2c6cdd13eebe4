import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SamplingBench, samplingBench } from '../../test/support/sampling'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { earliest, historyBegin, sampledPart, toldRange } from './begin'
import { CONNECTION_SAMPLE } from './series'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 10, 23, 14)
const asked = { from: new Date(NOW - HOUR), to: new Date(NOW) }

describe('a range that reaches behind the history', () => {
  it('begins with it, and says so', () => {
    expect(toldRange(asked, NOW - HOUR / 4)).toEqual({ range: { from: new Date(NOW - HOUR / 4), to: asked.to }, since: NOW - HOUR / 4 })
  })

  it('keeps a minute at least', () => {
    expect(toldRange(asked, NOW - 1_000)).toEqual({ range: { from: new Date(NOW - 60_000), to: asked.to }, since: NOW - 1_000 })
  })

  it('stays what it is where the history is older, not there, or later', () => {
    for (const begin of [NOW - 2 * HOUR, NOW - HOUR, null, NOW + 1]) expect(toldRange(asked, begin)).toEqual({ range: asked, since: null })
  })
})

describe('the begin of a series', () => {
  it('is that of its finest row, unless only a coarser one is kept from before', () => {
    const [ten, hour] = [10, 3_600]
    const young = 10 * hour + 1_980
    expect(
      earliest([
        { step: ten, first: young },
        { step: hour, first: 10 * hour },
      ]),
    ).toBe(young)
    expect(
      earliest([
        { step: ten, first: young },
        { step: hour, first: 4 * hour },
      ]),
    ).toBe(4 * hour)
    expect(
      earliest([
        { step: ten, first: null },
        { step: hour, first: 4 * hour },
      ]),
    ).toBe(4 * hour)
    expect(
      earliest([
        { step: ten, first: young },
        { step: hour, first: null },
      ]),
    ).toBe(young)
    expect(earliest([{ step: ten, first: null }])).toBeNull()
  })
})

describe('what was sampled of a server', () => {
  let db: TestDatabase
  let bench: SamplingBench
  beforeAll(async () => {
    db = await testDatabase(18)
    bench = await samplingBench(db)
  })
  afterAll(async () => {
    await bench.drop()
    await db.drop()
  })

  it('begins with its first sample and ends with its last, whatever range is asked for', async () => {
    expect(await historyBegin(bench.serverId)).toBeNull()
    const sampler = await bench.open()
    expect(await bench.turn(sampler)).toBe(true)
    const first = Math.floor(bench.now().getTime() / 10_000) * 10_000
    for (let n = 0; n < 3; n++) expect(await bench.turn(sampler, 10_000)).toBe(true)
    await sampler.close()
    expect(await historyBegin(bench.serverId)).toBe(first)

    const asked = { from: new Date(first - HOUR), to: new Date(first + HOUR) }
    const { range, since } = toldRange(asked, await historyBegin(bench.serverId))
    expect([range.from.getTime(), since]).toEqual([first, first])
    // The last sample stands for its ten seconds.
    expect(await sampledPart(bench.serverId, CONNECTION_SAMPLE, range)).toEqual({ from: first, to: first + 40_000 })
    const nothing = { from: new Date(first - 2 * HOUR), to: new Date(first - HOUR) }
    expect(await sampledPart(bench.serverId, CONNECTION_SAMPLE, nothing)).toEqual({ from: first - 2 * HOUR, to: first - HOUR })
  })
})
