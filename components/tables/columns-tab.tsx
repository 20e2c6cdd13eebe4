import { setStatisticsTargetRequest } from '@/db/commands/set-statistics-target/request'
import type { CommandRequest } from '@/db/domain/command-request'
import type { TableDescription } from '@/db/tables/describe-table'
import { count, exactCount, percent, share } from '../format'
import { ago } from '../format-time'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { Identifier } from '../ui/identifier'
import { EmptyState } from '../ui/problem-panel'

type Column = TableDescription['columns'][number]

interface ColumnsTabProps {
  table: TableDescription
  readAt: string
  mayRun: boolean
  onAsk: (request: CommandRequest) => void
}

/** The next target to look at: five times the default of default_statistics_target, or back to that. The dialog has the others. */
const otherTarget = ({ target }: Column): number => (target === null ? 500 : -1)

/** What ANALYZE found in each column: shares and counts, never a value. */
export function ColumnsTab({ table: { columns, finding }, readAt, mayRun, onAsk }: ColumnsTabProps) {
  const whyNot = useWhyNot()
  const last = [finding.lastAnalyze, finding.lastAutoanalyze]
    .filter((at) => at !== null)
    .sort()
    .at(-1)
  const analyzed = columns.some((column) => column.analyzed)
  return (
    <TableCard
      label="Columns"
      footer={
        <>
          <span>
            {last
              ? `Analyzed ${ago(last, readAt)}; ${exactCount(finding.modified)} rows changed since`
              : 'No ANALYZE since the statistics began'}
          </span>
          {!analyzed && <span>Without statistics the planner guesses: ANALYZE finds them.</span>}
          <span>Values are not read: shares and counts alone</span>
        </>
      }
    >
      {columns.length === 0 && <EmptyState title="No columns." />}
      {columns.length > 0 && (
        <table className="w-full min-w-[760px] border-collapse">
          <thead>
            <tr>
              <HeadCell>Column</HeadCell>
              <HeadCell>Type</HeadCell>
              <HeadCell numeric>Null</HeadCell>
              <HeadCell numeric>Distinct</HeadCell>
              <HeadCell
                numeric
                title="How far the order of the rows in the file follows the column: 1 as it rises, -1 as it falls, 0 not at all"
              >
                Correlation
              </HeadCell>
              <HeadCell numeric title="Share of the most common value">
                Most common
              </HeadCell>
              <HeadCell title="Shares of the most common values, the most common first">Distribution</HeadCell>
              <HeadCell numeric>Bytes</HeadCell>
              <HeadCell>Note</HeadCell>
              <HeadCell>
                <span className="sr-only">Actions</span>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <Row key={column.attnum}>
                <Cell>
                  <Identifier name={column.attname} />
                </Cell>
                <Cell>
                  <code className="text-ink-2">{column.type}</code>
                </Cell>
                <Cell numeric>{column.null_frac === null ? none : share(column.null_frac)}</Cell>
                <Cell numeric>{distinct(column, finding.live)}</Cell>
                <Cell numeric>{column.correlation === null ? none : column.correlation.toFixed(2)}</Cell>
                <Cell numeric>{column.top_share === null ? none : share(column.top_share)}</Cell>
                <Cell>
                  <Shares shares={column.shares} />
                </Cell>
                <Cell numeric>{column.avg_width === null ? none : exactCount(column.avg_width)}</Cell>
                <Cell className={column.target === 0 ? 'text-warn' : 'text-ink-3'}>{noteOf(column)}</Cell>
                <Cell className="text-right">
                  <Button
                    size="sm"
                    disabled={!mayRun}
                    title={mayRun ? 'How finely ANALYZE describes its values' : whyNot}
                    aria-label={`Statistics target of ${column.attname}`}
                    onClick={() =>
                      onAsk(setStatisticsTargetRequest({ oid: finding.relid, column: column.attnum, target: otherTarget(column) }))
                    }
                  >
                    Target…
                  </Button>
                </Cell>
              </Row>
            ))}
          </tbody>
        </table>
      )}
    </TableCard>
  )
}

const none = <span className="text-ink-3">–</span>

/** pg_stats.n_distinct: a count, or below 0 a share of the rows; -1: each value once. */
function distinct({ n_distinct: found }: Column, live: string) {
  if (found === null) return none
  if (found === -1) return 'unique'
  return found < 0 ? <span title={`${percent(-found)} of the rows`}>≈ {count(Math.round(-found * Number(live)))}</span> : count(found)
}

function noteOf({ analyzed, readable, target, not_null, indexed }: Column): string {
  const notes = [
    !readable ? 'hidden: needs SELECT on it' : !analyzed ? 'no statistics' : '',
    target === null ? '' : target === 0 ? 'statistics target 0: ANALYZE leaves it out' : `statistics target ${target}`,
    not_null ? 'NOT NULL' : '',
    indexed ? 'indexed' : '',
  ]
  return notes.filter(Boolean).join(', ')
}

/** Bars as high as the shares of the most common values; the highest fills it. */
function Shares({ shares }: { shares: number[] }) {
  if (shares.length === 0) return none
  const most = Math.max(...shares)
  return (
    <span aria-hidden className="flex h-3.5 items-end gap-px">
      {shares.map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: shares have no name but their place
        <i key={place} className="w-[3px] bg-live-2" style={{ height: `${Math.max(8, (part / most) * 100)}%` }} />
      ))}
    </span>
  )
}
