import Link from 'next/link'
import type { AuditEntry } from '@/db/console/read-audit'
import { script } from '../confirm/planned-sql'
import { ago, moment } from '../format-time'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { EmptyState } from '../ui/problem-panel'
import { SqlText } from '../ui/sql'
import { auditSentence } from './audit-sentences'

/** Who did what, when, with which exact SQL. */
export function AuditTable({ entries, filtered, now }: { entries: AuditEntry[]; filtered: boolean; now: string }) {
  if (entries.length === 0) {
    return (
      <TableCard label="Audit">
        <EmptyState title={filtered ? 'No entry matches.' : 'No entry yet.'}>
          {filtered
            ? 'All entries since the console was set up were searched.'
            : 'Changes to servers and accounts, requests to servers and exports are recorded here.'}
        </EmptyState>
      </TableCard>
    )
  }
  return (
    <TableCard label="Audit" footer={<span>Append-only: the console database refuses to change or delete an entry.</span>}>
      <table className="w-full border-collapse max-sm:block sm:min-w-[960px]">
        <thead className="max-sm:hidden">
          <tr>
            <HeadCell numeric className="w-16">
              #
            </HeadCell>
            <HeadCell className="w-36">When</HeadCell>
            <HeadCell className="w-44">Who</HeadCell>
            <HeadCell className="w-36">What</HeadCell>
            <HeadCell className="w-28">From</HeadCell>
            <HeadCell className="w-36">Where</HeadCell>
            <HeadCell>Exact SQL, or the result</HeadCell>
            <HeadCell numeric className="w-20">
              Run
            </HeadCell>
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {entries.map((entry) => (
            <Row
              key={entry.id}
              id={`entry-${entry.id}`}
              className="align-top max-sm:grid max-sm:grid-cols-[auto_1fr_auto] max-sm:gap-x-2 max-sm:gap-y-1 max-sm:px-3.5 max-sm:py-2.5 max-sm:*:h-auto max-sm:*:p-0! sm:[&>td]:py-[5px]"
            >
              <Cell numeric className="text-ink-3 max-sm:row-start-1">
                {entry.id}
              </Cell>
              <Cell className="whitespace-nowrap text-ink-2 max-sm:col-start-3 max-sm:row-start-1">
                <time dateTime={entry.at} title={moment(entry.at)}>
                  {ago(entry.at, now)}
                </time>
              </Cell>
              <Cell className="[overflow-wrap:anywhere] max-sm:col-span-2 max-sm:row-start-2">{entry.actor}</Cell>
              <Cell className="font-medium max-sm:col-start-2 max-sm:row-start-1">{entry.action}</Cell>
              <Cell className="text-ink-2 [overflow-wrap:anywhere] max-sm:hidden">{entry.from}</Cell>
              <Cell className="text-ink-2 [overflow-wrap:anywhere] max-sm:hidden">
                {[entry.serverName, entry.database].filter(Boolean).join(' / ') || 'this console'}
              </Cell>
              <Cell className="max-sm:col-span-3">
                <What entry={entry} />
              </Cell>
              <Cell numeric className="max-sm:col-start-3 max-sm:row-start-2">
                {entry.runId && <Link href={`/runs/${entry.runId}`}>#{entry.runId}</Link>}
              </Cell>
            </Row>
          ))}
        </tbody>
      </table>
    </TableCard>
  )
}

/** The statements of a run; for everything else what was noted. */
function What({ entry }: { entry: AuditEntry }) {
  const { problem, policy, confirmedBy } = entry.detail
  if (entry.statements.length > 0) {
    return (
      <>
        <code className="block whitespace-pre-wrap [overflow-wrap:anywhere]">
          <SqlText sql={script(entry.statements)} />
        </code>
        {policy !== undefined && <span className="text-ink-2">By the policy that {String(confirmedBy)} confirmed</span>}
        {typeof problem === 'string' && <span className="text-ink-2 [overflow-wrap:anywhere]">{problem}</span>}
      </>
    )
  }
  return <span className="text-ink-2 [overflow-wrap:anywhere]">{auditSentence(entry)}</span>
}
