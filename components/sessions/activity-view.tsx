'use client'
import { Pause, Play } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useQueryStates } from 'nuqs'
import { useDeferredValue, useRef, useState } from 'react'
import type { CommandRequest } from '@/db/domain/command-request'
import { exactCount, plural } from '../format'
import { clock } from '../format-time'
import { CommandDialog } from '../indexes/command-dialog'
import type { LiveAnswer } from '../live/fetch-live'
import { useMayAct, useReadAt } from '../shell/page-status'
import { timeRangeOf } from '../time/time-range'
import { Button } from '../ui/button'
import { classes } from '../ui/class-names'
import { PageHead } from '../ui/page-head'
import { EmptyState, ProblemPanel } from '../ui/problem-panel'
import { useShortcuts } from '../ui/use-shortcuts'
import { ActivityKpis } from './activity-kpis'
import { activityEvidence, activityTitle } from './activity-messages'
import { activityParams, type SessionSort } from './activity-params'
import type { ActivityAnswer, ActivityHistory, Session } from './activity-types'
import { Blocking } from './blocking'
import { History } from './history'
import { PreparedTransactions, XminHolders } from './holders'
import { grouped, listSessions } from './list-sessions'
import { waitersBehind } from './released'
import { type EndedHere, ReleasedCard } from './released-card'
import { SessionActions } from './session-actions'
import { SessionFilters } from './session-filters'
import { SessionTable } from './session-table'
import { EVERY_MS, useActivity, useHeldOrder } from './use-activity'

const SessionDrawer = dynamic(() => import('./session-drawer').then((module) => module.SessionDrawer), { ssr: false })

interface ActivityViewProps {
  server: string
  database: string
  mayRun: boolean
  initial: { activity: LiveAnswer<ActivityAnswer>; history: LiveAnswer<ActivityHistory> }
}

/** What the server is doing now, and what it did. */
export function ActivityView({ server, database, mayRun: allowed, initial }: ActivityViewProps) {
  const mayRun = useMayAct(allowed)
  const [params, setParams] = useQueryStates(activityParams)
  const [paused, setPaused] = useState(false)
  const [asked, setAsked] = useState<CommandRequest[]>([])
  const [ended, setEnded] = useState<EndedHere>()
  const { activity, readAt, problem, stale, refresh } = useActivity(server, database, initial.activity, paused)
  const [rendered] = useState({ range: params.range, from: params.from, to: params.to })
  useReadAt(readAt, stale, paused)
  const search = useRef<HTMLInputElement>(null)
  const { group, pid } = params
  const [wasOpen, setWasOpen] = useState(false)
  if (pid !== null && !wasOpen) setWasOpen(true)
  const filter = { ...params, q: useDeferredValue(params.q) }
  const { lines, hold } = useHeldOrder(listSessions(activity?.sessions ?? [], filter))
  const groups = grouped(lines, group)
  const order = groups.flatMap((one) => one.lines.map(({ row }) => row.pid))
  const open = (row: Pick<Session, 'pid'>) => void setParams({ pid: row.pid })
  const move = (by: 1 | -1) => {
    const next = order[Math.max(0, Math.min((pid === null ? -1 : order.indexOf(pid)) + by, order.length - 1))]
    if (next !== undefined) void setParams({ pid: next })
  }
  useShortcuts({
    '/': () => search.current?.focus(),
    Escape: () => void setParams({ pid: null }),
  })
  const range = timeRangeOf(params, readAt === null ? 0 : Date.parse(readAt))
  const sameRange = rendered.range === params.range && rendered.from === params.from && rendered.to === params.to
  const sortBy = (sort: SessionSort) =>
    void setParams({
      sort,
      dir: params.sort === sort ? (params.dir === 'asc' ? 'desc' : 'asc') : sort === 'who' || sort === 'pid' ? 'asc' : 'desc',
    })
  const pause = () => {
    if (paused) refresh()
    setPaused(!paused)
  }
  const actions = (
    <Button aria-pressed={paused} onClick={pause}>
      {paused ? <Play aria-hidden /> : <Pause aria-hidden />}
      {paused ? 'Go on' : 'Pause'}
    </Button>
  )
  const unreachable = problem && (
    <ProblemPanel
      className="mb-4"
      title={readAt ? `No answer from the server; data from ${clock(readAt)} UTC` : 'No answer from the server'}
      problem={problem}
      action={<span className="text-label whitespace-nowrap text-ink-3">{paused ? 'paused' : 'retried every 2 s'}</span>}
    />
  )
  const history = (
    <History
      server={server}
      range={range}
      onRange={(next) => void setParams(next)}
      initial={sameRange ? initial.history : undefined}
      paused={paused}
    />
  )
  if (!activity)
    return (
      <>
        <PageHead eyebrow="Activity" title="The server does not answer." actions={actions} />
        {unreachable}
        {history}
      </>
    )
  return (
    <>
      <PageHead eyebrow="Activity" title={activityTitle(activity)} actions={actions}>
        {activityEvidence(activity)}
      </PageHead>
      {unreachable}
      <div className={classes(stale && 'faded')}>
        <ActivityKpis activity={activity} />
        {ended && readAt && (
          <ReleasedCard key={ended.run} ended={ended} activity={activity} readAt={readAt} onClose={() => setEnded(undefined)} />
        )}
        <Blocking activity={activity} mayRun={mayRun} onOpen={(of) => open({ pid: of })} onAsk={(request) => setAsked([request])} />
      </div>
      {history}
      <SessionFilters activity={activity} params={params} setParams={setParams} search={search} />
      <div className={classes('mb-4', stale && 'faded')}>
        <SessionTable
          groups={groups}
          limits={activity.limits}
          sort={params.sort}
          dir={params.dir}
          onSort={sortBy}
          open={pid}
          onOpen={open}
          onHold={hold}
          actions={(row) => <SessionActions row={row} mayRun={mayRun} onAsk={(request) => setAsked([request])} />}
          footer={
            <>
              <span>{plural(order.length, 'session', 'sessions')}</span>
              <span>{paused ? 'Paused' : 'Read every 2 s while the tab is visible'}</span>
              <span>
                Left out: {exactCount(activity.counts.own)} of Proctor itself
                {activity.counts.hidden > 0 && `; ${exactCount(activity.counts.hidden)} shown without their activity`}
              </span>
            </>
          }
          empty={<EmptyState title="No such session.">{exactCount(activity.sessions.length)} sessions checked.</EmptyState>}
        />
      </div>
      <div className="grid grid-cols-2 items-start gap-4 max-lg:grid-cols-1">
        <XminHolders activity={activity} mayRun={mayRun} onOpen={(of) => open({ pid: of })} onAsk={(request) => setAsked([request])} />
        <PreparedTransactions activity={activity} />
      </div>
      {wasOpen && (
        <SessionDrawer
          server={server}
          database={database}
          pid={pid}
          row={activity.sessions.find((row) => row.pid === pid)}
          activity={activity}
          mayRun={mayRun}
          everyMs={paused ? false : EVERY_MS}
          onMove={move}
          onClose={() => void setParams({ pid: null })}
          onAsk={(request) => setAsked([request])}
        />
      )}
      <CommandDialog
        server={server}
        database={database}
        commands={asked}
        onClose={() => setAsked([])}
        stay
        onQueued={([run]) => {
          const pid = Number(asked[0]?.input.pid)
          if (run && Number.isInteger(pid)) setEnded({ run: run.id, pid, waiters: waitersBehind(activity, pid) })
        }}
      />
    </>
  )
}
