import type { Check, Finding } from '../../checks/define-check'
import { dropReplicationSlotRequest } from '../../commands/drop-replication-slot/request'
import { formatAge, formatBytes, formatMoment, formatPercent } from '../../domain/format'
import { literal } from '../../server/identifiers'
import { OF_SERVER, ofReplication, type ReplicationNow, type Slot } from '../look'
import { limitReachedAt, otherLimit, slotLimit } from '../slot-limit'
import { isLost } from './slot-lost'

/** Our choices. Of max_wal_size, below which WAL costs no disk beyond what checkpoints take anyway (manual, 28.5): worth knowing from a tenth on. */
const INFO_SHARE = 0.1
/** Of the slot's limit. */
const BAD_SHARE = 0.5
/** Of max_wal_size, where the slot has no limit: pg_wal has then grown to three times what it is planned for. */
const BAD_SIZES = 2
/** A disk that is full sooner is nobody's plan. */
const BAD_MS = 86_400_000
/** A reader that restarts is back sooner. Told from 17 on. */
const BRIEF_SECONDS = 60

/** Slots that keep WAL for a reader who is not there. Those that a standby keeps in step with its primary have none by design. */
export const slotInactiveAfter = (briefSeconds: number): Check => ({
  name: 'slot-inactive',
  about: 'A replication slot without a reader keeps WAL from being removed',
  cadence: 'minute',
  scope: 'server',
  look: ofReplication(
    (now) =>
      now.slots
        .filter((slot) => isLeft(slot, briefSeconds) && (slot.retained_bytes ?? 0) >= INFO_SHARE * now.state.max_wal_bytes)
        .sort((a, b) => (b.retained_bytes ?? 0) - (a.retained_bytes ?? 0))
        .map((slot) => finding(slot, now)),
    { looksBack: true },
  ),
})

export const slotInactive = slotInactiveAfter(BRIEF_SECONDS)

const isLeft = (slot: Slot, briefSeconds: number): boolean =>
  !slot.active && !slot.temporary && slot.synced !== true && !isLost(slot) && (slot.inactive_seconds ?? briefSeconds) >= briefSeconds

function finding(slot: Slot, now: ReplicationNow): Finding {
  const { state } = now
  const kept = slot.retained_bytes ?? 0
  const held = slot.inactive_seconds === null ? '' : ` It has had no reader for ${formatAge(slot.inactive_seconds)}.`
  const also = otherLimit(now)
  return {
    ...OF_SERVER,
    name: slot.slot_name,
    title: `Slot ${slot.slot_name} has no reader and retains ${formatBytes(kept)} of WAL`,
    evidence: `${limitWords(slot, now)}${held} max_wal_size is ${formatBytes(state.max_wal_bytes)}. Start its reader again, or drop the slot if nobody needs it.`,
    severity: severityOf(kept, slot, now),
    ...(slot.inactive_since ? { since: slot.inactive_since } : {}),
    fix: dropReplicationSlotRequest({ slot: slot.slot_name }),
    ...(also && { also }),
    sql: `SELECT pg_drop_replication_slot(${literal(slot.slot_name)});`,
  }
}

function severityOf(kept: number, slot: Slot, now: ReplicationNow): Finding['severity'] {
  const { state } = now
  const { share } = slotLimit(slot, state)
  const fullAt = share === null ? limitReachedAt(slot, now) : null
  if (fullAt && Date.parse(fullAt) - Date.parse(state.server_now) < BAD_MS) return 'bad'
  if (share === null ? kept >= BAD_SIZES * state.max_wal_bytes : share >= BAD_SHARE) return 'bad'
  return kept >= state.max_wal_bytes ? 'warn' : 'info'
}

function limitWords(slot: Slot, now: ReplicationNow): string {
  const { limit, share } = slotLimit(slot, now.state)
  if (limit === null || share === null) {
    if (!now.walRoom)
      return 'max_slot_wal_keep_size is -1, so WAL is kept until the disk is full. How much is free there is not known: the server is not on this machine, and nobody typed the size of its volume in (Storage).'
    const { bytes, measured } = now.walRoom
    const free = measured ? `${formatBytes(bytes)} are free` : `${formatBytes(bytes)} at most are free, by the size that was typed in`
    return `max_slot_wal_keep_size is -1, so WAL is kept until the volume of pg_wal is full: ${free}.${dateWords(slot, now)}`
  }
  return `That is ${formatPercent(share)} of max_slot_wal_keep_size (${formatBytes(limit)}), beyond which the slot is lost.${dateWords(slot, now)}`
}

function dateWords(slot: Slot, now: ReplicationNow): string {
  const reached = limitReachedAt(slot, now)
  if (reached)
    return ` At the mean rate of the last 24 h, ${formatBytes(Math.round((now.walRate ?? 0) * 3600))} of WAL an hour, that is about ${formatMoment(reached)}.`
  return now.walRate === null ? ' When that is reached is not known: it takes an hour of samples of WAL.' : ''
}
