import { setTimeout as sleep } from 'node:timers/promises'
import type { LeftFiles } from '../runs/run-types'
import { forgetRead } from '../server/run-read'
import type { Target } from '../server/target'
import { findOrphans, REMOVE_BY_HAND } from '../storage/checks/orphan-files'
import { orphanFiles } from '../storage/reads/orphan-files'

/** Whoever connected right after the crash has a transaction that is younger than the files, by seconds. */
const SETTLE_MS = 10_000

/**
 * Files that belong to no relation and were written since `since` (ms, by the clock of the server): what a run left that a crash
 * ended in the midst of a rewrite or a build. Undefined where there are none. Where this role may not look, what to look for.
 */
export async function filesLeft(target: Target, since: number): Promise<LeftFiles | undefined> {
  for (const until = performance.now() + SETTLE_MS; ; await sleep(1_000)) {
    forgetRead(target, orphanFiles, {})
    const found = await findOrphans(target)
    if (!found.ok) return { files: [], undecided: 0, problem: found.problem, advice: LOOK_YOURSELF, sql: String(orphanFiles.sql).trim() }
    const { undecided } = found.value
    if (undecided > 0 && performance.now() < until) continue
    // A file's time has no fractions of a second.
    const files = found.value.files.filter(({ modified }) => Date.parse(modified) >= Math.floor(since / 1000) * 1000)
    if (files.length === 0 && undecided === 0) return undefined
    return { files, undecided, problem: null, advice: REMOVE_BY_HAND, sql: undecided > 0 ? String(orphanFiles.sql).trim() : null }
  }
}

const LOOK_YOURSELF =
  'The server went down during the run. A rewrite or build that is interrupted like this leaves files that belong to no relation, about as ' +
  +`large as what was being written, and the server never removes them. As a superuser, list them in this database with this query. ${REMOVE_BY_HAND}`
