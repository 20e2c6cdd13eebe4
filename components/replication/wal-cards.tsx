import type { ReactNode } from 'react'
import { bytesShort, exactCount, percent, plural } from '../format'
import { day } from '../format-time'
import { Card, CardHeader } from '../ui/card'
import { classes } from '../ui/class-names'
import { Cell, HeadCell, Row } from '../ui/data-table'
import { ScrollRegion } from '../ui/scroll-region'
import { seconds, settingSize, settingTime } from './replication-messages'
import type { ReplicationAnswer } from './replication-types'

/** Name and value lines. */
function Lines({ lines }: { lines: [name: string, value: ReactNode, bad?: boolean][] }) {
  return (
    <dl className="mt-2">
      {lines.map(([name, value, bad]) => (
        <div key={name} className="flex flex-wrap justify-between gap-x-3 border-t border-grid px-4 py-[6px] text-cell">
          <dt className="text-ink-3">{name}</dt>
          <dd className={classes('min-w-0 text-right [overflow-wrap:anywhere]', bad && 'font-medium text-bad')}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The archive: what a restore from it would lack. */
export function ArchiveCard({ now: { state, archiver, files, filesProblem } }: { now: ReplicationAnswer }) {
  if (state.archive_mode === 'off' || archiver === null)
    return (
      <Card label="Archive" className="overflow-hidden">
        <CardHeader title="Archive" />
        <p className="px-4 pt-1 pb-3 text-ink-3">
          archive_mode is off: no WAL is archived, so there is no restore to a point in time. Backups are not reported.
        </p>
      </Card>
    )
  if (state.in_recovery && state.archive_mode !== 'always')
    return (
      <Card label="Archive" className="overflow-hidden">
        <CardHeader title="Archive" sub={`archive_mode ${state.archive_mode}`} />
        <p className="px-4 pt-1 pb-3 text-ink-3">A standby archives nothing unless archive_mode is always. Its primary has the archive.</p>
      </Card>
    )
  const since = archiver.stats_reset ? ` since ${day(archiver.stats_reset)}` : ''
  return (
    <Card label="Archive" className="overflow-hidden">
      <CardHeader title="Archive" sub={`archive_mode ${state.archive_mode}`} />
      <Lines
        lines={[
          ['Last archived file', archiver.last_archived_wal ? <code key="wal">{archiver.last_archived_wal}</code> : 'none yet'],
          ['A restore would lose', archiver.archived_seconds === null ? 'everything' : `up to ${seconds(archiver.archived_seconds)}`],
          [
            'Archived, failed',
            `${exactCount(archiver.archived_count)}, ${exactCount(archiver.failed_count)} failed${since}`,
            archiver.failing,
          ],
          ...(archiver.last_failed_wal
            ? ([['Last failure', `${archiver.last_failed_wal}, ${seconds(archiver.failed_seconds)} ago`, archiver.failing]] as [
                string,
                string,
                boolean,
              ][])
            : []),
          [
            'Waiting for the archive',
            files
              ? `${plural(files.ready, 'file', 'files')}${files.ready > 0 ? `, ${bytesShort(files.ready * state.wal_segment_bytes)}` : ''}`
              : 'n/a',
          ],
          [
            'archive_timeout',
            state.archive_timeout_seconds === 0 ? '0: a file is archived when it is full' : settingTime(state.archive_timeout_seconds),
          ],
          ['Backups', 'not reported'],
        ]}
      />
      {filesProblem && (
        <p className="border-t border-grid px-4 py-2 text-label text-ink-3">
          n/a: {filesProblem.message}
          {filesProblem.fix && `. To fix: ${filesProblem.fix}`}
        </p>
      )}
    </Card>
  )
}

/** Checkpoints and WAL since the server counts. */
interface CheckpointCardProps {
  now: ReplicationAnswer
  /** The button of a checkpoint. */
  children?: ReactNode
}

export function CheckpointCard({ now: { state, checkpoints, wal, files }, children }: CheckpointCardProps) {
  const timed = Number(checkpoints?.timed ?? 0)
  const requested = Number(checkpoints?.requested ?? 0)
  const since = checkpoints?.stats_reset ? `since ${day(checkpoints.stats_reset)}` : undefined
  return (
    <Card label="WAL and checkpoints" className="overflow-hidden">
      <CardHeader title="WAL and checkpoints" sub={since}>
        {children}
      </CardHeader>
      <Lines
        lines={[
          ['Checkpoints by time', exactCount(timed)],
          [
            'Requested',
            `${exactCount(requested)}${timed + requested > 0 ? `, ${percent(requested / (timed + requested))}` : ''}; CHECKPOINT and backups are among them`,
          ],
          ['Written, synced in', checkpoints ? `${seconds(checkpoints.write_time / 1000)}, ${seconds(checkpoints.sync_time / 1000)}` : '–'],
          ['WAL written', wal ? `${bytesShort(wal.wal_bytes)}${wal.stats_reset ? ` since ${day(wal.stats_reset)}` : ''}` : '–'],
          ['Full-page images', wal ? exactCount(wal.wal_fpi) : '–'],
          ['WAL buffers were full', wal ? plural(Number(wal.wal_buffers_full), 'time', 'times') : '–'],
          ['pg_wal', files ? `${bytesShort(files.wal_bytes)} in ${plural(files.segments, 'file', 'files')}` : 'n/a'],
          ['max_wal_size, min_wal_size', `${settingSize(state.max_wal_bytes)}, ${settingSize(state.min_wal_bytes)}`],
          ['checkpoint_timeout', settingTime(state.checkpoint_timeout_seconds)],
          ['wal_keep_size', state.wal_keep_bytes === 0 ? '0' : settingSize(state.wal_keep_bytes)],
        ]}
      />
    </Card>
  )
}

const countsOf = (row: ReplicationAnswer['conflicts'][number]): string[] => [
  row.confl_snapshot,
  row.confl_lock,
  row.confl_bufferpin,
  row.confl_deadlock,
  row.confl_tablespace,
]

/** On a standby: queries that recovery cancelled. */
export function ConflictCard({ now: { state, conflicts } }: { now: ReplicationAnswer }) {
  if (!state.in_recovery) return null
  const delay = state.max_standby_streaming_delay_ms
  const hit = conflicts.filter((row) => countsOf(row).some((count) => count !== '0'))
  return (
    <Card label="Conflicts" className="overflow-hidden">
      <CardHeader
        title="Conflicts"
        sub={`queries cancelled by recovery; hot_standby_feedback ${state.hot_standby_feedback ? 'on' : 'off'}, max_standby_streaming_delay ${delay < 0 ? '-1' : settingTime(delay / 1000)}`}
      />
      {hit.length === 0 && (
        <p className="px-4 pt-1 pb-3 text-ink-3">None in {plural(conflicts.length, 'database', 'databases')} since the statistics count.</p>
      )}
      {hit.length > 0 && (
        <ScrollRegion label="Conflicts by database" className="mt-2 -outline-offset-2">
          <table className="w-full border-collapse">
            <thead>
              <tr>
                <HeadCell>Database</HeadCell>
                <HeadCell numeric>Snapshot</HeadCell>
                <HeadCell numeric>Lock</HeadCell>
                <HeadCell numeric>Buffer pin</HeadCell>
                <HeadCell numeric>Deadlock</HeadCell>
                <HeadCell numeric>Tablespace</HeadCell>
              </tr>
            </thead>
            <tbody>
              {hit.map((row) => (
                <Row key={row.datname}>
                  <Cell>{row.datname}</Cell>
                  {countsOf(row).map((value, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the columns never move
                    <Cell key={at} numeric className={value === '0' ? 'text-ink-3' : 'font-medium text-warn'}>
                      {exactCount(value)}
                    </Cell>
                  ))}
                </Row>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Card>
  )
}
