import type { Check, Past } from '../../checks/define-check'
import { changeSettingsRequest } from '../../commands/change-settings/request'
import { formatAge, formatBytes, formatPercent } from '../../domain/format'
import { ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { comeEarly, forcedBy, moreWal } from '../../settings/wal'
import { OF_SERVER, readWalState } from '../look'
import { checkpoints } from '../reads/checkpoints'
import { walActivity } from '../reads/wal-activity'

/** Fewer checkpoints say nothing of a share. */
const LEAST = 10

interface Counted {
  timed: number
  requested: number
  walBytes: number
  seconds: number
}

const DAY_MS = 86_400_000

/**
 * WAL is written faster than max_wal_size allows between two checkpoints by time. Of the requested checkpoints those count that so much WAL can
 * have forced, by the rule that recommends max_wal_size on the page Configuration: CHECKPOINT and backups request some too.
 */
export const checkpointsRequested: Check = {
  name: 'checkpoints-requested',
  about: 'More than a tenth of the checkpoints came early, as max_wal_size was written',
  scope: 'server',
  look: async (target, past) => {
    const state = await readWalState(target)
    if (!state.ok) return state
    if (state.value.in_recovery) return ok([])
    const seen = await countedLately(target, past)
    if (!seen.ok) return seen
    const { max_wal_bytes: current, checkpoint_timeout_seconds: timeout, checkpoint_completion_target: completion } = state.value
    const { timed, requested, walBytes, seconds } = seen.value
    const all = timed + requested
    const forced = forcedBy(seen.value, current, completion)
    if (all < LEAST || !comeEarly(forced, all)) return ok([])
    const wanted = moreWal(current, (walBytes / seconds) * timeout)
    return ok([
      {
        ...OF_SERVER,
        name: 'max_wal_size',
        title: `${formatPercent(forced / all)} of the checkpoints come early: max_wal_size is ${formatBytes(current)}`,
        evidence:
          `${forced} of ${all} checkpoints in ${formatAge(seconds)} were forced by ${formatBytes(walBytes)} of WAL before checkpoint_timeout (${formatAge(timeout)}) was over. ` +
          `Each writes the full-page images anew. ${formatBytes(wanted)} would have been enough; pg_wal takes that much disk, and recovery after a crash takes longer.`,
        severity: 'warn',
        fix: changeSettingsRequest({ set: { max_wal_size: `${Math.round(wanted / 1024 ** 2)}MB` } }),
        sql: `ALTER SYSTEM SET max_wal_size = '${Math.round(wanted / 1024 ** 2)}MB'; SELECT pg_reload_conf();`,
      },
    ])
  },
}

/** Of the last day where it was sampled; else since the views were reset, the younger of the two resets being the one that counts. */
async function countedLately(target: Target, past?: Past): Promise<Result<Counted>> {
  const now = new Date()
  const seen = await past?.counters?.(null, new Date(now.getTime() - DAY_MS), now)
  if (seen && seen.seconds >= 3600)
    return ok({ timed: seen.checkpoints_timed, requested: seen.checkpoints_req, walBytes: seen.wal_bytes, seconds: seen.seconds })
  const [counted, written] = await Promise.all([runRead(target, checkpoints, {}), runRead(target, walActivity, {})])
  if (!counted.ok) return counted
  if (!written.ok) return written
  const [of, wal] = [counted.value[0], written.value[0]]
  const seconds = of?.seconds ?? 0
  // WAL of a longer time than the checkpoints are counted for would make forced ones of those that were asked for.
  const share = Math.min(1, seconds / Math.max(1, wal?.seconds ?? seconds))
  return ok({
    timed: Number(of?.timed ?? 0),
    requested: Number(of?.requested ?? 0),
    walBytes: Math.round(Number(wal?.wal_bytes ?? 0) * share),
    seconds: Math.max(1, seconds),
  })
}
