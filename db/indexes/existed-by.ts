import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import type { StatisticsWindow } from './counted-use'
import type { IndexPast } from './index-past'
import { indexCommitTimes } from './reads/index-commit-times'

type Known = Pick<IndexPast, 'seen' | 'vouched'>

/**
 * When an index existed, as early as is proved, by its OID; ISO 8601. Null: nobody knows. Proofs are Proctor's first sight, a commit of
 * its rows, and somebody's word. The time of its file is none: that is the last write, and copies keep or renew it.
 */
export async function existedByOf(
  target: Target,
  { seen, vouched }: Known,
  { datid, commit_times }: Pick<StatisticsWindow, 'datid' | 'commit_times'>,
): Promise<{ of: (indexrelid: number) => string | null; committed: number }> {
  const commits = commit_times ? await runRead(target, indexCommitTimes, {}) : null
  const committed = new Map(commits?.ok ? commits.value.map(({ indexrelid, existed }) => [indexrelid, existed]) : [])
  const here = seen.get(datid)
  const of = (indexrelid: number) =>
    [here?.get(indexrelid), committed.get(indexrelid), vouched ?? undefined].filter((time) => time !== undefined).sort()[0] ?? null
  return { of, committed: committed.size }
}

/** The same of one index. */
export const existedBy = async (
  target: Target,
  known: Known,
  own: Pick<StatisticsWindow, 'datid' | 'commit_times'>,
  oid: number,
): Promise<string | null> => (await existedByOf(target, known, own)).of(oid)
