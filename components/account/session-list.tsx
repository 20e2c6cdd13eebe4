'use client'
import { endOthers, endSession } from '@/app/account/actions'
import type { OwnSession } from '@/db/console/own-account'
import { ago, moment } from '../format-time'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'

/** Where one is signed in, each with a way to end it. */
export function SessionList({ sessions, current, now }: { sessions: OwnSession[]; current: string | null; now: string }) {
  const { busy, problem, call } = useAction()
  return (
    <div className="grid gap-2">
      <TableCard label="Sessions" footer={<span>A session lasts a week from sign-in. Page views are not recorded.</span>}>
        <table className="w-full min-w-[720px] border-collapse">
          <thead>
            <tr>
              <HeadCell>Signed in</HeadCell>
              <HeadCell>From</HeadCell>
              <HeadCell>Browser</HeadCell>
              <HeadCell>Ends</HeadCell>
              <HeadCell>
                <span className="sr-only">End</span>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {sessions.map(({ id, createdAt, expiresAt, address, agent }) => (
              <Row key={id}>
                <Cell className="whitespace-nowrap">
                  <time dateTime={createdAt} title={moment(createdAt)}>
                    {ago(createdAt, now)}
                  </time>
                </Cell>
                <Cell className="font-mono">{address ?? <span className="font-sans text-ink-3">not known</span>}</Cell>
                <Cell className="max-w-[420px] truncate text-ink-2">
                  <span title={agent ?? undefined}>{agent ?? 'not known'}</span>
                </Cell>
                <Cell className="whitespace-nowrap text-ink-2">{moment(expiresAt)}</Cell>
                <Cell numeric>
                  {id === current ? (
                    <Badge tone="ok">this one</Badge>
                  ) : (
                    <Button size="sm" variant="quiet" disabled={busy} onClick={() => call(() => endSession(id))}>
                      End<span className="sr-only"> the session of {moment(createdAt)}</span>
                    </Button>
                  )}
                </Cell>
              </Row>
            ))}
          </tbody>
        </table>
      </TableCard>
      {sessions.length > 1 && (
        <div>
          <Button variant="danger" disabled={busy} onClick={() => call(endOthers)}>
            End all other sessions
          </Button>
        </div>
      )}
      {problem && <ProblemPanel problem={problem} />}
    </div>
  )
}
