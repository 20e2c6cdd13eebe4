import type { ReactNode } from 'react'
import { formatDay } from '@/db/domain/format'
import { sizePer } from '@/db/domain/learned'
import { bytes, exactCount, percent } from '../format'
import { ago, clock } from '../format-time'
import { Cell, HeadCell } from '../ui/data-table'
import { SectionTitle } from '../ui/section-title'
import { TrustMark, wholePoints } from '../ui/trust-mark'
import type { DescribedIndex, MeasuredIndex } from './described'

/** Measured beside estimated: what the pages say, and what the statistics say. */
export function Measured({ index, readAt }: { index: DescribedIndex; readAt: string }) {
  const measured = index.measurements.find(({ current }) => current)
  const { estimate } = index
  if (!measured && !estimate) return null
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
                    trust={estimate.trust}
                    text={learnedOf(estimate) ? 'by its baseline' : `statistics, ${clock(readAt).slice(0, 5)}`}
                  />
                ) : (
                  'Estimated'
                )}
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {rows(index, measured, estimate).map(([name, exact, estimated], at) => (
              <tr key={name} className="border-b border-grid last:border-b-0">
                <Cell className="h-[26px]! text-ink-2">{name}</Cell>
                <Cell numeric className={at < 2 ? 'h-[26px]! font-medium' : 'h-[26px]!'}>
                  {exact ?? <Quiet>{measured ? 'not reported by this method' : 'not measured'}</Quiet>}
                </Cell>
                <Cell numeric className="h-[26px]!">
                  {estimated ?? <Quiet>not estimated</Quiet>}
                </Cell>
              </tr>
            ))}
          </tbody>
        </table>
        {estimate?.trust.kind === 'withheld' && (
          <p className="border-t border-grid px-4 py-1.5 text-label text-ink-3">
            Estimate withheld: {estimate.trust.reason}
            {estimate.trust.fix && `. To fix: ${estimate.trust.fix}`}.
          </p>
        )}
      </div>
    </>
  )
}

type Estimate = DescribedIndex['estimate']

function rows(index: DescribedIndex, measured: MeasuredIndex | undefined, estimate: Estimate): [string, ReactNode, ReactNode][] {
  const known = estimate && estimate.bloatRatio !== null && estimate.bytes !== null ? estimate : null
  const number = (name: string) => (typeof measured?.detail[name] === 'number' ? Number(measured.detail[name]) : null)
  return [
    [
      'Bloat',
      measured && within(percent(ratioOf(measured)), measured.plusMinus),
      known ? within(percent(known.bloatRatio), known.trust.kind === 'estimated' ? known.trust.plusMinus : 0) : 'n/a',
    ],
    ['Live size', measured && bytes(measured.rebuiltBytes), known ? `≈ ${bytes((known.bytes ?? 0) - (known.bloatBytes ?? 0))}` : 'n/a'],
    ...(index.finding.amname === 'btree' ? leafRows(number) : pageRows(number, estimate)),
  ].map(([name, exact, estimated]) => [String(name), exact || null, estimated])
}

type Row = [string, ReactNode, ReactNode]
type NumberOf = (name: string) => number | null

function leafRows(number: NumberOf): Row[] {
  const [density, fragmentation, deleted, leaves] = ['avg_leaf_density', 'leaf_fragmentation', 'deleted_pages', 'leaf_pages'].map(number)
  const ofLeaves = leaves === null || leaves === undefined ? '' : `, ${exactCount(leaves)} leaf pages`
  return [
    ['Average leaf density', density != null && `${density.toFixed(1)}%`, null],
    ['Leaf fragmentation', fragmentation != null && `${fragmentation.toFixed(1)}%`, null],
    ['Deleted pages', deleted != null && `${exactCount(deleted)}${ofLeaves}`, null],
  ]
}

/** Of what is no b-tree: the baseline, and what pgstathashindex told. */
function pageRows(number: NumberOf, estimate: Estimate): Row[] {
  const learned = learnedOf(estimate)
  const pages = HASH_PAGES.map(([name, column]): Row => [name, number(column) !== null && exactCount(number(column) ?? 0), null])
  return [['Baseline', null, learned ? `${sizePer(learned)}, ${formatDay(learned.at)}` : 'n/a'], ...pages.filter(([, told]) => told)]
}

const HASH_PAGES = [
  ['Bucket pages', 'bucket_pages'],
  ['Overflow pages', 'overflow_pages'],
  ['Unused pages', 'unused_pages'],
] as const

const learnedOf = (estimate: Estimate) => (estimate?.trust.kind === 'estimated' ? estimate.trust.learned : undefined)

const Quiet = ({ children }: { children: ReactNode }) => <span className="text-ink-3">{children}</span>
const ratioOf = ({ bytes: size, rebuiltBytes }: MeasuredIndex): number => (size > 0 ? Math.max(0, 1 - rebuiltBytes / size) : 0)
const within = (text: string, plusMinus: number) => (plusMinus >= 0.5 ? `${text} ± ${wholePoints(plusMinus)}` : text)

const METHODS: Record<MeasuredIndex['method'], string> = {
  pgstatindex: 'pgstatindex',
  pgstathashindex: 'pgstathashindex',
  sample: 'page sample',
  rebuild: 'after a rebuild',
}

function Source({ measured, readAt }: { measured: MeasuredIndex; readAt: string }) {
  const { plusMinus, method, measuredAt } = measured
  const trust = plusMinus >= 0.5 ? { kind: 'estimated' as const, plusMinus } : { kind: 'exact' as const }
  return <TrustMark trust={trust} text={`${METHODS[method]}, ${ago(measuredAt, readAt)}`} />
}

/** How far the estimate was off, where both are there. */
export function agreement(measured: MeasuredIndex | undefined, estimate: Estimate): string | undefined {
  if (!measured || !estimate || estimate.bloatRatio === null) return undefined
  const points = Math.round((estimate.bloatRatio - ratioOf(measured)) * 100)
  const allowed = wholePoints(estimate.trust.kind === 'estimated' ? estimate.trust.plusMinus : 0)
  if (points === 0) return 'the estimate agreed'
  const off = `${Math.abs(points)} ${Math.abs(points) === 1 ? 'point' : 'points'} ${points < 0 ? 'low' : 'high'}`
  return `the estimate was ${off}, ${Math.abs(points) <= allowed ? 'within' : 'outside'} its ± ${allowed}`
}
