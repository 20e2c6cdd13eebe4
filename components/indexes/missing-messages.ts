import type { MissingIndex } from '@/db/indexes/missing-indexes'
import { bytesShort, count } from '../format'

/** What the want of it has cost so far: 1,204 rows deleted, each read 41 MB. */
export function missingCost({ deleted, readBytes }: Pick<MissingIndex, 'deleted' | 'readBytes'>): string {
  const read = readBytes === null ? '' : `reads ${bytesShort(readBytes)}`
  if (deleted === '0') return `No row was deleted from the referenced table${read && `; a delete ${read}`}`
  return `${count(deleted)} ${deleted === '1' ? 'row' : 'rows'} deleted from the referenced table${read && `; each ${read}`}`
}
