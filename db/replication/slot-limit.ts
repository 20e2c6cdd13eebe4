import type { Slot, WalState } from './look'

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

/** When a slot without a reader reaches its limit (ISO 8601) at a rate in bytes a second; null where limit or rate is not known. */
export function limitReachedAt(slot: Slot, state: WalState, walRate: number | null): string | null {
  const { left } = slotLimit(slot, state)
  if (left === null || walRate === null || slot.active) return null
  const at = Date.parse(state.server_now) + (left / walRate) * 1000
  return at < Date.parse(state.server_now) + MOST_MS ? new Date(at).toISOString() : null
}

/** A date that is further away says nothing: 10 years. */
const MOST_MS = 10 * 365 * 86_400_000
