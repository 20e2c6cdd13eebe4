import { describe, expect, it } from 'vitest'
import type { IndexFinding } from '@/db/indexes/index-finding'
import type { TableFinding } from '@/db/tables/table-health'
import { type Found, foundLines, parsed } from './found'

const PLACE = { server: 'sample', database: 'lms' }
const index = (indexrelid: number, change: Partial<IndexFinding> = {}) =>
  ({
    indexrelid,
    indexrelname: `idx_${indexrelid}`,
    relname: 't',
    verdict: 'bloated',
    invalid: null,
    conname: null,
    ...change,
  }) as IndexFinding
const table = (relid: number) => ({ relid, schemaname: 'public', relname: `t_${relid}`, kind: 'table' }) as TableFinding
const found: Found = {
  indexes: [index(1), index(2, { verdict: 'unused' }), index(3)],
  tables: [table(10)],
  statements: [{ key: '5.10.1.t', query: 'select\n  1' }],
  settings: ['work_mem'],
}

describe('a search of the palette', () => {
  it.each([
    ['idx_a', { verb: null, text: 'idx_a' }],
    ['Rebuild idx_a', { verb: 'rebuild', text: 'idx_a' }],
    ['  drop  idx a ', { verb: 'drop', text: 'idx a' }],
    ['rebuild', { verb: null, text: 'rebuild' }],
    ['rebuilding idx', { verb: null, text: 'rebuilding idx' }],
  ])('"%s" has its verb and its name', (search, expected) => expect(parsed(search)).toEqual(expected))
})

describe('what the palette offers', () => {
  it('opens each thing on its page, and has commands of the first few', () => {
    const lines = foundLines(found, PLACE, null)
    expect(Object.fromEntries(lines.flatMap(({ key, href }) => (href ? [[key, href]] : [])))).toEqual({
      'index 1': '/sample/db/lms/indexes?index=1',
      'index 2': '/sample/db/lms/indexes?index=2',
      'index 3': '/sample/db/lms/indexes?index=3',
      'table 10': '/sample/db/lms/tables/10',
      'statement 5.10.1.t': '/sample/db/lms/statements?range=24h&query=5.10.1.t',
      'setting work_mem': '/sample/db/lms/settings?show=all&q=work_mem',
    })
    const commands = lines.filter(({ request }) => request).map(({ key, request }) => [key, request?.input])
    expect(commands).toEqual([
      ['Rebuild 1', { oid: 1, concurrently: true }],
      ['Rebuild 2', { oid: 2, concurrently: true }],
      ['Drop 2', { oid: 2, concurrently: true }],
      ['Vacuum 10', { oid: 10 }],
      ['Analyze 10', { oid: 10 }],
      ['Rebuild indexes of 10', { oid: 10 }],
    ])
  })

  it('offers the commands of the verb alone, of everything found', () => {
    const keys = (verb: string) => foundLines(found, PLACE, verb).flatMap(({ key, request }) => (request ? [key] : []))
    expect(keys('rebuild')).toEqual(['Rebuild 1', 'Rebuild 2', 'Rebuild 3', 'Rebuild indexes of 10'])
    expect(keys('drop')).toEqual(['Drop 2'])
    expect(keys('open')).toEqual([])
  })
})
