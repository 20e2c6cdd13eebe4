import Link from 'next/link'
import { SizeCurve } from '../charts/charts'
import { bytes, bytesShort, count, exactCount } from '../format'
import { sinceWords } from '../format-time'
import { Card, CardHeader } from '../ui/card'
import { classes } from '../ui/class-names'
import { Cell, HeadCell, Row } from '../ui/data-table'
import { EmptyState } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'
import { TrustMark } from '../ui/trust-mark'
import type { CacheAnswer } from './cache-answer'
import { holdsWords, noLarger, pageCacheWords, ratioWords } from './cache-messages'

interface LargerCardProps {
  answer: CacheAnswer
  configurationHref: string
}

/** What a larger shared_buffers would hold and avoid, at most; said to be an estimate, and what it leaves out. */
export function LargerCard({ answer, configurationHref }: LargerCardProps) {
  const { larger, settings, recommended } = answer
  return (
    <Card label="A larger shared_buffers" className="overflow-hidden">
      <CardHeader title="A larger shared_buffers" sub={`now ${bytesShort(settings.shared_buffers)}`}>
        {larger.kind === 'estimated' && <TrustMark trust={{ kind: 'estimated', plusMinus: 0 }} text="estimated, at most" />}
      </CardHeader>
      {larger.kind === 'none' ? (
        <EmptyState title="No size to compare.">{noLarger(larger.reason)}</EmptyState>
      ) : (
        <>
          <div className="px-4 pt-3 pb-1">
            <SizeCurve
              label="Hit ratio by size of shared_buffers: measured now, estimated at most for larger ones"
              points={[
                {
                  x: settings.shared_buffers,
                  y: larger.ratio,
                  words: `${bytes(settings.shared_buffers)}, now: ${ratioWords(larger.ratio)}`,
                  measured: true,
                },
                ...larger.sizes.map((size) => ({
                  x: size.bytes,
                  y: size.ratio,
                  words: `${bytes(size.bytes)}: ${ratioWords(size.ratio)} at most, estimated`,
                  measured: false,
                  strong: size.bytes === recommended,
                })),
              ]}
              formatX={bytesShort}
              formatY={(ratio) => ratioWords(Math.max(0, ratio))}
              most={1}
              height={84}
            />
          </div>
          <ScrollRegion label="Sizes of shared_buffers" className="relative mt-1 -outline-offset-2">
            <table className="w-full border-collapse">
              <thead>
                <tr>
                  <HeadCell>Set to</HeadCell>
                  <HeadCell>Would also hold</HeadCell>
                  <HeadCell numeric title={`Blocks since ${sinceWords(answer.relationsSince)}`}>
                    Fewer reads
                  </HeadCell>
                  <HeadCell numeric className="max-sm:hidden">
                    Ratio
                  </HeadCell>
                </tr>
              </thead>
              <tbody>
                <Row>
                  <Cell className="whitespace-nowrap">{bytes(settings.shared_buffers)}</Cell>
                  <Cell className="text-ink-3">now; {count(Math.round(larger.read))} blocks read</Cell>
                  <Cell numeric>–</Cell>
                  <Cell numeric className="max-sm:hidden">
                    {ratioWords(larger.ratio)}
                  </Cell>
                </Row>
                {larger.sizes.map((size) => (
                  <Row key={size.bytes} className={size.bytes === recommended ? 'bg-accent-soft' : undefined}>
                    <Cell className={classes('whitespace-nowrap', size.bytes === recommended && 'font-medium')}>
                      {bytes(size.bytes)}
                      {size.bytes === recommended && <span className="block text-tick font-normal text-ink-2">recommended</span>}
                    </Cell>
                    <Cell className="py-1 [overflow-wrap:anywhere]">{holdsWords(size)}</Cell>
                    <Cell numeric title={exactCount(Math.round(size.avoided))}>
                      ≤ {count(Math.round(size.avoided))}
                    </Cell>
                    <Cell numeric className="max-sm:hidden">
                      ≤ {ratioWords(size.ratio)}
                    </Cell>
                  </Row>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
        </>
      )}
      <div className="space-y-1 border-t border-line px-4 py-2 text-label text-pretty text-ink-3">
        {larger.kind === 'estimated' && (
          <p>
            From blocks that were read beyond a relation’s size. A Seq Scan of a table above a quarter of shared_buffers keeps nothing in
            the cache: its reads are left out up to that size.
          </p>
        )}
        <p>{pageCacheWords(answer)} What shared_buffers takes, the page cache loses.</p>
        <p>
          {recommended === null
            ? 'Configuration recommends no other value.'
            : `Configuration recommends ${bytesShort(recommended)}; a change needs a restart.`}{' '}
          <Link href={configurationHref} className="whitespace-nowrap text-accent underline">
            Open in Configuration
          </Link>
        </p>
      </div>
    </Card>
  )
}
