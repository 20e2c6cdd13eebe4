import { bytes, count, exactCount, percent } from '../format'
import { ago, clock, moment, span } from '../format-time'
import { CopyButton } from '../ui/copy-button'
import { Cell, HeadCell } from '../ui/data-table'
import { SectionTitle } from '../ui/drawer'
import { Fact, Facts } from '../ui/facts'
import { Identifier } from '../ui/identifier'
import { TrustMark, wholePoints } from '../ui/trust-mark'
import type { IndexDetail, MeasuredIndex } from './index-detail'

/** Why this verdict: the rule with this index's numbers, and all that a drop must not overlook. */
export function Evidence({ detail, readAt }: { detail: IndexDetail; readAt: string }) {
  const { finding } = detail
  const since = detail.statsReset ?? detail.statsSince
  const last = finding.lastIdxScan
    ? `, last ${ago(finding.lastIdxScan, readAt)}`
    : finding.idxScan === '0'
      ? `, none in ${span(since, readAt)}`
      : ''
  return (
    <>
      <SectionTitle>Why this verdict</SectionTitle>
      <Facts>
        <Fact name="Rule">{finding.rule}</Fact>
        <Fact name="Stats window">
          {detail.statsReset
            ? `${span(since, readAt)}, reset ${moment(since)}`
            : `${span(since, readAt)}, since the server's start ${moment(since)}`}
        </Fact>
        <Fact name="Scans, this host">
          <span title={exactCount(finding.idxScan)}>{count(finding.idxScan)}</span>
          {last}
        </Fact>
        <Fact name="Constraint">
          {finding.conname ? (
            <>
              Backs <Identifier name={finding.conname} />
              {detail.constraintText && `, ${detail.constraintText}`}
            </>
          ) : finding.isUnique ? (
            'Backs none, but it is unique: it refuses duplicates'
          ) : (
            'Backs none'
          )}
        </Fact>
        <Fact name="Serves foreign key">
          {detail.foreignKeys.length === 0
            ? 'None'
            : detail.foreignKeys.map(({ conname, text }) => (
                <span key={conname} className="block">
                  <Identifier name={conname} />
                  {text && `, ${text}`}
                </span>
              ))}
        </Fact>
        {finding.redundantWith && (
          <Fact name="Redundant with">
            <Identifier name={finding.redundantWith.indexrelname} />
            {finding.redundantWith.kind === 'duplicate' ? ', the same in every respect' : ', which begins with the same columns'}
          </Fact>
        )}
        <Fact name="Partition root">{partition(detail)}</Fact>
        <Fact name="Undo DDL">
          {detail.undoSql ? (
            <span className="flex flex-wrap items-center gap-x-2">
              The definition above, built concurrently
              <CopyButton text={detail.undoSql} label="Copy undo DDL" variant="quiet" className="-my-1 text-accent!" />
            </span>
          ) : (
            'Not known while the table is locked'
          )}
        </Fact>
      </Facts>
    </>
  )
}

function partition({ finding, partitionRoot }: IndexDetail): string {
  if (finding.partitions > 0) return `This is the root of ${exactCount(finding.partitions)} partitions' indexes; only it can be dropped`
  return partitionRoot ?? 'Not partitioned'
}

