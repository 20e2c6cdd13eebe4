import { describe, expect, it } from 'vitest'
import type { ExportAbout } from '@/db/history/export-statements'
import type { QueryRow } from '@/db/statements/statement-rows'
import { asCsv, asJson } from './export-rows'

const about: ExportAbout = {
  server: 's',
  database: 'd',
  at: '2026-11-23T14:00:00.000Z',
  source: 'samples',
  from: '2026-11-23T13:00:00.000Z',
  to: '2026-11-23T14:00:00.000Z',
  sampledSeconds: 3540,
  blockSizeBytes: 8192,
  databaseMs: 160,
  totalMs: 80,
}
const row: QueryRow = {
  ...{ key: '', statement: 1, queryid: '-9007199254740993', userid: 10, dbid: 5, toplevel: true, rolname: 'app', datname: 'd' },
  ...{ query: '', name: '', mean: 10, stddev: 2, max: 90, maxWithin: false, firstSeen: null, trend: [] },
  ...{ calls: 4, total: 40, rows: 8, plans: 0, planning: 0, hit: 30, read: 10, dirtied: 0, written: 0, tempRead: 1, tempWritten: 2 },
  ...{ io: 4, wal: 5, jit: 0 },
}
const csv = (text: string | null, more: Partial<QueryRow> = {}) => {
  const [heading, line] = asCsv([{ row: { ...row, ...more }, text }], about).split('\r\n')
  return { heading: heading?.split(',') ?? [], line: line ?? '' }
}

describe('an export', () => {
  it('has the unit of each number in its name, every digit, and the range in each line', () => {
    const { heading, line } = csv('select 1')
    const cells = new Map(heading.map((name, at) => [name, line.split(',')[at]]))
    expect(Object.fromEntries(cells)).toMatchObject({
      queryid: '-9007199254740993',
      total_time_ms: '40',
      share_of_time_ratio: '0.25',
      mean_time_ms: '10',
      shared_read_blocks: '10',
      block_size_bytes: '8192',
      wal_bytes: '5',
      first_seen_utc: '',
      from_utc: about.from,
      sampled_seconds: '3540',
      query: 'select 1',
    })
    for (const name of heading)
      expect(name).toMatch(
        /_(ms|bytes|blocks|ratio|seconds|utc)$|^(queryid|toplevel|user|database|calls|max_is_of_this_range|rows|plans|query)$/,
      )
  })

  it.each(['=1+1', '@x', '-- a remark', '+1'])('makes no formula of %s', (text) => {
    expect(csv(text).line.endsWith(`,'${text}`)).toBe(true)
    expect(csv('x', { rolname: text }).line).toContain(`,'${text},`)
  })

  it('keeps a statement of several lines in one cell', () => {
    expect(asCsv([{ row, text: 'select "a",\n1' }], about).endsWith(',"select ""a"",\n1"\r\n')).toBe(true)
    expect(csv(null).line.endsWith(',')).toBe(true)
  })

  it('is the same as JSON, with what stands above it', () => {
    const told = JSON.parse(asJson([{ row, text: null }], about))
    expect(told).toMatchObject({ ...about, statements: [{ queryid: '-9007199254740993', total_time_ms: 40, query: null, toplevel: true }] })
  })
})
