'use client'
import dynamic from 'next/dynamic'
import { type ReactNode, useState } from 'react'
import { checkNow, sayOf } from '@/app/[server]/db/[database]/overview/actions'
import type { CommandRequest } from '@/db/domain/command-request'
import { appointment, clock } from '../format-time'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive, useRefreshLive } from '../live/use-live'
import { useMayAct, useNavCount, useReadAt } from '../shell/page-status'
import { Button } from '../ui/button'
import { PageHead } from '../ui/page-head'
import { EmptyState, ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'
import { CheckTable } from './check-table'
import { EndedList } from './ended-list'
import { FindingList } from './finding-list'
import type { Saying } from './finding-state'
import { KnownBest } from './known-best'
import {
  type FindingRow,
  findingRows,
  isUnseen,
  needsOf,
  overviewEvidence,
  overviewTitle,
  snoozedRows,
  unreachable,
} from './overview-messages'
import type { ChecksAnswer } from './shown-checks'
import { VitalStrip } from './vitals'
import type { Vitals } from './vitals-messages'

const CommandDialog = dynamic(() => import('../indexes/command-dialog').then((module) => module.CommandDialog), { ssr: false })

interface OverviewProps {
  server: string
  database: string
  mayRun: boolean
  initial: { checks: LiveAnswer<ChecksAnswer>; vitals: LiveAnswer<Vitals> }
  /** What stands below the vitals beside the next best maintenance: recent runs. */
  children: ReactNode
}

const FindingDialog = dynamic(() => import('./finding-dialog').then((module) => module.FindingDialog), { ssr: false })

/** What is kept is looked up often, as it costs the server nothing; while a look is on its way, at once when that is done. */
const CHECKS_MS = 15_000
const AWAITED_MS = 2_000
const VITALS_MS = 10_000

/** Must I act, and where? Findings worst first, vitals, and what stands below. */
export function OverviewView({ server, database, mayRun: allowed, initial, children }: OverviewProps) {
  const mayRun = useMayAct(allowed)
  const place = { server, database }
  const [awaited, setAwaited] = useState(initial.checks.ok && initial.checks.value.asked)
  const checks = useLive('checks', place, { everyMs: awaited ? AWAITED_MS : CHECKS_MS, initial: initial.checks })
  const vitals = useLive('vitals', place, { everyMs: VITALS_MS, initial: initial.vitals }).answer ?? initial.vitals
  const refresh = useRefreshLive()
  const { busy, problem: refused, call } = useAction()
  const [fixes, setFixes] = useState<CommandRequest[]>([])
  const [saying, setSaying] = useState<{ row: FindingRow; kind: 'acknowledge' | 'snooze' }>()
  const [shown, setShown] = useState<ReadonlySet<'checks' | 'snoozed' | 'ended'>>(new Set())
  const answer = checks.answer ?? initial.checks
  if (answer.ok && answer.value.asked !== awaited) setAwaited(answer.value.asked)
  const { checks: outcomes, ended } = answer.ok ? answer.value : { checks: [], ended: [] }
  const rows = findingRows(outcomes)
  const snoozed = snoozedRows(outcomes)
  const cut = answer.ok ? unreachable(outcomes) : answer.problem
  const [reachedAt, setReachedAt] = useState(cut ? null : answer.at)
  if (!cut && answer.at !== reachedAt) setReachedAt(answer.at)
  useReadAt(reachedAt, checks.failed || cut !== undefined)
  useNavCount(`overview of ${server}/${database}`, needsOf(rows, outcomes))
  const blind = outcomes.filter(({ problem }) => problem)
  const all = shown.has('checks')
  const fold = (what: 'checks' | 'snoozed' | 'ended') =>
    setShown((before) => (before.has(what) ? new Set([...before].filter((one) => one !== what)) : new Set([...before, what])))
  const say = (row: FindingRow, what: Saying) => {
    if (what === 'acknowledge' || what === 'snooze') return setSaying({ row, kind: what })
    const taken = what === 'end snooze' ? 'snooze' : 'acknowledgement'
    call(
      () => sayOf(server, row.ids, { kind: 'take back', what: taken }),
      () => refresh('checks'),
    )
  }
  const look = () =>
    call(
      () => checkNow(server, database),
      () => refresh('checks'),
    )
  const list = { server, database, now: answer.at, mayRun, maySay: allowed, onFix: setFixes, onSay: say }
  return (
    <>
      <PageHead
        eyebrow={`Overview, ${appointment(answer.at).replace(/ \d\d:\d\d$/, '')}`}
        title={answer.ok ? overviewTitle(rows, outcomes) : 'The server could not be read.'}
        actions={
          answer.ok && (
            <>
              <Button aria-expanded={all} onClick={() => fold('checks')}>
                {all ? 'Findings only' : `All ${outcomes.length} checks`}
              </Button>
              <Button
                variant="primary"
                disabled={!allowed || busy || awaited}
                title={allowed ? undefined : 'A viewer changes nothing, and asks the server for nothing.'}
                onClick={look}
              >
                {awaited ? 'Checking …' : 'Check now'}
              </Button>
            </>
          )
        }
      >
        {answer.ok && overviewEvidence(outcomes, snoozed.length)}
      </PageHead>
      {cut && (
        <ProblemPanel
          className="mb-4"
          title={reachedAt ? `No answer since ${clock(reachedAt)} UTC` : 'No answer from the server'}
          problem={cut}
          action={<span className="text-label whitespace-nowrap text-ink-3">retried every minute</span>}
        />
      )}
      {refused && <ProblemPanel problem={refused} className="mb-4" />}
      {rows.length > 0 && <FindingList {...list} rows={rows} />}
      {answer.ok && rows.length === 0 && blind.length === 0 && !outcomes.every(isUnseen) && (
        <EmptyState title="No findings.">{outcomes.length} checks ran on this database and its server.</EmptyState>
      )}
      {(snoozed.length > 0 || ended.length > 0) && (
        <div className="flex flex-wrap gap-1 pt-2">
          {snoozed.length > 0 && (
            <Button variant="quiet" size="sm" aria-expanded={shown.has('snoozed')} onClick={() => fold('snoozed')}>
              {shown.has('snoozed') ? 'Hide' : 'Show'} {snoozed.length} snoozed
            </Button>
          )}
          {ended.length > 0 && (
            <Button variant="quiet" size="sm" aria-expanded={shown.has('ended')} onClick={() => fold('ended')}>
              {shown.has('ended') ? 'Hide' : 'Show'} {ended.length} ended in the last 24 h
            </Button>
          )}
        </div>
      )}
      {shown.has('snoozed') && snoozed.length > 0 && <FindingList {...list} rows={snoozed} label="Snoozed findings" className="mt-2" />}
      {shown.has('ended') && ended.length > 0 && <EndedList ended={ended} now={answer.at} />}
      {(all || (blind.length > 0 && !cut)) && <CheckTable outcomes={all ? outcomes : blind} />}
      {vitals.ok ? <VitalStrip vitals={vitals.value} /> : <ProblemPanel problem={vitals.problem} className="my-4" />}
      <div className="grid grid-cols-[minmax(0,2.5fr)_minmax(0,1fr)] items-start gap-4 max-lg:grid-cols-1">
        {answer.ok && answer.value.next && <KnownBest {...place} known={answer.value.next} mayRun={allowed} />}
        {children}
      </div>
      {saying && <FindingDialog {...saying} server={server} onClose={() => setSaying(undefined)} onDone={() => refresh('checks')} />}
      {fixes.length > 0 && <CommandDialog server={server} database={database} commands={fixes} onClose={() => setFixes([])} />}
    </>
  )
}
