import type { Check } from '../../checks/define-check'
import { formatAge, formatCount } from '../../domain/format'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { OF_SERVER, readWalState, secondsBefore } from '../look'
import { archiver } from '../reads/archiver'

/** The last attempt to archive a file failed: until one succeeds, WAL piles up, and a restore ends before the first file that is missing. */
export const archiverFailing: Check = {
  name: 'archiver-failing',
  about: 'The last attempt to archive a WAL file failed',
  cadence: 'minute',
  scope: 'server',
  look: async (target) => {
    const [state, read] = await Promise.all([readWalState(target), runRead(target, archiver, {})])
    if (!state.ok) return state
    if (!read.ok) return read
    const [seen] = read.value
    if (!seen?.failing || state.value.archive_mode === 'off' || state.value.archives_by === 'nothing') return ok([])
    const last = seen.last_archived_wal
      ? `The last that was archived is ${seen.last_archived_wal}, ${formatAge(seen.archived_seconds ?? 0)} ago.`
      : 'None was archived yet.'
    const since = seen.archived_seconds ?? seen.failed_seconds
    return ok([
      {
        ...OF_SERVER,
        name: 'archiver',
        title: `Archiving fails at ${seen.last_failed_wal ?? 'a WAL file'}`,
        evidence:
          `It failed ${formatAge(seen.failed_seconds ?? 0)} ago, ${formatCount(seen.failed_count, 'time')} in all. ${last} PostgreSQL tries again for ever and keeps every file until then; ` +
          `the server log has what archive_${state.value.archives_by} said.`,
        severity: 'bad',
        ...(since === null ? {} : { since: secondsBefore(state.value, since) }),
      },
    ])
  },
}
