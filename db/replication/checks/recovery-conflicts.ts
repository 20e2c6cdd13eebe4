import type { Check, Finding, Past } from '../../checks/define-check'
import { formatDay } from '../../domain/format'
import type { Row } from '../../server/define-read'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { OF_SERVER, readWalState, type WalState } from '../look'
import { standbyConflicts } from '../reads/standby-conflicts'

type Conflicts = Row<typeof standbyConflicts>

const DAY_MS = 86_400_000
/** By what a query was cancelled, in words (manual, 26.4.2). */
const CAUSES = [
  ['confl_snapshot', 'rows that it still saw were removed on the primary'],
  ['confl_lock', 'a lock of the primary'],
  ['confl_bufferpin', 'a page that it held'],
  ['confl_deadlock', 'a deadlock with recovery'],
  ['confl_tablespace', 'a dropped tablespace'],
] as const

/** Queries that a standby cancelled. Where the console has sampled, those of the last day; else all that are counted. */
export const recoveryConflicts: Check = {
  name: 'recovery-conflicts',
  about: 'Recovery cancelled queries of this standby',
  scope: 'server',
  look: async (target, past) => {
    const [state, read] = await Promise.all([readWalState(target), runRead(target, standbyConflicts, {})])
    if (!state.ok) return state
    if (!read.ok) return read
    const recent = await lastDay(past)
    return ok(recent === 0 ? [] : read.value.flatMap((row) => finding(row, state.value, recent)))
  },
}

/** Conflicts of all databases within the last day; null where less than an hour of it was sampled. */
async function lastDay(past?: Past): Promise<number | null> {
  const now = new Date()
  const seen = await past?.counters?.(null, new Date(now.getTime() - DAY_MS), now)
  return seen && seen.seconds >= 3600 ? seen.conflicts : null
}

function finding(row: Conflicts, state: WalState, recent: number | null): Finding[] {
  const counts = CAUSES.map(([name, cause]) => ({ count: BigInt(row[name]), cause })).filter(({ count }) => count > 0n)
  const all = counts.reduce((sum, { count }) => sum + count, 0n)
  if (all === 0n) return []
  const since = row.stats_reset ? ` since ${formatDay(row.stats_reset)}` : ''
  const delay = state.max_standby_streaming_delay_ms
  return [
    {
      ...OF_SERVER,
      name: row.datname,
      title: `Recovery cancelled ${all === 1n ? '1 query' : `${all.toLocaleString('en-US')} queries`} in ${row.datname}`,
      evidence:
        `${counts.map(({ count, cause }) => `${count} by ${cause}`).join(', ')}${since}${recent === null ? '' : `; ${recent} in all databases in the last 24 h`}. ` +
        `max_standby_streaming_delay is ${delay < 0 ? '-1 (queries are never cancelled)' : `${delay / 1000} s`}, hot_standby_feedback is ${state.hot_standby_feedback ? 'on' : 'off'}. ` +
        'Feedback spares queries here, and keeps dead rows on the primary instead.',
      severity: recent === null ? 'info' : 'warn',
    },
  ]
}
