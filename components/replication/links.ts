import { bytesShort, plural } from '../format'
import { appointment, sinceWords } from '../format-time'
import { seconds, settingTime } from './replication-messages'
import type { ReplicationAnswer } from './replication-types'

export type Tone = 'ok' | 'warn' | 'bad' | 'off'

/** One that this server gives WAL to, or gets it from. */
export interface Link {
  key: string
  name: string
  /** standby, pgoutput, archive. */
  what: string
  tone: Tone
  /** Above and below the line between the two. */
  over: string
  under: string
  /** Nobody is at the other end. */
  broken: boolean
  /** This server gets WAL from there. */
  incoming: boolean
  facts: { label: string; value: string; tone?: Tone }[]
}

/** What replication looks like from this server: what it follows, then what it feeds, then slots that nobody reads, then the archive. */
export const linksOf = (now: ReplicationAnswer): Link[] => [
  ...upstream(now),
  ...subscribed(now),
  ...fed(now),
  ...unread(now),
  ...archive(now),
]

function upstream({ state, receiver }: ReplicationAnswer): Link[] {
  if (!state.in_recovery) return []
  const from = receiver?.sender_host ? `${receiver.sender_host}:${receiver.sender_port ?? ''}` : 'its primary'
  return [
    {
      key: 'upstream',
      name: from,
      what: 'primary, or the standby that feeds this one',
      tone: receiver ? 'ok' : 'bad',
      over: receiver ? (receiver.status ?? 'state hidden') : 'no WAL receiver',
      under: receiver?.slot_name ? `slot ${receiver.slot_name}` : 'no slot',
      broken: receiver === null,
      incoming: true,
      facts: [
        { label: 'Received', value: state.receive_lsn ?? '–' },
        { label: 'Replayed', value: state.lsn ?? '–' },
        { label: 'To replay', value: bytesShort(state.unreplayed_bytes) },
        { label: 'Last COMMIT', value: state.replayed_seconds === null ? '–' : `${seconds(state.replayed_seconds)} ago` },
      ],
    },
  ]
}

/** On a standby they stand in its catalogs as on the primary, and nothing applies them. */
function subscribed({ subscriptions, state }: ReplicationAnswer): Link[] {
  if (state.in_recovery) return []
  return subscriptions.map(({ subname, datname, enabled, pid, silent_seconds, received_lsn, apply_error_count }) => {
    const errors = Number(apply_error_count ?? 0)
    return {
      key: `subscription ${datname} ${subname}`,
      name: subname,
      what: `subscription of ${datname}`,
      tone: enabled && pid === null ? 'warn' : enabled ? 'ok' : 'off',
      over: enabled ? (pid === null ? 'no worker' : `applies, pid ${pid}`) : 'disabled',
      under: silent_seconds === null ? 'nothing received' : `heard of ${seconds(silent_seconds)} ago`,
      broken: !enabled || pid === null,
      incoming: true,
      facts: [
        { label: 'Received', value: received_lsn ?? '–' },
        { label: 'Apply errors', value: apply_error_count ?? 'from 15 on', ...(errors > 0 && { tone: 'warn' as const }) },
      ],
    }
  })
}

