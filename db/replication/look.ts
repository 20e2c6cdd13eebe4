import type { DelayedStandby, Finding, Past } from '../checks/define-check'
import type { Row } from '../server/define-read'
import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { replicationSlots } from './reads/replication-slots'
import { standbys } from './reads/standbys'
import { walState } from './reads/wal-state'
import { type WalRoom, walRoom } from './wal-room'

export type WalState = Row<typeof walState>
export type Standby = Row<typeof standbys> & {
  /** It replays so much later on purpose (recovery_min_apply_delay), as far as the console samples it; null: not known, or at once. */
  meant_seconds: number | null
}
export type Slot = Row<typeof replicationSlots>

/** What most checks of this topic look at. */
export interface ReplicationNow {
  state: WalState
  /** Empty where the role sees none of their columns. */
  standbys: Standby[]
  slots: Slot[]
  /** Mean bytes of WAL a second over the last day; null where less than an hour of it was sampled, or nothing was written. */
  walRate: number | null
  /** Read where a slot without a reader has no other limit than the disk; null: not read, or not known. */
  walRoom: WalRoom | null
}

const DAY_MS = 86_400_000
/** Less says nothing of a rate: a nightly load would count as always, or never. */
const LEAST_SECONDS = 3_600

/** Where the server is in its WAL. Errors: of the read. */
export async function readWalState(target: Target): Promise<Result<WalState>> {
  const read = await runRead(target, walState, {})
  if (!read.ok) return read
  return read.value[0] ? ok(read.value[0]) : failed('sql_error', 'The read wal-state gave no row')
}

/** Positions, receivers of WAL and slots of a server, with the rate at which it writes. Errors: of the first read that fails. */
export async function readReplicationNow(target: Target, past?: Past): Promise<Result<ReplicationNow>> {
  const [state, receivers, slots, rate, readUntil, delayed = []] = await Promise.all([
    readWalState(target),
    runRead(target, standbys, {}),
    runRead(target, replicationSlots, {}),
    walRate(past),
    past?.slotsRead?.(),
    past?.delayed?.(),
  ])
  if (!state.ok) return state
  if (!receivers.ok) return receivers
  if (!slots.ok) return slots
  const endless =
    state.value.max_slot_wal_keep_bytes === null && slots.value.some(({ active, retained_bytes }) => !active && retained_bytes)
  return ok({
    state: state.value,
    standbys: receivers.value.map((one) => ({ ...one, meant_seconds: delayOf(one, receivers.value, delayed) })),
    slots: slots.value.map((slot) => withSince(slot, state.value, readUntil)),
    walRate: rate,
    walRoom: endless ? await walRoom(target, past) : null,
  })
}

/** Before 17 the server does not tell since when a slot has no reader: the samples do. */
function withSince(slot: Slot, { server_now: now }: WalState, readUntil?: Map<string, string>): Slot {
  const since = slot.active || slot.inactive_since !== null ? undefined : readUntil?.get(slot.slot_name)
  return since === undefined
    ? slot
    : { ...slot, inactive_since: since, inactive_seconds: Math.max(0, (Date.parse(now) - Date.parse(since)) / 1000) }
}

/** By the slot that it reads, else by its name where no other has that. */
function delayOf(one: Row<typeof standbys>, all: Row<typeof standbys>[], delayed: readonly DelayedStandby[]): number | null {
  const alone = all.filter(({ application_name: name }) => name === one.application_name).length === 1
  const found = delayed.find(({ slot, name }) => (slot === null ? alone && name === one.application_name : slot === one.slot_name))
  return found?.seconds ?? null
}

async function walRate(past?: Past): Promise<number | null> {
  const now = new Date()
  const seen = await past?.counters?.(null, new Date(now.getTime() - DAY_MS), now)
  return seen && seen.seconds >= LEAST_SECONDS && seen.wal_bytes > 0 ? seen.wal_bytes / seen.seconds : null
}

/** A check on the state of replication and WAL; looksBack: it needs the rate of WAL, or since when slots have no reader, from the samples. */
export const ofReplication =
  (find: (now: ReplicationNow) => Finding[], { looksBack = false } = {}) =>
  async (target: Target, past?: Past): Promise<Result<Finding[]>> => {
    const now = await readReplicationNow(target, looksBack ? past : undefined)
    return now.ok ? ok(find(now.value)) : now
  }

/** What findings of this topic have in common: they are the server's, and were read, not estimated. */
export const OF_SERVER = { kind: 'server', trust: { kind: 'exact' }, fix: null, sql: null } as const

/** The moment so many seconds before the server's clock. */
export const secondsBefore = ({ server_now }: Pick<WalState, 'server_now'>, seconds: number): string =>
  new Date(Date.parse(server_now) - seconds * 1000).toISOString()

/** A standby that replays, and no base backup, pg_receivewal or logical reader. */
export const isStandby = ({ state, replay_bytes, slot_type }: Standby): boolean =>
  state !== null && state !== 'backup' && replay_bytes !== null && slot_type !== 'logical'

/** replica_1, else its address, else its pid. */
export const standbyName = ({ application_name, client_addr, pid }: Standby): string => application_name || client_addr || `pid ${pid}`
