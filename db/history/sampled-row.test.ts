import { describe, expect, it } from 'vitest'
import { keyOf, readKey } from '../domain/statement-key'
import { sorted, sumUp } from '../statements/statement-rows'
import { sampledRow } from './sampled-row'

const sums = {
  calls: 4,
  total_exec_time: 40,
  exec_time_squares: 500,
  rows: 8,
  plans: 0,
  total_plan_time: 0,
  shared_blks_hit: 30,
  shared_blks_read: 10,
  shared_blks_dirtied: 0,
  shared_blks_written: 0,
  local_blks: 0,
  temp_blks_read: 1,
  temp_blks_written: 2,
  shared_blk_read_time: 3,
  shared_blk_write_time: 0,
  temp_blk_time: 1,
  wal_records: 0,
  wal_fpi: 0,
  wal_bytes: 5,
  jit_time: 0,
  max_exec_time: 90,
  max_known: null,
  min_known: null,
}
const identity = {
  statement: 7,
  queryid: '-5',
  userid: 10,
  dbid: 5,
  toplevel: true,
  rolname: 'a',
  datname: 'd',
  own: false,
  cut: false,
  firstSeen: '2026-11-23T00:00:00Z',
}
const row = (change: object = {}) => sampledRow({ ...identity, ...sums, query: 'select a\nfrom b', ...change }, 'SELECT b')

describe('a row of the samples', () => {
  it('has mean and deviation of its range, and the longest that is known', () => {
    expect(row()).toMatchObject({
      key: '-5.10.5.1',
      mean: 10,
      stddev: 5,
      max: 90,
      maxWithin: false,
      io: 4,
      query: 'select a from b',
      name: 'SELECT b',
    })
    expect(row({ max_known: 20 })).toMatchObject({ max: 90, maxWithin: false })
    expect(row({ max_known: 90 })).toMatchObject({ max: 90, maxWithin: true })
    expect(row({ max_known: 20, calls: 1 })).toMatchObject({ max: 20, maxWithin: true })
    expect(row({ query: null })).toMatchObject({ query: null })
  })

  it('is found again by its key, and nothing else is', () => {
    expect(readKey(keyOf(identity))).toEqual({ queryid: '-5', userid: 10, dbid: 5, toplevel: true })
    for (const key of ['', '1.2.3', "1.2.3.1'", '1.2.3.4', 'x.2.3.1']) expect(readKey(key)).toBeNull()
  })
})

describe('rows', () => {
  const rows = [
    row({ statement: 1 }),
    row({ statement: 2, shared_blks_read: 0, total_exec_time: 50 }),
    row({ statement: 3, shared_blks_hit: 0, shared_blks_read: 0, query: 'delete from a' }),
  ]
  const order = (...by: [Parameters<typeof sorted>[1], 'asc' | 'desc']) => sorted(rows, ...by).map(({ statement }) => statement)

  it('are sorted either way, those with the most time first where they are alike', () => {
    expect(order('total', 'desc')).toEqual([2, 1, 3])
    expect(order('query', 'asc')).toEqual([3, 2, 1])
    expect(order('calls', 'asc')[0]).toBe(2)
  })

  it('without any block are no worst hit ratio', () => expect(order('hit', 'asc')).toEqual([1, 2, 3]))

  it('add up', () => expect(sumUp(rows)).toMatchObject({ calls: 12, total: 130, hit: 60, read: 10 }))
})
