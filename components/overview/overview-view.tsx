'use client'
import dynamic from 'next/dynamic'
import { type ReactNode, useState } from 'react'
import type { CheckOutcome } from '@/db/checks/define-check'
import type { CommandRequest } from '@/db/domain/command-request'
import { appointment, clock } from '../format-time'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useMayAct, useNavCount, useReadAt } from '../shell/page-status'
import { Button } from '../ui/button'
import { PageHead } from '../ui/page-head'
import { EmptyState, ProblemPanel } from '../ui/problem-panel'
import { CheckTable } from './check-table'
import { FindingList } from './finding-list'
import { findingRows, needsOf, overviewEvidence, overviewTitle, unreachable } from './overview-messages'
import { VitalStrip } from './vitals'
import type { Vitals } from './vitals-messages'

const CommandDialog = dynamic(() => import('../indexes/command-dialog').then((module) => module.CommandDialog), { ssr: false })

interface OverviewProps {
  server: string
  database: string
  mayRun: boolean
  initial: { checks: LiveAnswer<CheckOutcome[]>; vitals: LiveAnswer<Vitals> }
  /** What stands below the vitals: next best maintenance, recent runs. */
  children: ReactNode
}

const CHECKS_MS = 60_000
const VITALS_MS = 10_000

/** Must I act, and where? Findings worst first, vitals, and what stands below. */
export function OverviewView({ server, database, mayRun: allowed, initial, children }: OverviewProps) {
  const mayRun = useMayAct(allowed)
  const place = { server, database }
  const checks = useLive('checks', place, { everyMs: CHECKS_MS, initial: initial.checks })
  const vitals = useLive('vitals', place, { everyMs: VITALS_MS, initial: initial.vitals }).answer ?? initial.vitals
  const [mends, setMends] = useState<CommandRequest[]>([])
  const [all, setAll] = useState(false)
  const answer = checks.answer ?? initial.checks
  const outcomes = answer.ok ? answer.value : []
  const rows = findingRows(outcomes)
  const cut = answer.ok ? unreachable(outcomes) : answer.problem
  const [reachedAt, setReachedAt] = useState(cut ? null : answer.at)
  if (!cut && answer.at !== reachedAt) setReachedAt(answer.at)
  useReadAt(reachedAt, checks.failed || cut !== undefined)
  useNavCount(`overview of ${server}/${database}`, needsOf(rows, outcomes))
  const blind = outcomes.filter(({ problem }) => problem)
  return (
    <>
      <PageHead
        eyebrow={`Overview, ${appointment(answer.at).replace(/ \d\d:\d\d$/, '')}`}
        title={answer.ok ? overviewTitle(rows, outcomes) : 'The server could not be read.'}
        actions={
          answer.ok && (
            <Button aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? 'Findings only' : `All ${outcomes.length} checks`}
            </Button>
          )
        }
      >
        {answer.ok && overviewEvidence(outcomes, answer.at)}
      </PageHead>
      {cut && (
        <ProblemPanel
          className="mb-4"
          title={reachedAt ? `No answer since ${clock(reachedAt)} UTC` : 'No answer from the server'}
          problem={cut}
          action={<span className="text-label whitespace-nowrap text-ink-3">retried every minute</span>}
        />
      )}
      {rows.length > 0 && <FindingList server={server} database={database} rows={rows} now={answer.at} mayRun={mayRun} onMend={setMends} />}
      {answer.ok && rows.length === 0 && blind.length === 0 && (
        <EmptyState title="No findings.">{outcomes.length} checks ran on this database and its server.</EmptyState>
      )}
      {(all || (blind.length > 0 && !cut)) && <CheckTable outcomes={all ? outcomes : blind} />}
      {vitals.ok ? <VitalStrip vitals={vitals.value} /> : <ProblemPanel problem={vitals.problem} className="my-4" />}
      {children}
      {mends.length > 0 && <CommandDialog server={server} database={database} commands={mends} onClose={() => setMends([])} />}
    </>
  )
}
