import type { Check } from '../../checks/define-check'
import { formatAge, formatBytes, formatCount } from '../../domain/format'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { OF_SERVER, readWalState, secondsBefore } from '../look'
import { archiver } from '../reads/archiver'
import { walFiles } from '../reads/wal-files'

/** Our choice: files that wait are kept beyond max_wal_size, so a quarter of it is a quarter more pg_wal than planned. */
const WARN_SHARE = 0.25

/** Complete WAL files wait for the archiver. While it fails, that is told by archiver-failing alone. */
export const archiverBehind: Check = {
  name: 'archiver-behind',
  about: 'WAL files of more than a quarter of max_wal_size wait to be archived',
  cadence: 'minute',
  scope: 'server',
  look: async (target) => {
    const state = await readWalState(target)
    if (!state.ok) return state
    const { archive_mode: mode, archives_by: by, wal_segment_bytes: segment, max_wal_bytes: most, in_recovery: standby } = state.value
    if (mode === 'off' || (standby && mode !== 'always')) return ok([])
    const [archived, files] = await Promise.all([runRead(target, archiver, {}), runRead(target, walFiles, {})])
    if (!archived.ok) return archived
    if (!files.ok) return files
    const { ready = 0, ready_seconds: waits = null } = files.value[0] ?? {}
    const bytes = ready * segment
    if ((archived.value[0]?.failing && by !== 'nothing') || ready < 2 || bytes < WARN_SHARE * most) return ok([])
    const why =
      by === 'nothing'
        ? 'archive_mode is on, and neither archive_command nor archive_library is set: nothing is archived, and every file is kept.'
        : 'The archive takes files more slowly than they are written.'
    return ok([
      {
        ...OF_SERVER,
        name: 'archiver',
        title: `${formatCount(ready, 'WAL file')} of ${formatBytes(bytes)} ${ready === 1 ? 'waits' : 'wait'} to be archived`,
        evidence: `${why} The first has waited ${formatAge(waits ?? 0)}. Threshold: a quarter of max_wal_size (${formatBytes(most)}).`,
        severity: bytes >= most ? 'bad' : 'warn',
        ...(waits === null ? {} : { since: secondsBefore(state.value, waits) }),
      },
    ])
  },
}
