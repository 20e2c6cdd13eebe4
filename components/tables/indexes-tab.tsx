import Link from 'next/link'
import type { CommandRequest } from '@/db/domain/command-request'
import { listedId } from '@/db/domain/listed-row'
import type { ListedIndex } from '@/db/indexes/list-indexes'
import { bytes, count, percent } from '../format'
import { ago, beyond } from '../format-time'
import { dropRequest, rebuildRequest } from '../indexes/index-requests'
import { mayDrop } from '../indexes/verdict'
import { VerdictChip } from '../indexes/verdict-chip'
import { useWhyNot } from '../shell/why-not'
import { TextButton } from '../ui/button'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { Identifier } from '../ui/identifier'
import { EmptyState } from '../ui/problem-panel'

interface IndexesTabProps {
  rows: ListedIndex[]
  /** The page of indexes. */
  href: string
  /** Since when scans are counted. */
  since: string | null
  readAt: string
  mayRun: boolean
  onAsk: (request: CommandRequest) => void
}

/** The indexes of the table with their verdicts, and those that a foreign key lacks; each leads to its drawer. */
export function IndexesTab({ rows, href, since, readAt, mayRun, onAsk }: IndexesTabProps) {
  const whyNot = useWhyNot()
  if (rows.length === 0)
    return (
      <TableCard label="Indexes">
        <EmptyState title="The table has no index, and no foreign key asks for one." />
      </TableCard>
    )
  return (
    <TableCard label="Indexes" footer={<Link href={href}>Open in Indexes</Link>}>
      <table className="w-full min-w-[680px] border-collapse">
        <thead>
          <tr>
            <HeadCell>Index</HeadCell>
            <HeadCell>Verdict</HeadCell>
            <HeadCell numeric>Size</HeadCell>
            <HeadCell numeric>Bloat</HeadCell>
            <HeadCell numeric>Scans</HeadCell>
            <HeadCell>Last used</HeadCell>
            <HeadCell>
              <span className="sr-only">Action</span>
            </HeadCell>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const step = stepOf(row)
            const name = row.verdict === 'missing' ? `on (${row.columns.join(', ')})` : row.indexrelname
            return (
              <Row key={listedId(row)}>
                <Cell>
                  <Link href={`${href}?index=${listedId(row)}`} className="text-ink hover:underline">
                    <Identifier name={name} />
                  </Link>
                </Cell>
                <Cell>
                  <VerdictChip verdict={row.verdict} />
                </Cell>
                {row.verdict === 'missing' ? (
                  <Cell colSpan={4} className="text-ink-3">
                    a foreign key reads {bytes(row.readBytes)} without it
                  </Cell>
                ) : (
                  <>
                    <Cell numeric>{bytes(row.bytes)}</Cell>
                    <Cell numeric>{row.bloatRatio === null ? <span className="text-ink-3">n/a</span> : percent(row.bloatRatio)}</Cell>
                    <Cell numeric>{count(row.idxScan)}</Cell>
                    <Cell className="text-ink-2">
                      {row.lastIdxScan ? (
                        ago(row.lastIdxScan, readAt)
                      ) : row.idxScan === '0' ? (
                        beyond(since, readAt)
                      ) : (
                        <span className="text-ink-3">–</span>
                      )}
                    </Cell>
                  </>
                )}
                <Cell className="text-right">
                  {step && (
                    <TextButton
                      disabled={!mayRun}
                      title={mayRun ? undefined : whyNot}
                      aria-label={`${step.label} ${name}`}
                      onClick={() => onAsk(step.request)}
                    >
                      {step.label}…
                    </TextButton>
                  )}
                </Cell>
              </Row>
            )
          })}
        </tbody>
      </table>
    </TableCard>
  )
}

/** What the verdict asks for. */
function stepOf(row: ListedIndex): { label: string; request: CommandRequest } | null {
  if (row.verdict === 'missing') return row.finding.fix && { label: 'Create', request: row.finding.fix }
  if (row.verdict === 'bloated') return { label: 'Rebuild', request: rebuildRequest(row) }
  if (row.verdict === 'invalid' && row.invalid?.action !== 'drop') return { label: 'Rebuild', request: rebuildRequest(row) }
  return row.verdict !== 'healthy' && mayDrop(row) ? { label: 'Drop', request: dropRequest(row) } : null
}
