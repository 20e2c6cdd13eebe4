import Link from 'next/link'
import { bytesShort, count, duration, exactCount, percent } from '../format'
import { Card, CardHeader } from '../ui/card'
import { Cell, HeadCell, Row } from '../ui/data-table'
import { EmptyState } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'
import type { CacheAnswer } from './cache-answer'

interface ReadingCardProps {
  answer: CacheAnswer
  /** The page of statements, sorted by reads over the same range; of one, with its drawer. */
  statementsHref: (key?: string) => string
}

/** Statements that read most over the range, and what was written to temporary files. */
export function ReadingCard({ answer, statementsHref }: ReadingCardProps) {
  const { statements, statementsRead, settings, from, to, databases, source } = answer
  const spilled = databases.filter(({ tempFiles }) => tempFiles > 0)
  return (
    <Card label="Statements that read most" className="overflow-hidden">
      <CardHeader title="Statements that read most" sub={`all databases, ${duration(to - from)}`}>
        <Link href={statementsHref()} className="text-accent hover:underline">
          All by reads
        </Link>
      </CardHeader>
      {statements.length === 0 ? (
        <EmptyState title="No statement that read a block was sampled.">
          {statementsRead === 0 &&
            'Statements are known from samples of pg_stat_statements; in this range there are none, or all blocks were found.'}
        </EmptyState>
      ) : (
        <ScrollRegion label="Statements by blocks read" className="relative mt-1 -outline-offset-2">
          <table className="w-full border-collapse">
            <thead>
              <tr>
                <HeadCell>Statement</HeadCell>
                <HeadCell numeric className="max-sm:hidden">
                  Calls
                </HeadCell>
                <HeadCell numeric sorted="desc">
                  Read
                </HeadCell>
                <HeadCell numeric>Of all</HeadCell>
                <HeadCell numeric className="max-sm:hidden">
                  Read time
                </HeadCell>
                <HeadCell numeric className="max-sm:hidden">
                  Temp written
                </HeadCell>
              </tr>
            </thead>
            <tbody>
              {statements.map(({ key, name, calls, read, readMs, tempWritten }) => (
                <Row key={key}>
                  <Cell className="py-1 [overflow-wrap:anywhere]">
                    <Link href={statementsHref(key)} className="text-accent hover:underline">
                      {name}
                    </Link>
                  </Cell>
                  <Cell numeric className="max-sm:hidden" title={exactCount(calls)}>
                    {count(calls)}
                  </Cell>
                  <Cell numeric title={`${exactCount(read)} blocks`}>
                    {bytesShort(read * settings.block_size)}
                  </Cell>
                  <Cell numeric className="text-ink-3">
                    {statementsRead > 0 ? percent(Math.min(1, read / statementsRead)) : ''}
                  </Cell>
                  <Cell numeric className="max-sm:hidden">
                    {readMs > 0 ? duration(readMs) : <span className="text-ink-3">n/a</span>}
                  </Cell>
                  <Cell numeric className="max-sm:hidden">
                    {tempWritten > 0 ? bytesShort(tempWritten * settings.block_size) : ''}
                  </Cell>
                </Row>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      <p className="border-t border-line px-4 py-2 text-label text-ink-3">
        Temporary files{source === 'samples' ? '' : ' since the reset'}:{' '}
        {spilled.length === 0
          ? 'none.'
          : `${spilled
              .slice(0, 3)
              .map(({ datname, tempFiles, tempBytes }) => `${count(tempFiles)} of ${bytesShort(tempBytes)} in ${datname}`)
              .join(
                ', ',
              )}${spilled.length > 3 ? ` and in ${spilled.length - 3} other databases` : ''}. What does not fit work_mem is sorted and hashed there.`}
      </p>
    </Card>
  )
}
