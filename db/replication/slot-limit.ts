import { changeSettingsRequest } from '../commands/change-settings/request'
import type { CommandRequest } from '../domain/command-request'
import type { ReplicationNow, Slot, WalState } from './look'

/** What a slot keeps against what it may keep. */
export interface SlotLimit {
  /** Bytes that may be kept; null: no limit. */
  limit: number | null
  /** Share of it that is kept, 0 … 1 and beyond; null without a limit. */
  share: number | null
  /** Bytes of WAL until the server may remove what the slot needs; null without a limit. */
  left: number | null
}

/** safe_wal_size says what is left, with wal_keep_size and whole segments taken into account (manual, 52.19). */
export function slotLimit({ retained_bytes: kept, safe_bytes: left }: Slot, { max_slot_wal_keep_bytes: limit }: WalState): SlotLimit {
  if (limit === null || kept === null) return { limit, share: null, left: null }
  if (left === null) return { limit, share: limit > 0 ? kept / limit : 1, left: Math.max(0, limit - kept) }
  const whole = kept + Math.max(0, left)
  return { limit, share: whole > 0 ? kept / whole : 1, left: Math.max(0, left) }
}

/**
 * When a slot without a reader reaches its limit, or where it has none, fills the volume of pg_wal (ISO 8601), at the mean rate of WAL; null
 * where the rate, or what is left, is not known.
 */
export function limitReachedAt(slot: Slot, { state, walRate, walRoom }: ReplicationNow): string | null {
  const { limit, left: toLimit } = slotLimit(slot, state)
  const left = limit === null ? (walRoom?.bytes ?? null) : toLimit
  if (left === null || walRate === null || slot.active) return null
  const at = Date.parse(state.server_now) + (left / walRate) * 1000
  return at < Date.parse(state.server_now) + MOST_MS ? new Date(at).toISOString() : null
}

/** A date that is further away says nothing: 10 years. */
const MOST_MS = 10 * 365 * 86_400_000

const [MB, GB] = [1024 ** 2, 1024 ** 3]

/**
 * Another max_slot_wal_keep_size for a slot on its way to the end: twice as much where there is a limit, so that its reader has time; where there
 * is none, what the slots keep now and half of what is free, so that the slot is lost before the disk is full. Both are our choices.
 * Undefined where the room is not known: a limit below what is kept would lose the slot at once.
 */
export function otherLimit({ state, slots, walRoom }: ReplicationNow): CommandRequest | undefined {
  const { max_slot_wal_keep_bytes: limit } = state
  if (limit === null && walRoom === null) return undefined
  const kept = Math.max(0, ...slots.map(({ retained_bytes: bytes }) => bytes ?? 0))
  const bytes = limit === null ? kept + (walRoom?.bytes ?? 0) / 2 : 2 * limit
  const size = bytes >= 4 * GB ? `${Math.floor(bytes / GB)}GB` : `${Math.floor(bytes / MB)}MB`
  const verb = limit === null ? `Limit WAL of slots to ${size}` : `Raise limit of slots to ${size}`
  return { ...changeSettingsRequest({ set: { max_slot_wal_keep_size: size } }), label: { verb, many: 'settings' } }
}
