import { bytes, bytesShort, count, percent } from '../format'
import { moment } from '../format-time'
import { Card, CardHeader } from '../ui/card'
import { Fact, Facts } from '../ui/facts'
import { ProblemPanel } from '../ui/problem-panel'
import type { StorageAnswer } from './storage-answers'

/** Temporary files, pg_wal, and what WAL was generated for. */
export function FilesCard({ answer: { files, wal } }: { answer: StorageAnswer; now: number }) {
  const [file] = files.ok ? files.value : []
  const [cause] = wal.ok ? wal.value : []
  const written = cause?.writers?.reduce((sum, { bytes: one }) => sum + one, 0) ?? 0
  return (
    <Card label="Temporary files and WAL" className="pb-4">
      <CardHeader title="Temporary files and WAL" />
      <div className="grid gap-2 px-4 pt-2.5">
        {!files.ok && <ProblemPanel title="Files not read" problem={files.problem} />}
        <Facts>
          {file && (
            <>
              <Fact name="Temporary now">
                {file.temp_files === 0 ? 'none' : `${bytes(file.temp_bytes)} in ${count(file.temp_files)} files`}
              </Fact>
              <Fact name="Temporary written">{bytesShort(file.temp_written)} by all databases since their statistics began</Fact>
              <Fact name="pg_wal">
                {bytes(file.wal_bytes)} in {count(file.wal_files)} files; max_wal_size {bytes(file.max_wal_size)}
                {file.wal_bytes > file.max_wal_size && (
                  <span className="text-warn"> is exceeded: a slot, the archiver or wal_keep_size keeps files</span>
                )}
              </Fact>
            </>
          )}
          {cause && (
            <>
              <Fact name="WAL generated">
                {bytesShort(cause.wal_bytes)} {cause.stats_reset ? `since ${moment(cause.stats_reset)}` : 'since the statistics began'}
              </Fact>
              <Fact name="Causes">
                {count(cause.wal_records)} records and {count(cause.wal_fpi)} full page images. A full page image is written at the first
                change of a page after a checkpoint
              </Fact>
              {cause.writers && written > 0 && (
                <Fact name="Written by">
                  {cause.writers
                    .slice(0, 4)
                    .map(({ backend_type: who, bytes: one }) => `${who} ${percent(one / written)}`)
                    .join(', ')}
                </Fact>
              )}
            </>
          )}
        </Facts>
        {!wal.ok && <ProblemPanel title="WAL statistics not read" problem={wal.problem} />}
      </div>
    </Card>
  )
}