/** Exact beside estimated: what was measured, and what the statistics say. */
export function Measured({ detail, readAt }: { detail: IndexDetail; readAt: string }) {
  const measured = detail.measurements.find(({ current, method }) => current && method !== 'rebuild')
  const { estimate, estimateWithheld } = detail
  if (!measured && !estimate && !estimateWithheld) return null
  const notes = (value: string) => <span className="text-ink-3">{value}</span>
  const none = notes(measured ? 'not told by this method' : 'not measured')
  const number = (name: string) => measured && typeof measured.detail[name] === 'number' && Number(measured.detail[name])
  const pages = number('leaf_pages')
  const rows: [string, React.ReactNode, React.ReactNode][] = [
    [
      'Bloat',
      measured ? within(percent(bloatOf(measured)), measured.plusMinus) : none,
      estimate ? within(percent(estimate.bloatRatio), estimate.plusMinus) : notes('n/a'),
    ],
    ['Live size', measured ? bytes(measured.rebuiltBytes) : none, estimate ? `≈ ${bytes(estimate.liveBytes)}` : notes('n/a')],
    ...(['avg_leaf_density', 'leaf_fragmentation'] as const).map((name): [string, React.ReactNode, React.ReactNode] => [
      name === 'avg_leaf_density' ? 'Average leaf density' : 'Leaf fragmentation',
      typeof number(name) === 'number' ? `${Number(number(name)).toFixed(1)}%` : none,
      notes('not estimated'),
    ]),
    [
      'Deleted pages',
      typeof number('deleted_pages') === 'number'
        ? `${exactCount(Number(number('deleted_pages')))}${pages ? ` of ${exactCount(Number(pages))} leaf pages` : ''}`
        : none,
      notes('not estimated'),
    ],
  ]
  return (
    <>
      <SectionTitle sub={agreement(measured, estimate)}>Measured and estimated</SectionTitle>
      <div className="overflow-hidden rounded-control border border-line">
        <table className="w-full table-fixed border-collapse">
          <thead>
            <tr>
              <HeadCell className="w-[30%]">
                <span className="sr-only">What</span>
              </HeadCell>
              <HeadCell numeric>{measured ? <Source measured={measured} readAt={readAt} /> : 'Measured'}</HeadCell>
              <HeadCell numeric>
                {estimate ? (
                  <TrustMark
                    trust={{ kind: 'estimated', plusMinus: estimate.plusMinus }}
                    text={`statistics, ${clock(readAt).slice(0, 5)}`}
                  />
                ) : (
                  <TrustMark trust={{ kind: 'withheld', reason: estimateWithheld ?? 'not estimated' }} />
                )}
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, exact, estimated], at) => (
              <tr key={name} className="border-b border-grid last:border-b-0">
                <Cell className="h-[26px]! text-ink-2">{name}</Cell>
                <Cell numeric className={at < 2 ? 'h-[26px]! font-medium' : 'h-[26px]!'}>
                  {exact}
                </Cell>
                <Cell numeric className="h-[26px]!">
                  {estimated}
                </Cell>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

const bloatOf = ({ bytes: size, rebuiltBytes }: MeasuredIndex): number => (size > 0 ? Math.max(0, 1 - rebuiltBytes / size) : 0)
const within = (text: string, plusMinus: number) => (plusMinus > 0 ? `${text} ± ${wholePoints(plusMinus)}` : text)

function Source({ measured, readAt }: { measured: MeasuredIndex; readAt: string }) {
  const trust = measured.plusMinus > 0 ? { kind: 'estimated' as const, plusMinus: measured.plusMinus } : { kind: 'exact' as const }
  return (
    <TrustMark
      trust={trust}
      text={`${measured.method === 'sample' ? 'page sample' : measured.method}, ${ago(measured.measuredAt, readAt)}`}
    />
  )
}

/** How far the estimate was off, where both are there. */
export function agreement(measured: MeasuredIndex | undefined, estimate: IndexDetail['estimate']): string | undefined {
  if (!measured || !estimate) return undefined
  const points = Math.round((estimate.bloatRatio - bloatOf(measured)) * 100)
  const held = Math.abs(points) <= wholePoints(estimate.plusMinus) ? 'within' : 'outside'
  const off =
    points === 0 ? 'agreed' : `was ${Math.abs(points)} ${Math.abs(points) === 1 ? 'point' : 'points'} ${points < 0 ? 'low' : 'high'}`
  return `the estimate ${off}, ${held} its ± ${wholePoints(estimate.plusMinus)}`
}
