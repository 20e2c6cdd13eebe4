import { setTimeout as sleep } from 'node:timers/promises'
import type { Check } from '../../checks/define-check'
import { formatBytes, formatCount, formatMoment } from '../../domain/format'
import { serverFacts } from '../../server/facts'
import { grantRole } from '../../server/grants'
import { failed, ok, type Result } from '../../server/problem'
import { forgetRead, runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { type OrphanFile, orphanFiles } from '../reads/orphan-files'

/** A transaction that has just dropped a relation is over for others a moment before its files are gone; large ones take a while. */
const LOOK_AGAIN_MS = 2_000

/** What may be done about them; PostgreSQL has no command for it. */
export const REMOVE_BY_HAND =
  'The server will never use nor remove them. Make sure that they are still there and named by no relation after the next CHECKPOINT, ' +
  'stop the server, move them (with all files of the same number: _fsm, _vm, .1, .2 …) out of the data directory, start it, and delete them once nothing misses them.'

export interface Orphans {
  files: OrphanFile[]
  /** Files that a transaction which is still open may have made. */
  undecided: number
}

/**
 * Files of the database that belong to no relation, the largest first: seen twice, and older than every transaction.
 * Errors: insufficient_privilege with the GRANTs; conflict on a standby, where nobody knows which transactions are open.
 */
export async function findOrphans(target: Target): Promise<Result<Orphans>> {
  const first = await look(target)
  if (!first.ok || !first.value.some(({ settled }) => settled)) return first.ok ? ok(told(first.value, [])) : first
  await sleep(LOOK_AGAIN_MS)
  forgetRead(target, orphanFiles, {})
  const again = await look(target)
  if (!again.ok) return again
  const seen = new Set(first.value.filter(({ settled }) => settled).map(({ path }) => path))
  return ok(
    told(
      again.value,
      again.value.filter(({ path, settled }) => settled && seen.has(path)),
    ),
  )
}

const told = (all: OrphanFile[], files: OrphanFile[]): Orphans => ({ files, undecided: all.filter(({ settled }) => !settled).length })

async function look(target: Target): Promise<Result<OrphanFile[]>> {
  const rows = await runRead(target, orphanFiles, {})
  if (!rows.ok) return rows
  const [row] = rows.value
  if (!row?.in_recovery && row?.sees_sessions) return ok(row.files)
  if (row?.in_recovery) return failed('conflict', 'A standby does not know which transactions of its primary are open')
  const facts = await serverFacts(target)
  if (!facts.ok) return facts
  const message = 'Which transactions of other roles are open is hidden from this role, and a file may be one of theirs'
  return failed('insufficient_privilege', message, { fix: grantRole('pg_read_all_stats', facts.value).join('; ') })
}

export const orphanFilesFound: Check = {
  name: 'orphan-files',
  about: 'Files of the database that belong to no relation: a crash in the midst of a rewrite or a build leaves them for ever',
  look: async (target) => {
    const found = await findOrphans(target)
    // Few roles may list files. Who may not is told so where a run has crashed.
    if (!found.ok) return found.problem.kind === 'insufficient_privilege' || found.problem.kind === 'conflict' ? ok([]) : found
    const { files } = found.value
    if (files.length === 0) return ok([])
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    const named = files.slice(0, 5).map((file) => `${file.path} (${formatBytes(file.bytes)}, last written ${formatMoment(file.modified)})`)
    const more = files.length > named.length ? `; and ${files.length - named.length} more` : ''
    return ok([
      {
        kind: 'server',
        name: target.database,
        title: `${formatBytes(bytes)} in ${formatCount(files.length, 'file')} of ${target.database} belong to no relation`,
        evidence: `No row of pg_class names ${named.join('; ')}${more}. A crash in the midst of VACUUM FULL, CLUSTER, REFRESH or a build leaves such files. ${REMOVE_BY_HAND}`,
        trust: { kind: 'exact' },
        severity: 'warn',
        since: files.map(({ modified }) => modified).sort()[0],
        fix: null,
        sql: null,
      },
    ])
  },
}
