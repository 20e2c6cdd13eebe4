import type { QueryResult } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testConsole } from '../../test/support/test-console'
import type { TestDatabase } from '../../test/support/test-database'
import { insertRows } from './insert-rows'
import { forgetOld, keepPartitions } from './partitions'
import { readRetention } from './retention'
import { rollUp } from './roll-up'
import { CONNECTION_SAMPLE, INDEX_SAMPLE, STATEMENT_DELTA, STATEMENT_SUMS } from './series'

const DAY_MS = 86_400_000
const BEGIN = Date.UTC(2026, 0, 10)
/** Of the three days that have partitions the last one alone still has those of ten seconds. */
const TODAY = BEGIN + 2 * DAY_MS
const RETENTION = readRetention({})

describe('series', () => {
  let db: TestDatabase
  let query: (sql: string, values?: unknown[]) => Promise<QueryResult>
  beforeAll(async () => {
    db = await testConsole()
    query = (sql, values) => db.client.query(sql, values)
    await query(`insert into server (id, name, source, database) values ('one', 'one', 'environment', 'one')`)
    await query(`insert into sampled_server (server_id) values ('one')`)
    for (let day = 0; day < 3; day++) await inTransaction(() => keepPartitions(query, new Date(BEGIN + day * DAY_MS), RETENTION))
  })
  afterAll(() => db.drop())

  const inTransaction = async <T>(work: () => Promise<T>): Promise<T> => {
    await query('begin')
    const result = await work()
    await query('commit')
    return result
  }
  const sumsOf = async (step: number) => {
    const sums = [
      ...STATEMENT_SUMS.map((name) => `sum(${name})::float8 as ${name}`),
      'max(max_known) as max_known',
      'min(min_known) as min_known',
    ]
    return (await query(`select statement, ${sums} from statement_delta_${step} group by statement order by statement`)).rows
  }

  it('roll up to the sums of their rows, whenever that is done', async () => {
    // Two days of a row every twenty minutes for three statements, rolled up at odd moments.
    for (let n = 0; n < 2 * 72; n++) {
      const at = new Date(BEGIN + n * 20 * 60_000)
      const rows = [1, 2, 3].map((statement) => ({
        statement,
        ...Object.fromEntries(STATEMENT_SUMS.map((name, i) => [name, ((n + 1) * (i + 1) * statement) % 17])),
        max_known: (n * statement) % 23,
        min_known: 1 + ((n * statement) % 19),
      }))
      await insertRows(query, STATEMENT_DELTA, 1, at, rows)
      if (n % 11 === 0) await inTransaction(() => rollUp(query, 1, new Date(at.getTime() + 60_000)))
    }
    await inTransaction(() => rollUp(query, 1, new Date(BEGIN + 2 * DAY_MS)))
    const raw = await sumsOf(60)
    expect(raw).toHaveLength(3)
    for (const step of [600, 3600, 86400]) expect(await sumsOf(step)).toEqual(raw)
    const { rows } = await query('select count(*)::int as n from statement_delta_86400')
    expect(rows[0].n).toBe(6)
  })

  it('keep the newest of a gauge and the peak of a count', async () => {
    const sample = (peak: number) => [{ samples: 1, total: peak, peak, max_connections: 100 }]
    await insertRows(query, CONNECTION_SAMPLE, 1, new Date(TODAY), sample(3))
    await insertRows(query, CONNECTION_SAMPLE, 1, new Date(TODAY + 10_000), sample(9))
    await insertRows(query, CONNECTION_SAMPLE, 1, new Date(TODAY + 20_000), sample(6))
    for (const hour of [0, 1, 2])
      await insertRows(query, INDEX_SAMPLE, 1, new Date(TODAY + hour * 3_600_000), [
        { datid: 1, indexrelid: 2, bytes: 100 - hour, idx_scan: hour },
      ])
    await inTransaction(() => rollUp(query, 1, new Date(TODAY + DAY_MS)))
    const { rows: connections } = await query('select samples, total::int, peak from connection_sample_86400')
    expect(connections).toEqual([{ samples: 3, total: 18, peak: 9 }])
    const { rows: sizes } = await query('select bytes::int, idx_scan::int from index_sample_86400')
    expect(sizes).toEqual([{ bytes: 98, idx_scan: 2 }])
  })

  it('are dropped by the partition when they are older than they are kept', async () => {
    const partitions = async () =>
      (await query(`select count(*)::int as n from pg_inherits where inhparent = 'statement_delta_60'::regclass`)).rows[0].n
    expect(await partitions()).toBe(4)
    const later = new Date(BEGIN + 5 * DAY_MS)
    const dropped = await inTransaction(() => keepPartitions(query, later, RETENTION))
    expect(dropped).toContain(`statement_delta_60_p${BEGIN / 1000}`)
    expect(dropped).toContain(`statement_delta_60_p${BEGIN / 1000 + 86_400}`)
    expect(dropped.filter((name) => /_(3600|86400)_p/.test(name))).toEqual([])
    const { rows } = await query('select min(at) >= $1 as kept from statement_delta_60', [new Date(later.getTime() - 4 * DAY_MS)])
    expect(rows[0].kept).not.toBe(false)
    expect((await sumsOf(86400)).length).toBe(3)
  })

  it('get partitions while somebody reads them', async () => {
    const reader = await db.connect()
    await reader.query('begin; select count(*) from statement_delta_60')
    const made = async () =>
      (await query(`select count(*)::int as n from pg_inherits where inhparent = 'statement_delta_60'::regclass`)).rows[0].n
    const before = await made()
    await inTransaction(() => keepPartitions(query, new Date(BEGIN + 20 * DAY_MS), {}))
    expect(await made()).toBe(before + 2)
    await reader.end()
  })

  it('take with them what stands beside them', async () => {
    const example = (at: number) =>
      query(
        `insert into statement_example (server, queryid, dbid, at, query, running, application_name, rolname)
         values (1, 1, 1, $1, 'select 1', 1, '', '')`,
        [new Date(at)],
      )
    await example(BEGIN)
    await example(BEGIN + 9 * DAY_MS)
    await inTransaction(() => forgetOld(query, new Date(BEGIN + 11 * DAY_MS), RETENTION))
    const { rows } = await query('select at from statement_example')
    expect(rows).toEqual([{ at: new Date(BEGIN + 9 * DAY_MS) }])
  })
})
