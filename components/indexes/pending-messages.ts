import { bytes, exactCount } from '../format'
import type { DescribedIndex } from './described'

/** Which ranges of its table a BRIN index has summarized, and what summarizes the others. No catalog knows it. */
export function rangeWords(read: NonNullable<DescribedIndex['ranges']>): string {
  if (!read.ok) {
    const { message, fix } = read.problem
    return `Unsummarized ranges: n/a, as only pageinspect tells them. ${message}${fix ? `. Needs: ${fix}` : ''}`
  }
  const { ranges, summarized, pages_per_range: pages, autosummarize } = read.value
  const rule = `${exactCount(pages)} pages a range, autosummarize is ${autosummarize ? 'on' : 'off'}`
  const without = Math.max(0, ranges - summarized)
  if (without === 0) return `All ${exactCount(ranges)} full ranges are summarized; ${rule}`
  return `${exactCount(without)} of ${exactCount(ranges)} full ranges are not summarized: every search reads their pages. VACUUM or brin_summarize_new_values() summarizes them; ${rule}`
}

/** What waits in the pending list of a GIN index, and what empties it. */
export function pendingWords(pending: NonNullable<DescribedIndex['pending']>): string {
  if (!pending.ok) {
    const { message, fix } = pending.problem
    return `Not read: ${message}${fix ? `. Needs: ${fix}` : ''}`
  }
  const { pending_pages: pages, pending_tuples: rows, fastupdate, limit_bytes: limit } = pending.value
  const rule = fastupdate ? `fastupdate is on, with a gin_pending_list_limit of ${bytes(limit)}` : 'fastupdate is off'
  if (pages === 0) return `Empty; ${rule}`
  const waiting = `${exactCount(pages)} ${pages === 1 ? 'page' : 'pages'} with ${exactCount(rows)} ${rows === 1 ? 'row' : 'rows'} pending`
  return `${waiting}: every search reads them all. VACUUM or gin_clean_pending_list() moves them into the index; ${rule}`
}
