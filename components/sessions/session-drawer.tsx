'use client'
import type { CommandRequest } from '@/db/domain/command-request'
import { exactCount } from '../format'
import { moment } from '../format-time'
import { useLive } from '../live/use-live'
import { WhyNot } from '../shell/why-not'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Drawer, DrawerWays } from '../ui/drawer'
import { Fact, Facts } from '../ui/facts'
import { ProblemPanel } from '../ui/problem-panel'
import { SectionTitle } from '../ui/section-title'
import { Sql } from '../ui/sql'
import { age, blockerName, lockObject, releaseWords } from './activity-messages'
import type { ActivityAnswer, Session } from './activity-types'
import { endsOf } from './session-actions'
import { State, whoWords, xminWords } from './session-columns'
import { nodesOf } from './tree-nodes'

interface SessionDrawerProps {
  server: string
  database: string
  pid: number | null
  row: Session | undefined
  activity: ActivityAnswer
  mayRun: boolean
  everyMs: number | false
  onMove: (by: 1 | -1) => void
  onClose: () => void
  onAsk: (request: CommandRequest) => void
}

/** All of one session: what it does, since when, its statement, its locks, and how it can be ended. */
export function SessionDrawer({ server, database, pid, row, activity, mayRun, everyMs, onMove, onClose, onAsk }: SessionDrawerProps) {
  const detail = useLive('session-detail', { server, database, pid }, { enabled: pid !== null && row !== undefined, everyMs })
  const { answer } = detail
  const node = activity.trees.flatMap(nodesOf).find((one) => one.pid === pid && pid !== 0)
  const ways = row ? endsOf(row) : []
  return (
    <Drawer
      open={pid !== null}
      onClose={onClose}
      label={`Session of pid ${pid}`}
      header={
        <>
          <div className="flex items-center gap-2">
            {row && <State row={row} limits={activity.limits} />}
            <DrawerWays what="session" onMove={onMove} onClose={onClose} />
          </div>
          <h2 className="mt-1.5 text-[16px]! leading-[22px]">pid {pid}</h2>
          <p className="text-ink-2 [overflow-wrap:anywhere]">
            {row ? whoWords(row) : 'This session has ended, or never existed on this server.'}
          </p>
        </>
      }
      footer={
        row && ways.length > 0 ? (
          <>
            {!mayRun && (
              <span className="text-label text-ink-3">
                <WhyNot act="Ending" />
              </span>
            )}
            <div className="ml-auto flex flex-wrap gap-2">
              {ways.map(({ label, request }) => (
                <Button key={label} variant="danger" disabled={!mayRun} onClick={() => onAsk(request)}>
                  {label}
                </Button>
              ))}
            </div>
          </>
        ) : undefined
      }
    >
      {row && (
        <>
          {row.hidden && (
            <p className="mb-3 text-ink-2">
              Its activity is hidden from {activity.role}. <code>{activity.grant}</code> shows it.
            </p>
          )}
          <SectionTitle>Statement</SectionTitle>
          {answer?.ok && answer.value.query !== null ? (
            <Sql sql={answer.value.query || '-- none yet'} />
          ) : (
            row.query && <Sql sql={row.query} />
          )}
          {answer && !answer.ok && <ProblemPanel problem={answer.problem} title="Not read" />}
          <SectionTitle>Now</SectionTitle>
          <Facts>
            <Fact name="Transaction">{row.xact_seconds === null ? 'none open' : `open for ${age(row.xact_seconds)}`}</Fact>
            <Fact name={row.state === 'active' ? 'Statement' : 'Last statement'}>began {age(row.query_seconds)} ago</Fact>
            <Fact name="Waits for">
              {row.wait_event_type === null ? 'nothing' : `${row.wait_event_type}: ${row.wait_event}`}
              {row.awaits && `, ${row.awaits.mode} on ${lockObject(row.awaits)}, for ${age(row.wait_seconds)}`}
            </Fact>
            <Fact name="Blocked by">{row.blocked_by?.length ? row.blocked_by.map(blockerName).join(', ') : 'no session'}</Fact>
            <Fact name="Blocks">{node && node.all > 0 ? `${node.all}. ${releaseWords(node)}.` : 'no session'}</Fact>
            <Fact name="Vacuum">{xminWords(row)}</Fact>
            <Fact name="Connected">{row.backend_start ? moment(row.backend_start) : 'hidden'}</Fact>
            <Fact name="Database">{row.datname ?? 'none'}</Fact>
            <Fact name="Kind">{row.backend_type ?? 'hidden'}</Fact>
            {row.query_id && <Fact name="query_id">{row.query_id}</Fact>}
          </Facts>
          {answer?.ok && (
            <>
              <SectionTitle sub={exactCount(answer.value.lock_count)}>Locks</SectionTitle>
              {answer.value.locks.length === 0 ? (
                <p className="text-ink-3">It holds none.</p>
              ) : (
                <ul className="rounded-control border border-line">
                  {answer.value.locks.map((lock, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: locks have no name of their own
                    <li key={at} className="flex flex-wrap gap-x-2 border-t border-grid px-3 py-[5px] text-cell first:border-t-0">
                      <code>{lock.mode}</code>
                      <span className="text-ink-2 [overflow-wrap:anywhere]">{lockObject(lock)}</span>
                      {!lock.granted && <Badge tone="warn">waits</Badge>}
                    </li>
                  ))}
                </ul>
              )}
              {answer.value.lock_count > answer.value.locks.length && (
                <p className="mt-1 text-label text-ink-3">The first {answer.value.locks.length}.</p>
              )}
            </>
          )}
        </>
      )}
    </Drawer>
  )
}
