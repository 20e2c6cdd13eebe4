'use client'
import { Route } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import type { QueryDetail } from '@/db/history/statement-list'
import type { Problem } from '@/db/server/problem'
import type { StatementHint } from '@/db/statements/statement-hints'
import { Button } from '../ui/button'
import { ProblemPanel } from '../ui/problem-panel'
import { SectionTitle } from '../ui/section-title'
import { QueryHints } from './query-hints'
import { type MadePlans, usePlans } from './use-plans'

// The sheet is fetched when a plan is first asked for.
const PlanSheet = dynamic(() => import('./plan-sheet').then((module) => module.PlanSheet), { ssr: false })

interface QueryPlanProps {
  server: string
  database: string
  detail: QueryDetail
  made: MadePlans
  blockSize: number
  mayRun: boolean
  noPlan: Problem | null
}

/** The hints on a statement, and the way to its plan: it is planned when the sheet opens, and run only when that is asked for there. */
export function QueryPlan({ server, database, detail, made, blockSize, mayRun, noPlan }: QueryPlanProps) {
  const [open, setOpen] = useState(false)
  const { row } = detail
  const plans = usePlans({ server, database, key: row.key, rolname: row.rolname, datname: row.datname ?? database }, made)
  const explain = () => {
    setOpen(true)
    if (plans.plans.length === 0) plans.make('generic')
  }
  const compare = (hint: StatementHint) => {
    setOpen(true)
    plans.compare(hint)
  }
  return (
    <>
      <QueryHints server={server} database={row.datname ?? database} detail={detail} noPlan={noPlan} onPlans={compare} />
      <SectionTitle
        aside={
          <Button size="sm" disabled={noPlan !== null} title={noPlan?.message} onClick={explain}>
            <Route aria-hidden />
            Explain
          </Button>
        }
      >
        Plan
      </SectionTitle>
      {noPlan ? (
        <ProblemPanel title="No plan" problem={noPlan} />
      ) : (
        <p className="text-ink-3">
          Explain plans it without running it. From there Analyze runs a SELECT once: it needs an operator and a value for each parameter,
          is read-only, has a time-out and rolls back.
        </p>
      )}
      {open && (
        <PlanSheet
          open={open}
          onClose={() => setOpen(false)}
          detail={detail}
          plans={plans}
          mayRun={mayRun}
          blockSize={blockSize}
          where={`${server} / ${database}`}
        />
      )}
    </>
  )
}
