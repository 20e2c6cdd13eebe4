import type { AutovacuumOfTable } from '@/db/tables/describe-table'
import { exactCount, share } from '../format'
import { ago, moment } from '../format-time'
import { Badge } from '../ui/badge'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { formulaText, TRIGGER_LABEL } from './table-page-messages'

/** Everything that brings autovacuum to this table, filled in, and how near each is. */
export function TriggerTable({ autovacuum: { triggers, on, vacuum }, readAt }: { autovacuum: AutovacuumOfTable; readAt: string }) {
  return (
    <TableCard label="What brings autovacuum">
      <table className="w-full min-w-[640px] border-collapse">
        <thead>
          <tr>
            <HeadCell>Trigger</HeadCell>
            <HeadCell>Last run</HeadCell>
            <HeadCell>Formula</HeadCell>
            <HeadCell numeric>Now</HeadCell>
            <HeadCell numeric>Above</HeadCell>
            <HeadCell>State</HeadCell>
          </tr>
        </thead>
        <tbody>
          {triggers.map((trigger) => {
            const { kind, now, at, own, due, last, lastBy } = trigger
            const counts = kind !== 'freeze' && kind !== 'multixacts'
            return (
              <Row key={kind}>
                <Cell>{TRIGGER_LABEL[kind]}</Cell>
                <Cell title={last ? moment(last) : undefined}>
                  {last ? `${ago(last, readAt)}${lastBy === 'autovacuum' ? '' : ', manual'}` : <span className="text-ink-3">not seen</span>}
                </Cell>
                <Cell>
                  <code className="text-ink-2">{formulaText(trigger)}</code>
                  {own.length > 0 && (
                    <Badge className="ml-1.5">
                      <span title={own.join(', ')}>own</span>
                    </Badge>
                  )}
                </Cell>
                <Cell numeric className={due ? 'font-medium text-warn' : undefined}>
                  {exactCount(now)}
                </Cell>
                <Cell numeric>{at === null ? '–' : exactCount(Math.round(at))}</Cell>
                <Cell>
                  {at === null ? (
                    <span className="text-ink-3">never for this</span>
                  ) : counts && !on ? (
                    <Badge tone="warn">off</Badge>
                  ) : due ? (
                    <Badge tone="warn">{vacuum && kind !== 'analyze' ? `due; pid ${vacuum.pid} is at work` : 'due'}</Badge>
                  ) : (
                    <span className="text-ink-3">{at > 0 ? (now === 0 ? 'not due' : `${share(now / at)} of the way`) : 'not due'}</span>
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
