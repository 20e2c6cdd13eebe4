import type { Check, Finding } from '../../checks/define-check'
import { dropReplicationSlotRequest } from '../../commands/drop-replication-slot/request'
import { formatBytes } from '../../domain/format'
import { literal } from '../../server/identifiers'
import { OF_SERVER, ofReplication, type ReplicationNow, type Slot } from '../look'
import { otherLimit } from '../slot-limit'

/** Why the server invalidates a slot (manual, 52.19); before 17 it tells the loss alone. */
const REASONS: Record<string, string> = {
  wal_removed: 'the WAL that it needs was removed',
  rows_removed: 'rows that it needs were removed',
  wal_level_insufficient: 'wal_level of the primary was lowered',
  idle_timeout: 'it was idle for longer than idle_replication_slot_timeout',
}

/** The server has given the slot up. */
export const isLost = ({ wal_status, invalidation_reason, conflicting }: Slot): boolean =>
  wal_status === 'lost' || invalidation_reason !== null || conflicting === true

/** A slot whose reader cannot go on, and one that will be so at the next checkpoint. */
export const slotLost: Check = {
  name: 'slot-lost',
  about: 'A replication slot has lost the WAL that its reader needs, or loses it at the next checkpoint',
  cadence: 'minute',
  scope: 'server',
  look: ofReplication((now) => {
    const there = now.slots.filter(({ temporary }) => !temporary)
    return [
      ...there.filter(isLost).map(lost),
      ...there.filter((slot) => !isLost(slot) && slot.wal_status === 'unreserved').map(losing(now)),
    ]
  }),
}

function lost({ slot_name: name, slot_type: type, invalidation_reason: reason }: Slot): Finding {
  const why = reason === null ? 'The server does not tell why before 17' : `Reason: ${REASONS[reason] ?? reason}`
  const again =
    type === 'logical' ? 'Its subscriber has to copy its tables again' : 'Its standby has to be made again, or fed from the archive'
  return {
    ...OF_SERVER,
    name,
    title: `Slot ${name} is lost`,
    evidence: `${why}. ${again}. The slot is of no more use: drop it.`,
    severity: 'bad',
    fix: dropReplicationSlotRequest({ slot: name }),
    sql: `SELECT pg_drop_replication_slot(${literal(name)});`,
  }
}

const sizeWords = (limit: number | null): string => (limit === null ? '' : ` (${formatBytes(limit)})`)

const losing =
  (now: ReplicationNow) =>
  ({ slot_name: name, active }: Slot): Finding => ({
    ...OF_SERVER,
    ...(otherLimit(now) && { also: otherLimit(now) }),
    name,
    title: `Slot ${name} loses its WAL at the next checkpoint`,
    evidence:
      `It retains more than max_slot_wal_keep_size${sizeWords(now.state.max_slot_wal_keep_bytes)}, ` +
      `so wal_status is unreserved. ${active ? 'Its reader may still catch up' : 'It has no reader'}; raise the limit to keep it, or drop it.`,
    severity: 'bad',
  })
