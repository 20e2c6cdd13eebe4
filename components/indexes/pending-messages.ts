import { bytes, exactCount } from '../format'
import type { DescribedIndex } from './described'

/** What waits in the pending list of a GIN index, and what empties it. */
export function pendingWords(pending: NonNullable<DescribedIndex['pending']>): string {
  if (!pending.ok) {
    const { message, mend } = pending.problem
    return `Not read: ${message}${mend ? `. Needs: ${mend}` : ''}`
  }
  const { pending_pages: pages, pending_tuples: rows, fastupdate, limit_bytes: limit } = pending.value
  const rule = fastupdate ? `fastupdate is on, with a gin_pending_list_limit of ${bytes(limit)}` : 'fastupdate is off'
  if (pages === 0) return `Empty; ${rule}`
  const waiting = `${exactCount(pages)} ${pages === 1 ? 'page' : 'pages'} with ${exactCount(rows)} ${rows === 1 ? 'row' : 'rows'} pending`
  return `${waiting}: every search reads them all. VACUUM or gin_clean_pending_list() moves them into the index; ${rule}`
}
