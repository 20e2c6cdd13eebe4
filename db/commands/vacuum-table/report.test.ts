import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { vacuumReports } from './report'

interface Recorded {
  language: string
  lazy: string[]
  full: string[]
  after: string[]
}

/**
 * As a PostgreSQL 15 of Debian said it to a session with lc_messages de_DE, fr_FR, ja_JP, ru_RU: a table of five pages and its TOAST table,
 * 500 of 1,000 rows deleted, 300 of them after somebody's snapshot; VACUUM, VACUUM FULL, and VACUUM when that snapshot was gone.
 */
const RECORDED: Recorded[] = JSON.parse(readFileSync('test/support/vacuum-texts.json', 'utf8'))

describe.each(RECORDED.map((one) => [one.language, one] as const))('what VACUUM (VERBOSE) says in the language %s', (_, said) => {
  it('is understood by its form', () => {
    const toast = { indexScans: 0, pagesRemoved: 0, stay: 0n }
    expect(vacuumReports(said.lazy)).toEqual([{ indexScans: 1, pagesRemoved: 1, stay: 300n }, toast])
    expect(vacuumReports(said.after)).toEqual([{ indexScans: 1, pagesRemoved: 0, stay: 0n }, toast])
    expect(vacuumReports(said.full)).toEqual([{ indexScans: null, pagesRemoved: null, stay: 300n }])
  })
})

it.each([
  ['INFO:  analyzing "public.t5"'],
  ['INFO:  "t5": scanned 4 of 4 pages, containing 500 live rows and 0 dead rows; 500 rows in sample, 500 estimated total rows'],
  ['INFO:  table "t5": truncated 5 to 4 pages\nDETAIL:  CPU: user: 0.00 s, system: 0.00 s, elapsed: 0.00 s'],
  ['INFO:  scanned index "t5_pkey" to remove 300 row versions\nDETAIL:  CPU: user: 0.00 s, system: 0.00 s, elapsed: 0.00 s'],
  [
    'INFO:  index "t5_pkey" now contains 500 row versions in 5 pages\nDETAIL:  300 index row versions were removed.\n0 index pages were newly deleted.',
  ],
  ['WARNING:  permission denied to vacuum "theirs", skipping it'],
  ['NOTICE:  "a 1"\n1 2 3'],
])('%j is no report', (text) => {
  expect(vacuumReports([text])).toEqual([])
})

describe.each(MAJORS)('VACUUM (VERBOSE) of PostgreSQL %i', (major) => {
  it('reports each table once, with the rows that a snapshot keeps', async () => {
    const db = await testDatabase(major)
    try {
      await db.client.query(
        'create table "t 5" (id int primary key) with (autovacuum_enabled = off); insert into "t 5" select generate_series(1, 1000)',
      )
      const other = await db.connect()
      await other.query('begin isolation level repeatable read; select 1')
      await db.client.query('delete from "t 5" where id <= 300')
      const said: string[] = []
      db.client.on('notice', ({ severity, message, detail }) =>
        said.push(`${severity}:  ${message}${detail ? `\nDETAIL:  ${detail}` : ''}`),
      )
      await db.client.query('vacuum (verbose) "t 5"')
      const counted = major >= 15 ? { indexScans: 0, pagesRemoved: 0 } : { indexScans: null, pagesRemoved: null }
      expect(vacuumReports(said)).toEqual([{ ...counted, stay: 300n }])
      said.length = 0
      await db.client.query('vacuum (full, verbose) "t 5"')
      expect(vacuumReports(said)).toEqual([{ indexScans: null, pagesRemoved: null, stay: 300n }])
    } finally {
      await db.drop()
    }
  })
})
