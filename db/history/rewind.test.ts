import type { QueryResult } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testConsole } from '../../test/support/test-console'
import type { TestDatabase } from '../../test/support/test-database'
import { insertRows } from './insert-rows'
import { keepPartitions } from './partitions'
import { rewind } from './rewind'
import { rollUp } from './roll-up'
import { CONNECTION_SAMPLE, SERVER_DELTA, STATEMENT_DELTA, tableOf } from './series'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const NOON = Date.UTC(2026, 0, 10, 12)

describe('a series that was lived through twice', () => {
  let db: TestDatabase
  const query = (sql: string, values?: unknown[]): Promise<QueryResult> => db.client.query(sql, values)
  beforeAll(async () => {
    db = await testConsole()
    await query(`insert into server (id, name, source, database) values ('one', 'one', 'environment', 'one')`)
    await query(`insert into sampled_server (server_id) values ('one')`)
    await query('begin')
    for (let day = -3; day < 5; day++) await keepPartitions(query, new Date(NOON + day * DAY_MS), {})
    await query('commit')
  })
  afterAll(() => db.drop())
  beforeEach(async () => {
    for (const table of ['statement_delta', 'connection_sample', 'server_delta', 'rolled_up']) await query(`truncate ${table}`)
  })

  /** Samples from one moment of the clock to another, with a roll-up now and then. */
  const live = async (from: number, to: number, everyMs = 60_000) => {
    for (let at = from; at < to; at += everyMs) {
      await insertRows(query, STATEMENT_DELTA, 1, new Date(at), [{ statement: 7, calls: 3, total_exec_time: 1.5 }])
      await insertRows(query, CONNECTION_SAMPLE, 1, new Date(at), [{ samples: 1, total: 4, peak: 4, max_connections: 100 }])
      await insertRows(query, SERVER_DELTA, 1, new Date(at), [{ seconds: 60, wal_bytes: 100 }])
      if (at % (10 * 60_000) === 0) await rollUp(query, 1, new Date(at))
    }
  }
  const total = async (step: number) => {
    const one = async (series: typeof STATEMENT_DELTA, column: string): Promise<number> =>
      (await query(`select coalesce(sum(${column}), 0)::int as n from ${tableOf(series, step)}`)).rows[0].n
    return { calls: await one(STATEMENT_DELTA, 'calls'), samples: await one(CONNECTION_SAMPLE, 'samples') }
  }
  const inEachStep = async () => [await total(60), await total(3600), await total(86400)]
  /** Everything, in every step, after the clock has come by the last bucket. */
  const totals = async (until: number) => {
    await rollUp(query, 1, new Date(until))
    return inEachStep()
  }

  it('counts each row once in every step, whenever it is rolled up', async () => {
    await live(NOON - 3 * HOUR_MS, NOON + 17 * 60_000)
    await rewind(query, 1, new Date(NOON - 2 * HOUR_MS + 35_000))
    await live(NOON - 2 * HOUR_MS + 35_000, NOON + 2 * HOUR_MS)
    const looks = 3 * 60 + 17 + (4 * 60 - 1) + 1
    const all = { calls: looks * 3, samples: looks }
    expect(await totals(NOON + 3 * DAY_MS)).toEqual([all, all, all])
    const { rows } = await query('select coalesce(sum(seconds), 0)::int as n from server_delta_3600')
    expect(rows).toEqual([{ n: looks * 60 }])
  })

  it('does so when the clock comes back, too', async () => {
    await live(NOON, NOON + HOUR_MS)
    await live(NOON + 3 * HOUR_MS, NOON + 4 * HOUR_MS) // two hours ahead
    await rewind(query, 1, new Date(NOON + 2 * HOUR_MS))
    await live(NOON + 2 * HOUR_MS, NOON + 5 * HOUR_MS)
    const all = { calls: 300 * 3, samples: 300 }
    expect(await totals(NOON + 3 * DAY_MS)).toEqual([all, all, all])
  })

  it('keeps what coarser rows alone still tell, and adds to it', async () => {
    await live(NOON - 2 * DAY_MS, NOON - 2 * DAY_MS + HOUR_MS)
    await live(NOON, NOON + HOUR_MS)
    await rollUp(query, 1, new Date(NOON + HOUR_MS))
    // Those of ten seconds were kept for a day.
    await query('delete from connection_sample_10 where at < to_timestamp($1)', [(NOON - DAY_MS) / 1000])
    await rewind(query, 1, new Date(NOON - 2 * DAY_MS))
    await live(NOON - 2 * DAY_MS, NOON - 2 * DAY_MS + HOUR_MS)
    const all = { calls: 180 * 3, samples: 180 }
    expect(await totals(NOON + 3 * DAY_MS)).toEqual([all, all, all])
  })

  it('is left alone where nothing was rolled up beyond the new time', async () => {
    await live(NOON - HOUR_MS, NOON)
    await rollUp(query, 1, new Date(NOON))
    const before = await inEachStep()
    await rewind(query, 1, new Date(NOON + 1_000))
    expect(await inEachStep()).toEqual(before)
  })
})
