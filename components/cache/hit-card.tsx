'use client'
import { LEAST_BLOCKS, LOW_RATIO } from '@/db/domain/hit-ratio'
import { bytes, duration, exactCount } from '../format'
import { Card, CardHeader } from '../ui/card'
import { HeadCell } from '../ui/data-table'
import { EmptyState, ProblemPanel } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'
import { Segmented } from '../ui/segmented'
import type { CacheAnswer, CachedRelations } from './cache-answer'
import { relationsWords } from './cache-messages'
import type { BY } from './cache-params'
import { DatabaseLines, IndexLines, TableLines } from './hit-lines'

type By = (typeof BY)[number]

interface HitCardProps {
  answer: CacheAnswer
  readAt: string
  database: string
  /** What is in the cache, once somebody asked. */
  cached: CachedRelations | undefined
  by: By
  onBy: (by: By) => void
  /** The unfolded table. */
  open: number | null
  onOpen: (relid: number | null) => void
}

const CHOICES = [
  { value: 'database', label: 'By database' },
  { value: 'table', label: 'By table' },
  { value: 'index', label: 'By index' },
] as const

/** Blocks found in shared_buffers and read, over the range where it was sampled, else since the reset. */
export function HitCard({ answer, readAt, database, cached, by, onBy, open, onOpen }: HitCardProps) {
  const { relations, source, from, to } = answer
  const window =
    by !== 'database' ? relationsWords(answer, readAt) : source === 'samples' ? duration(to - from) : 'since each one’s reset; not sampled'
  const held = new Map(cached?.relations.map(({ oid, buffers }) => [oid, buffers * answer.settings.block_size]))
  return (
    <Card label="Hit ratio" className="overflow-hidden">
      <CardHeader
        title="Hit ratio"
        sub={`${by === 'database' ? '' : `${database}, `}blocks of ${bytes(answer.settings.block_size)}, ${window}`}
      >
        <Segmented label="Hit ratio by" value={by} choices={[...CHOICES]} onChange={onBy} />
      </CardHeader>
      {by !== 'database' && !relations.ok ? (
        <ProblemPanel problem={relations.problem} className="m-4" />
      ) : (
        <ScrollRegion label={`Hit ratio by ${by}`} className="relative mt-1 max-h-[560px] -outline-offset-2">
          <table className="w-full border-collapse">
            <thead className="sticky top-0 z-1">
              <tr>
                <HeadCell>Object</HeadCell>
                <HeadCell numeric className="max-sm:hidden">
                  Hit
                </HeadCell>
                <HeadCell numeric sorted="desc">
                  Read
                </HeadCell>
                <HeadCell numeric>
                  <span className="max-sm:hidden">90–100% </span>Ratio
                </HeadCell>
                <HeadCell numeric className="max-sm:hidden">
                  Size
                </HeadCell>
                {cached && (
                  <HeadCell numeric className="max-sm:hidden">
                    In cache
                  </HeadCell>
                )}
              </tr>
            </thead>
            <tbody>
              {by === 'database' && <DatabaseLines answer={answer} here={database} columns={cached ? 6 : 5} />}
              {by === 'table' && relations.ok && (
                <TableLines blocks={relations.value} held={cached ? held : undefined} open={open} onOpen={onOpen} />
              )}
              {by === 'index' && relations.ok && <IndexLines blocks={relations.value} held={cached ? held : undefined} />}
            </tbody>
          </table>
          {by !== 'database' && relations.ok && (by === 'table' ? relations.value.tables : relations.value.indexes).length === 0 && (
            <EmptyState title={`No ${by} was used.`}>
              No block of a user {by} was needed {answer.relationsWindow ? `in ${window}` : window}.
            </EmptyState>
          )}
        </ScrollRegion>
      )}
      <p className="border-t border-line px-4 py-2 text-label text-ink-3">
        n/a below {exactCount(LEAST_BLOCKS)} blocks, low below {LOW_RATIO * 100}%: Dasha’s first grade.
        {by !== 'database' &&
          (answer.relationsWindow
            ? ' Sampled every ten minutes: of each the relations with the most blocks by themselves, the rest together.'
            : ' Nothing was sampled of tables and indexes in this range: the server counts since its reset.')}
      </p>
    </Card>
  )
}
