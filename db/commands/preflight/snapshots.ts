import { formatFirst } from '../../domain/format'
import { readHolders } from '../../tables/read-holders'
import { formatHolder } from '../../tables/snapshot-holders'
import { line, type PreflightCheck } from '../define-command'
import type { RelationFacts } from '../facts/load'

/**
 * Whose snapshot keeps what died from VACUUM, with FULL too: rows that somebody may still see are copied. Slots and standbys
 * count as sessions do; who holds a lock, and only waits, is in other lines.
 */
export const snapshots: PreflightCheck<RelationFacts> = async (target, { facts }) => {
  const holders = await readHolders(target)
  if (!holders.ok) return holders
  const [first, ...others] = holders.value
  if (!first)
    return line(
      'snapshot',
      'pass',
      'No snapshot holds dead rows',
      'No session, prepared transaction, slot or standby keeps them, as far as this role may see.',
    )
  return line(
    'snapshot',
    'warn',
    others.length === 0 ? 'A snapshot holds dead rows' : `${holders.value.length} snapshots hold dead rows`,
    `${formatFirst(holders.value.map(formatHolder))}. Rows of ${facts.table_name} that died since stay, whatever this run does.`,
  )
}
