import type { Check, Finding } from '../../checks/define-check'
import { formatAge, formatBytes } from '../../domain/format'
import { isStandby, OF_SERVER, ofReplication, type ReplicationNow, type Standby, standbyName } from '../look'

/** Our choices. A query at the standby then reads what is older than a minute; a failover loses as much where WAL was not flushed there. */
const WARN_SECONDS = 60
const BAD_SECONDS = 600
/** Below a segment nothing was written to speak of. Above this share of max_wal_size the lag counts whatever its seconds say: they stand still while replay does. */
const WARN_SHARE = 0.25

/** How far a standby is behind, in bytes and seconds. */
interface Behind {
  name: string
  bytes: number
  seconds: number | null
  of: string
  paused?: boolean
}

/** Standbys that are behind while there is something to replay: on an idle primary the times say nothing, and are not looked at. */
export const standbyLag: Check = {
  name: 'standby-lag',
  about: 'A standby is more than a minute, or a quarter of max_wal_size, behind its primary',
  cadence: 'minute',
  scope: 'server',
  look: ofReplication(
    (now) => {
      const { state } = now
      const limit = Math.max(state.wal_segment_bytes, WARN_SHARE * state.max_wal_bytes)
      return behindOf(now)
        .filter(({ bytes, seconds }) => bytes >= limit || (bytes > 0 && (seconds ?? 0) >= WARN_SECONDS))
        .sort((a, b) => b.bytes - a.bytes)
        .map((one) => finding(one, now))
    },
    { looksBack: true },
  ),
}

function behindOf({ state, standbys }: ReplicationNow): Behind[] {
  const fed = standbys.filter(isStandby).map((one) => {
    // A delay that somebody asked for is no lag; what has not come there is.
    const meant = one.meant_seconds !== null && (one.replay_seconds ?? 0) <= one.meant_seconds + WARN_SECONDS
    const [bytes, seconds] = meant ? [one.flush_bytes, one.flush_seconds] : [one.replay_bytes, one.replay_seconds]
    return { name: standbyName(one), bytes: bytes ?? 0, seconds, of: partWords(one) }
  })
  const waits = state.unreplayed_bytes ?? 0
  if (!state.in_recovery || waits === 0) return fed
  const meant = state.recovery_min_apply_delay_ms / 1000
  if (meant > 0 && (state.replayed_seconds ?? 0) <= meant + WARN_SECONDS) return fed
  const paused = state.replay_paused === true
  // After a silence of the primary the last COMMIT is long ago, however fast the first record after it is replayed.
  const seconds = paused || waits >= state.wal_segment_bytes ? state.replayed_seconds : null
  const own = { name: 'this standby', bytes: waits, seconds, of: 'received, and not replayed', paused }
  return [...fed, own]
}

/** Which part of the way it has not gone yet. */
function partWords({ flush_bytes: flush, replay_bytes: replay }: Standby): string {
  const unflushed = flush ?? 0
  const unreplayed = Math.max(0, (replay ?? 0) - unflushed)
  return unflushed >= unreplayed
    ? `${formatBytes(unflushed)} not flushed there yet`
    : `${formatBytes(unreplayed)} flushed there, and not replayed`
}

function finding({ name, bytes, seconds, of, paused }: Behind, { state }: ReplicationNow): Finding {
  const time = seconds === null ? '' : ` and ${formatAge(seconds)}`
  const why = paused
    ? 'Replay is paused; pg_wal_replay_resume() ends that.'
    : 'Replay waits for a paused or delayed recovery (recovery_min_apply_delay), for a query that conflicts, or for disk and network.'
  return {
    ...OF_SERVER,
    name,
    title: `${name === 'this standby' ? 'This standby' : `Standby ${name}`} is ${formatBytes(bytes)}${time} behind`,
    evidence: `${of}. ${why} Threshold: ${formatAge(WARN_SECONDS)}, or ${formatBytes(Math.max(state.wal_segment_bytes, WARN_SHARE * state.max_wal_bytes))}, while there is WAL to replay.`,
    severity: bytes >= state.max_wal_bytes || (seconds ?? 0) >= BAD_SECONDS ? 'bad' : 'warn',
    sql: paused ? 'SELECT pg_wal_replay_resume();' : null,
  }
}
