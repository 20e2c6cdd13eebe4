import { describe, expect, test } from 'vitest'
import type { IndexFinding } from '@/db/indexes/index-finding'
import type { MissingIndex } from '@/db/indexes/missing-indexes'
import { asCsv, asJson, asMarkdown } from './export-rows'

const zero = { bloated: 0, unused: 0, redundant: 0, invalid: 0, 'not-scanned': 0, constraint: 0, healthy: 0 }
const about = {
  server: 'lms-sample',
  database: 'lms',
  missing: 1,
  at: '2026-11-23T14:02:07Z',
  unused: { seconds: 34 * 86_400, after: 35 * 86_400, withheld: null, notScanned: { count: 0, bytes: 0 } },
  summary: {
    total: 2,
    bytes: 10,
    databaseBytes: 100,
    counts: { ...zero, redundant: 1, healthy: 1 },
    reclaim: { ...zero, redundant: 5 },
    bloatBytes: 0,
    knownBytes: 10,
    estimated: true,
    statsReset: '2026-10-20T06:12:00Z',
    statsSince: '2026-10-20T06:12:00Z',
    skipped: 0,
  },
}

const row = (more: Partial<IndexFinding>): IndexFinding => ({
  indexrelid: 7,
  schemaname: 'public',
  relname: 't',
  relid: 6,
  indexrelname: 'i',
  amname: 'btree',
  bytes: 1_048_576,
  reltuples: 10,
  verdict: 'redundant',
  rule: 'Redundant: it repeats j, key for key.',
  bloatBytes: 104_858,
  bloatRatio: 0.1,
  trust: { kind: 'estimated', plusMinus: 2.5 },
  measuredAt: null,
  reclaimBytes: 1_048_576,
  idxScan: '9007199254740993',
  tableShare: 0.5,
  unusedWithheld: null,
  unusedCandidate: false,
  unusedSettles: null,
  unusedRemedy: null,
  unusedSince: null,
  lastIdxScan: null,
  isUnique: false,
  isPrimary: false,
  conname: null,
  redundantWith: { indexrelid: 8, indexrelname: 'j', kind: 'duplicate' },
  standIn: null,
  foreignKeys: [],
  partitions: 0,
  partitioned: false,
  exclusion: false,
  invalid: null,
  skipped: null,
  ...more,
})

describe('CSV', () => {
  test('has one line a row, keeps every digit, leaves unknown empty', () => {
    const [head, line, end] = asCsv([row({ bloatBytes: null, bloatRatio: null, trust: { kind: 'withheld', reason: 'GIN' } })]).split('\r\n')
    expect(head).toBe(
      'schema,table,index,oid,verdict,bytes,bloat_bytes,bloat_ratio,trust,plus_minus,reason,reclaim_bytes,scans,table_share,last_scan,redundant_with,constraint,rule,stand_in,stand_in_doubt,create_sql',
    )
    expect(line).toBe(
      'public,t,i,7,redundant,1048576,,,withheld,,GIN,1048576,9007199254740993,0.5,,j,,"Redundant: it repeats j, key for key.",,,',
    )
    expect(end).toBe('')
  })

  test('quotes, and tames what a spreadsheet would calculate', () => {
    const names = ['a"b', 'x,y', 'two\nlines', '=cmd()', '-1+1', '@x']
    const cells = names.map(
      (indexrelname) =>
        asCsv([row({ indexrelname })])
          .split('\r\n')
          .slice(1, -1)
          .join('\r\n')
          .slice('public,t,'.length)
          .split(',7,')[0],
    )
    expect(cells).toEqual(['"a""b"', '"x,y"', '"two\nlines"', "'=cmd()", "'-1+1", "'@x"])
  })
})

test('an index that could stand in has a column, with the doubt, in every format', () => {
  const standIn = { indexrelid: 9, indexrelname: 'wide', doubt: 'it is 9 times as large', likely: false }
  const healthy = row({ verdict: 'healthy', redundantWith: null, standIn })
  expect(asCsv([healthy]).split('\r\n')[1]).toMatch(/,wide,it is 9 times as large,$/)
  expect(JSON.parse(asJson([healthy], about)).indexes).toMatchObject([{ stand_in: 'wide', stand_in_doubt: 'it is 9 times as large' }])
  expect(asMarkdown([healthy], about)).toContain('| `wide`? it is 9 times as large |')
  expect(asMarkdown([row({ redundantWith: null })], about)).toMatch(/\| 50\.0% \| {2}\|\n$/)
})

test('one that is missing says why and how it would be built, and has no number of an index', () => {
  const missing: MissingIndex = {
    verdict: 'missing',
    id: -9,
    columns: ['p'],
    deleted: '3',
    readBytes: 2_097_152,
    finding: {
      kind: 'relation',
      what: 'table',
      title: 'Foreign key f of public.t has no index',
      evidence: 'Each row deleted reads all of it.',
      trust: { kind: 'exact' },
      severity: 'info',
      schemaname: 'public',
      relname: 't',
      oid: 6,
      fix: null,
      sql: 'CREATE INDEX t_p_idx ON public.t (p);',
    },
  }
  expect(asCsv([missing]).split('\r\n')[1]).toBe(
    `public,t,,,missing${','.repeat(13)}Each row deleted reads all of it.,,,CREATE INDEX t_p_idx ON public.t (p);`,
  )
  expect(JSON.parse(asJson([missing], about)).indexes).toMatchObject([{ index: null, oid: null, bytes: null, verdict: 'missing' }])
  expect(asMarkdown([missing], about)).toContain('| new on `(p)` | `public.t` | Missing |')
})

test('JSON holds the same names and what stands above the rows', () => {
  const told = JSON.parse(asJson([row({})], about))
  expect(told).toMatchObject({
    server: 'lms-sample',
    summary: { total: 2 },
    indexes: [{ index: 'i', scans: '9007199254740993', trust: 'estimated', plus_minus: 2.5 }],
  })
})

test('Markdown: a name can neither end its cell nor become markup', () => {
  const report = asMarkdown([row({ indexrelname: 'a|`b`\n<img src=x>' })], about)
  const lines = report.split('\n')
  expect(lines[0]).toBe('# 1 of 2 indexes needs attention, 1 is missing.')
  expect(lines[2]).toBe('1 redundant.')
  expect(lines).toHaveLength(10)
  expect(lines[8]).toBe(
    '| ``a\\|`b` <img src=x>`` | `public.t` | Redundant | 1.0 MB | 10% | ± 3 | 1.0 MB | 9,007,199,254,740,993 | 50.0% | `j` |',
  )
})
