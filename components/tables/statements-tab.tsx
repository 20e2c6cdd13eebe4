'use client'
import Link from 'next/link'
import { count, plural } from '../format'
import { useLive } from '../live/use-live'
import { milliseconds } from '../statements/query-messages'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { EmptyState, ProblemPanel } from '../ui/problem-panel'
import { SqlText } from '../ui/sql'

/** The sampled statements that name the table, by the time they took. */
export function StatementsTab({ server, database, relid }: { server: string; database: string; relid: number }) {
  const { answer } = useLive('table-statements', { server, database, relid })
  if (!answer)
    return (
      <TableCard label="Statements">
        <EmptyState title="Reading …" />
      </TableCard>
    )
  if (!answer.ok) return <ProblemPanel title="The statements could not be read" problem={answer.problem} />
  const { rows, unread, more } = answer.value
  const href = `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}/statements`
  return (
    <TableCard
      label="Statements"
      footer={
        <>
          <span>Sampled within 7 d; found by parsing each statement</span>
          {unread > 0 && <span>{plural(unread, 'text', 'texts')} with its name could not be parsed: cut or withheld</span>}
          {more && <span>The 300 with the most time were looked at</span>}
        </>
      }
    >
      {rows.length === 0 ? (
        <EmptyState title="No sampled statement names this table.">
          Statements need pg_stat_statements, and are sampled every minute.
        </EmptyState>
      ) : (
        <table className="w-full min-w-[620px] table-fixed border-collapse">
          <thead>
            <tr>
              <HeadCell>Statement</HeadCell>
              <HeadCell className="w-28">Role</HeadCell>
              <HeadCell numeric className="w-24">
                Calls
              </HeadCell>
              <HeadCell numeric className="w-24">
                Mean
              </HeadCell>
              <HeadCell numeric className="w-28">
                Total time
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.key}>
                <Cell className="truncate">
                  <Link
                    href={`${href}?range=7d&query=${encodeURIComponent(row.key)}`}
                    title={row.query ?? undefined}
                    className="text-ink hover:underline"
                  >
                    <code>{row.query === null ? 'text not seen yet' : <SqlText sql={row.query} />}</code>
                  </Link>
                </Cell>
                <Cell className="truncate text-ink-2">{row.rolname}</Cell>
                <Cell numeric>{count(row.calls)}</Cell>
                <Cell numeric>{milliseconds(row.mean)}</Cell>
                <Cell numeric>{milliseconds(row.total)}</Cell>
              </Row>
            ))}
          </tbody>
        </table>
      )}
    </TableCard>
  )
}
