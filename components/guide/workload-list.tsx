import Link from 'next/link'
import { Sparkline } from '../charts/sparkline'
import { count } from '../format'
import { milliseconds } from '../statements/query-messages'
import { Badge } from '../ui/badge'
import { classes } from '../ui/class-names'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { faultOf, VERDICT, verdictOf } from './workload-messages'
import type { QueryLine } from './workload-model'

interface WorkloadListProps {
  lines: QueryLine[]
  chosen: string
  href: (name: string) => string
  budgetSeconds: number
}

/** The five queries; one is open below. */
export function WorkloadList({ lines, chosen, href, budgetSeconds }: WorkloadListProps) {
  return (
    <TableCard label="The guide’s queries">
      <table className="w-full min-w-[940px] border-collapse">
        <thead>
          <tr>
            <HeadCell>#</HeadCell>
            <HeadCell>Query</HeadCell>
            <HeadCell>In print</HeadCell>
            <HeadCell>What was wrong</HeadCell>
            <HeadCell numeric title="Of the last run here, on the server, without transfer">
              Corrected
            </HeadCell>
            <HeadCell numeric>As printed</HeadCell>
            <HeadCell numeric title="By others, as pg_stat_statements counted them">
              Calls, 24 h
            </HeadCell>
            <HeadCell numeric>Indexes</HeadCell>
            <HeadCell>Mean, 30 d</HeadCell>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, at) => {
            const verdict = verdictOf(line.printed)
            const open = line.name === chosen
            return (
              <Row
                key={line.name}
                aria-selected={open}
                className={classes(open ? 'bg-accent-soft shadow-[inset_3px_0_0_var(--accent)]' : 'hover:bg-hover')}
              >
                <Cell className="text-ink-3">{at + 1}</Cell>
                <Cell className="whitespace-nowrap">
                  <Link
                    href={href(line.name)}
                    scroll={false}
                    aria-current={open ? 'true' : undefined}
                    className="font-medium text-ink no-underline hover:underline"
                  >
                    {line.title}
                  </Link>{' '}
                  <code className="text-ink-3">{line.name}</code>
                </Cell>
                <Cell>
                  {verdict ? <Badge tone={VERDICT[verdict].tone}>{VERDICT[verdict].label}</Badge> : <span className="text-ink-3">–</span>}
                </Cell>
                <Cell className="max-w-[340px] truncate text-ink-2" title={faultOf(line, budgetSeconds)}>
                  {line.missing.length > 0 ? `Not here: ${line.missing.join(', ')}` : faultOf(line, budgetSeconds)}
                </Cell>
                <Cell numeric className="font-medium">
                  {milliseconds(line.corrected?.ms ?? null)}
                </Cell>
                <Cell numeric className="text-ink-2">
                  {milliseconds(line.printed?.ms ?? null)}
                </Cell>
                <Cell numeric>{line.history ? count(line.history.calls) : '–'}</Cell>
                <Cell numeric title={line.corrected?.indexes?.join(', ')}>
                  {line.corrected?.indexes ? line.corrected.indexes.length || 'none' : '–'}
                </Cell>
                <Cell>
                  {line.history ? (
                    <Sparkline values={line.history.mean} label={`Mean time of ${line.title}, 30 d`} />
                  ) : (
                    <span className="text-ink-3">–</span>
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
