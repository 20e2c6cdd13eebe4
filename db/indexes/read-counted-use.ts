import { statisticsWindow } from '../databases/reads/statistics-window'
import { ok, type Problem, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { type AskedServer, type CountedUse, countedUse, type StatisticsWindow } from './counted-use'
import type { IndexPast } from './index-past'
import { indexScans } from './reads/index-scans'
import { promotionTime } from './reads/promotion-time'

/**
 * What the counters of the server and of the other servers of its cluster know together. Errors: the problem of the statistics window;
 * what another server cannot tell withholds the verdict and is no error.
 */
export async function readCountedUse(
  target: Target,
  { peers, remedies }: Pick<IndexPast, 'peers' | 'remedies'>,
): Promise<Result<{ counted: CountedUse; own: StatisticsWindow }>> {
  const [own, others] = await Promise.all([
    ask(target, null),
    Promise.all(peers.map(async ({ name, target: peer }) => ({ name, answer: peer.ok ? await ask(peer.value, name) : peer }))),
  ])
  if (!own.ok) return own
  const asked: AskedServer[] = [own.value]
  const unreachable: { name: string; problem: Problem }[] = []
  for (const { name, answer } of others) {
    if (answer.ok) asked.push(answer.value)
    else unreachable.push({ name, problem: answer.problem })
  }
  return ok({ counted: countedUse(asked, unreachable, remedies.peers), own: own.value.window })
}

async function ask(target: Target, name: string | null): Promise<Result<AskedServer>> {
  const windows = await runRead(target, statisticsWindow, {})
  if (!windows.ok) return windows
  const [window] = windows.value
  if (!window) throw new Error('Every server has a statistics window')
  const promoted = window.timeline !== null && window.timeline > 1 ? await promotedAt(target, window.timeline) : null
  if (name === null) return ok({ name, window, promoted, scans: new Map() })
  const rows = await runRead(target, indexScans, {})
  if (!rows.ok) return rows
  const scans = new Map(rows.value.map((row) => [row.indexrelid, { scans: BigInt(row.idx_scan), last: row.last_idx_scan }]))
  return ok({ name, window, promoted, scans })
}

async function promotedAt(target: Target, timeline: number): Promise<Result<string | null>> {
  const read = await runRead(target, promotionTime, { timeline })
  return read.ok ? ok(read.value[0]?.promoted ?? null) : read
}
