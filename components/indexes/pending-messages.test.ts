import { describe, expect, it } from 'vitest'
import { pendingWords, rangeWords } from './pending-messages'

const words = (pending_pages: number, pending_tuples: number, fastupdate = true) =>
  pendingWords({ ok: true, value: { pending_pages, pending_tuples, fastupdate, limit_bytes: 4 * 1024 ** 2 } })

describe('the words on a pending list', () => {
  it('say what waits, what it costs, and what empties it', () => {
    expect(words(12, 3400)).toMatch(
      /^12 pages with 3,400 rows pending.*VACUUM or gin_clean_pending_list\(\).*gin_pending_list_limit of 4.*MB/,
    )
    expect(words(1, 1)).toMatch(/^1 page with 1 row pending/)
    expect(words(0, 0)).toMatch(/^Empty; fastupdate is on/)
    expect(words(0, 0, false)).toBe('Empty; fastupdate is off')
  })

  it('say why it was not read', () => {
    const problem = { kind: 'missing_extension' as const, message: 'pgstattuple is not installed', fix: 'CREATE EXTENSION pgstattuple' }
    expect(pendingWords({ ok: false, problem })).toBe('Not read: pgstattuple is not installed. Needs: CREATE EXTENSION pgstattuple')
  })
})

describe('the words on ranges of a BRIN index', () => {
  const of = (ranges: number, summarized: number) =>
    rangeWords({ ok: true, value: { pages_per_range: 128, ranges, summarized, autosummarize: false } })

  it('say how many have no summary, and what makes one', () => {
    expect(of(1200, 1000)).toMatch(/^200 of 1,200 full ranges.*brin_summarize_new_values\(\).*128 pages a range, autosummarize is off$/)
    expect(of(1200, 1201)).toMatch(/^All 1,200 full ranges/)
  })

  it('say that nothing but pageinspect tells', () => {
    const problem = { kind: 'missing_extension' as const, message: 'not installed', fix: 'CREATE EXTENSION pageinspect' }
    expect(rangeWords({ ok: false, problem })).toMatch(/n\/a.*pageinspect.*Needs: CREATE EXTENSION pageinspect$/)
  })
})
