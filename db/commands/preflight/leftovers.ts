import { formatBytes } from '../../domain/format'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { PreflightCheck } from '../define-command'
import { leftoverIndexes } from '../facts/leftovers'
import type { RelationFacts } from '../facts/load'

/** Invalid copies of an earlier concurrent build on the same table. */
export const leftovers: PreflightCheck<RelationFacts> = async (target, { object }) => {
  const found = await runRead(target, leftoverIndexes, { relids: [object.relid], relnames: [] })
  if (!found.ok) return found
  const others = found.value.filter(({ oid }) => oid !== object.oid)
  if (others.length === 0) return ok(null)
  const names = others.map(({ relname, bytes }) => (bytes === null ? relname : `${relname} (${formatBytes(bytes)})`)).join(', ')
  const kept = others.some(({ indisready }) => indisready)
  return ok({
    name: 'leftovers',
    status: 'warn',
    title: others.length === 1 ? 'An invalid leftover on this table' : `${others.length} invalid leftovers on this table`,
    detail: `${names}: no query uses ${others.length === 1 ? 'it' : 'them'}${kept ? ', yet writes keep it up to date' : ''}. Drop first to free the space.`,
  })
}
