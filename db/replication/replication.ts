import type { Check } from '../checks/define-check'
import type { Row } from '../server/define-read'
import { serverFacts } from '../server/facts'
import { grantRole } from '../server/grants'
import { ok, type Problem, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { archiverBehind } from './checks/archiver-behind'
import { archiverFailing } from './checks/archiver-failing'
import { checkpointsRequested } from './checks/checkpoints-requested'
import { receiverGone } from './checks/receiver-gone'
import { recoveryConflicts } from './checks/recovery-conflicts'
import { slotInactive } from './checks/slot-inactive'
import { slotLost } from './checks/slot-lost'
import { standbyLag } from './checks/standby-lag'
import { syncStandbyMissing } from './checks/sync-standby-missing'
import { readReplicationNow, type Slot, type Standby, type WalState } from './look'
import { archiver } from './reads/archiver'
import { checkpoints } from './reads/checkpoints'
import { standbyConflicts } from './reads/standby-conflicts'
import { subscriptions } from './reads/subscriptions'
import { walActivity } from './reads/wal-activity'
import { walFiles } from './reads/wal-files'
import { walReceiver } from './reads/wal-receiver'
import { limitReachedAt, type SlotLimit, slotLimit } from './slot-limit'
import type { WalRoom } from './wal-room'

/** What the page of this topic says a verdict of. */
export const REPLICATION_CHECKS: readonly Check[] = [
  syncStandbyMissing,
  slotLost,
  slotInactive,
  receiverGone,
  standbyLag,
  recoveryConflicts,
  archiverFailing,
  archiverBehind,
  checkpointsRequested,
]

/** A slot with what it may keep, and when it has kept that, or the disk is full where it has no limit (ISO 8601; null: not known, or it has a reader). */
export type SlotWithLimit = Slot & SlotLimit & { reachedAt: string | null }

/** Replication and WAL of a server as they are now. */
export interface Replication {
  state: WalState
  standbys: Standby[]
  slots: SlotWithLimit[]
  /** Of a standby; null: none runs. */
  receiver: Row<typeof walReceiver> | null
  subscriptions: Row<typeof subscriptions>[]
  /** Empty on a primary. */
  conflicts: Row<typeof standbyConflicts>[]
  archiver: Row<typeof archiver> | null
  /** Size of pg_wal; null where it is not to be seen, for the reason beside it. */
  files: Row<typeof walFiles> | null
  filesProblem: Problem | null
  wal: Row<typeof walActivity> | null
  checkpoints: Row<typeof checkpoints> | null
  /** Mean bytes of WAL a second over the last day of samples; null: less than an hour of them. */
  walRate: number | null
  /** What is free where pg_wal lies; read where a slot without a reader has no other limit. */
  walRoom: WalRoom | null
  /** What shows the role everything; null where it sees everything. */
  grant: string | null
}

/** All that the page shows of now. Errors: of the reads that every role may do. */
export async function readReplication(target: Target, past: Parameters<typeof readReplicationNow>[1]): Promise<Result<Replication>> {
  const [now, receiver, subscribed, conflicts, archived, files, wal, counted, facts] = await Promise.all([
    readReplicationNow(target, past),
    runRead(target, walReceiver, {}),
    runRead(target, subscriptions, {}),
    runRead(target, standbyConflicts, {}),
    runRead(target, archiver, {}),
    runRead(target, walFiles, {}),
    runRead(target, walActivity, {}),
    runRead(target, checkpoints, {}),
    serverFacts(target),
  ])
  if (!now.ok) return now
  if (!facts.ok) return facts
  for (const read of [receiver, subscribed, conflicts, archived, wal, counted]) if (!read.ok) return read
  const { state, slots, standbys, walRate, walRoom } = now.value
  const rows = <T>(read: Result<T[]>): T[] => (read.ok ? read.value : [])
  return ok({
    state,
    standbys,
    slots: slots.map((slot) => ({ ...slot, ...slotLimit(slot, state), reachedAt: limitReachedAt(slot, now.value) })),
    receiver: rows(receiver)[0] ?? null,
    subscriptions: rows(subscribed),
    conflicts: rows(conflicts),
    archiver: rows(archived)[0] ?? null,
    files: rows(files)[0] ?? null,
    filesProblem: files.ok ? null : files.problem,
    wal: rows(wal)[0] ?? null,
    checkpoints: rows(counted)[0] ?? null,
    walRate,
    walRoom,
    grant: state.sees_all && state.sees_settings && files.ok ? null : grantRole('pg_monitor', facts.value).join('; '),
  })
}
