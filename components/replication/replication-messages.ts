import { bytesShort, duration, exactCount, plural } from '../format'
import { appointment } from '../format-time'
import { type FindingRow, findingRows } from '../overview/overview-messages'
import type { ReplicationAnswer } from './replication-types'

/** Seconds as a time; an en dash for null. */
export const seconds = (value: number | null): string => duration(value === null ? null : value * 1000)

/** A setting of time as PostgreSQL writes it: 5min, 30s, 1h. */
export function settingTime(value: number): string {
  if (value === 0) return '0'
  if (value % 3600 === 0) return `${value / 3600}h`
  return value % 60 === 0 ? `${value / 60}min` : `${value}s`
}

/** A setting of size as PostgreSQL writes it: 1GB, 64MB. */
export const settingSize = (bytes: number): string =>
  bytes >= 1024 ** 3 && bytes % 1024 ** 3 === 0 ? `${bytes / 1024 ** 3}GB` : `${Math.round(bytes / 1024 ** 2)}MB`

/** What wants an action, worst first; what is only worth knowing comes last. */
export const problemsOf = ({ checks }: ReplicationAnswer): FindingRow[] => findingRows(checks)

/** Must I act? */
export function replicationTitle(now: ReplicationAnswer): string {
  const acts = problemsOf(now).filter(({ severity }) => severity !== 'info')
  const [first] = acts
  const many = acts.reduce((sum, { total }) => sum + total, 0)
  if (first && many === 1) return titleOf(first, now)
  if (many > 1) return `${many} problems of replication and WAL need attention.`
  const blind = now.checks.filter(({ problem }) => problem !== null).length
  if (blind > 0) return `No problems found, but ${plural(blind, 'check', 'checks')} failed to run.`
  if (now.state.in_recovery)
    return now.receiver ? 'This standby follows its primary.' : 'This server is in recovery, without a connection to a primary.'
  const parts = partsOf(now)
  return parts.length > 0 ? `No problems in ${listed(parts)}.` : 'No standby, no slot and no archive.'
}

/** Slot left has no reader and retains 2.1 GB of WAL; with the date where it is known. */
function titleOf({ check, first }: FindingRow, { slots, state }: ReplicationAnswer): string {
  const slot = check === 'slot-inactive' && first.kind === 'server' ? slots.find(({ slot_name }) => slot_name === first.name) : undefined
  if (!slot?.reachedAt) return `${first.title}.`
  const end = state.max_slot_wal_keep_bytes === null ? 'the volume of pg_wal is full' : 'it reaches its limit'
  return `${first.title}; ${end} on ${appointment(slot.reachedAt)}.`
}

function partsOf({ standbys, slots, state }: ReplicationAnswer): string[] {
  return [
    standbys.length > 0 && plural(standbys.length, 'receiver', 'receivers'),
    slots.length > 0 && plural(slots.length, 'slot', 'slots'),
    state.archive_mode !== 'off' && 'the archive',
  ].filter((part) => part !== false)
}

const listed = (parts: string[]): string => (parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`)

/** The line below: lag, archive, rate; and what is hidden from the role. */
export function replicationEvidence(now: ReplicationAnswer): string {
  const { state, standbys, archiver, files, walRate } = now
  const lags = standbys.filter(({ slot_type, replay_bytes }) => slot_type !== 'logical' && replay_bytes !== null)
  const worst = lags.toSorted((a, b) => (b.replay_bytes ?? 0) - (a.replay_bytes ?? 0))[0]
  const sentences = [
    worst && lagWords(lags.length, worst),
    state.in_recovery && state.unreplayed_bytes !== null && `${bytesShort(state.unreplayed_bytes)} received and not replayed.`,
    state.archive_mode === 'off'
      ? 'archive_mode is off: there is no archive to restore from.'
      : archiver?.archived_seconds != null && `The last WAL file was archived ${seconds(archiver.archived_seconds)} ago.`,
    files && `pg_wal holds ${bytesShort(files.wal_bytes)} in ${exactCount(files.segments)} files.`,
    walRate !== null && `${bytesShort(walRate * 3600)} of WAL an hour over the last 24 h.`,
  ]
  return sentences.filter(Boolean).join(' ')
}

function lagWords(standbys: number, { replay_bytes: bytes, replay_seconds: time }: ReplicationAnswer['standbys'][number]): string {
  if (bytes === 0) return standbys === 1 ? 'The standby has replayed everything.' : `All ${standbys} standbys have replayed everything.`
  const behind = `${bytesShort(bytes)}${time === null ? '' : `, ${seconds(time)}`}`
  return standbys === 1 ? `The standby is ${behind} behind.` : `${standbys} standbys, at most ${behind} behind.`
}