function fed({ standbys, slots, checks }: ReplicationAnswer): Link[] {
  const late = new Map(
    checks
      .filter(({ name }) => name === 'standby-lag')
      .flatMap(({ findings }) => findings.map((one) => [one.kind === 'server' ? one.name : null, one.severity])),
  )
  return standbys.map((one) => {
    const logical = one.slot_type === 'logical'
    const name = one.application_name || one.client_addr || `pid ${one.pid}`
    const slot = slots.find(({ slot_name }) => slot_name === one.slot_name)
    const severity = late.get(name)
    const tone = one.state === null ? 'off' : severity === 'bad' ? 'bad' : severity || one.state !== 'streaming' ? 'warn' : 'ok'
    const lag = (bytes: number | null, time: number | null) =>
      bytes === null ? 'n/a' : time === null ? bytesShort(bytes) : `${seconds(time)}, ${bytesShort(bytes)}`
    return {
      key: `pid ${one.pid}`,
      name,
      what: [
        logical ? (one.plugin ?? 'logical') : one.replay_bytes === null && one.state !== null ? 'receiver' : 'standby',
        one.client_addr ?? '',
        `pid ${one.pid}`,
      ]
        .filter(Boolean)
        .join(', '),
      tone,
      over: one.state === null ? 'state hidden' : `${one.state}, ${one.sync_state ?? 'async'}`,
      under: slot ? `slot ${slot.slot_name}, retains ${bytesShort(slot.retained_bytes)}` : 'no slot',
      broken: false,
      incoming: false,
      facts: [
        { label: 'Write', value: lag(one.write_bytes, one.write_seconds) },
        { label: 'Flush', value: lag(one.flush_bytes, one.flush_seconds) },
        { label: logical ? 'Confirm' : 'Replay', value: lag(one.replay_bytes, one.replay_seconds), tone },
        ...(one.meant_seconds === null ? [] : [{ label: 'Delayed on purpose', value: settingTime(one.meant_seconds) }]),
      ],
    }
  })
}

function unread({ slots, state }: ReplicationAnswer): Link[] {
  return slots
    .filter(({ active }) => !active)
    .map((slot) => {
      const gone = slot.wal_status === 'lost' || slot.invalidation_reason !== null
      const quiet = slot.synced === true || (slot.retained_bytes ?? 0) === 0
      const tone = gone
        ? 'bad'
        : quiet
          ? 'off'
          : (slot.retained_bytes ?? 0) >= state.max_wal_bytes || slot.wal_status === 'unreserved'
            ? 'bad'
            : 'warn'
      return {
        key: `slot ${slot.slot_name}`,
        name: slot.slot_name,
        what: slot.synced ? 'kept in step with the primary' : `${slot.plugin ?? slot.slot_type} slot, no reader`,
        tone,
        over: gone ? 'lost' : slot.inactive_since ? `no reader since ${sinceWords(slot.inactive_since, state.server_now)}` : 'no reader',
        under: `retains ${bytesShort(slot.retained_bytes)}`,
        broken: slot.synced !== true,
        incoming: false,
        facts: [
          { label: 'Behind', value: bytesShort(slot.retained_bytes), tone },
          { label: 'Limit', value: slot.limit === null ? 'none' : bytesShort(slot.limit) },
          { label: 'Reached', value: slot.reachedAt ? appointment(slot.reachedAt) : slot.limit === null ? 'disk full' : 'n/a' },
        ],
      }
    })
}

function archive({ state, archiver, files }: ReplicationAnswer): Link[] {
  if (state.archive_mode === 'off' || archiver === null) return []
  const idle = state.in_recovery && state.archive_mode !== 'always'
  const failing = archiver.failing && !idle
  const none = state.archives_by === 'nothing'
  return [
    {
      key: 'archive',
      name: 'archive',
      what: none ? 'archive_command is empty' : `by archive_${state.archives_by}`,
      tone: failing ? 'bad' : none ? 'warn' : idle ? 'off' : 'ok',
      over: failing ? 'fails' : idle ? 'idle on a standby' : none ? 'takes nothing' : 'archives',
      under: files === null ? 'waiting: n/a' : `${plural(files.ready, 'file waits', 'files wait')}`,
      broken: failing || none,
      incoming: false,
      facts: [
        { label: 'Last', value: archiver.archived_seconds === null ? 'none yet' : `${seconds(archiver.archived_seconds)} ago` },
        { label: 'Archived', value: archiver.archived_count },
        { label: 'Failed', value: archiver.failed_count, ...(failing && { tone: 'bad' as const }) },
      ],
    },
  ]
}
