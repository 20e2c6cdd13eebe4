'use client'
import { Play, Route } from 'lucide-react'
import { useState, useTransition } from 'react'
import { explainAnalyze, explainPlan } from '@/app/[server]/db/[database]/queries/actions'
import type { QueryDetail } from '@/db/history/statement-list'
import type { Problem, Result } from '@/db/server/problem'
import type { Explained } from '@/db/statements/explain-statement'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { ProblemPanel } from '../ui/problem-panel'
import { SectionTitle } from '../ui/section-title'
import { AnalyzeForm } from './analyze-form'
import { PlanView } from './plan-view'

interface QueryPlanProps {
  server: string
  database: string
  detail: QueryDetail
  mayRun: boolean
  noPlan: Problem | null
}

/** The plan of a statement: without its values at once, with values by running it once it is confirmed. */
export function QueryPlan({ server, database, detail, mayRun, noPlan }: QueryPlanProps) {
  const whyNot = useWhyNot()
  const [generic, setGeneric] = useState<Result<Explained>>()
  const [analyzed, setAnalyzed] = useState<Result<Explained>>()
  const [ofExample, setOfExample] = useState(false)
  const [asking, setAsking] = useState(false)
  const [busy, start] = useTransition()
  const { row } = detail
  const of = { server, database, key: row.key, rolname: row.rolname, datname: row.datname ?? database }
  const explain = (example: boolean) =>
    start(async () => {
      setAnalyzed(undefined)
      setGeneric(await explainPlan({ ...of, example }))
      setOfExample(example)
    })
  const plan = generic?.ok && !ofExample ? generic.value : undefined
  const answer = analyzed ?? generic
  const refusal = plan && plan.changes.length > 0 ? `EXPLAIN ANALYZE runs a single SELECT only. ${plan.changes.join('. ')}.` : null
  return (
    <>
      <SectionTitle
        sub={answer?.ok ? (answer.value.analyzed ? 'as it ran' : ofExample ? 'of its last example' : 'generic, for any values') : undefined}
        aside={
          <span className="flex gap-2">
            <Button size="sm" disabled={busy || noPlan !== null} title={noPlan?.message} onClick={() => explain(false)}>
              <Route aria-hidden />
              Explain
            </Button>
            <Button
              size="sm"
              disabled={busy || !mayRun || !plan || refusal !== null}
              title={!mayRun ? whyNot : !plan ? 'Explain it first' : (refusal ?? undefined)}
              aria-expanded={asking}
              onClick={() => setAsking(!asking)}
            >
              <Play aria-hidden />
              Analyze…
            </Button>
          </span>
        }
      >
        Plan
      </SectionTitle>
      {busy && (
        <p role="status" className="text-ink-3">
          Asking the server …
        </p>
      )}
      {noPlan && <ProblemPanel title="No plan" problem={noPlan} />}
      {!noPlan && !answer && !busy && (
        <p className="text-ink-3">
          Explain plans it without running it. Analyze runs a SELECT once, read-only and with a time-out, and rolls back.
        </p>
      )}
      {refusal && <p className="mb-2 text-label text-ink-3">{refusal}</p>}
      {asking && plan && (
        <AnalyzeForm
          plan={plan}
          examples={detail.examples}
          busy={busy}
          onRun={(how) => start(async () => setAnalyzed(await explainAnalyze(of, how)))}
        />
      )}
      {answer && (answer.ok ? <PlanView explained={answer.value} /> : <ProblemPanel title="No plan" problem={answer.problem} />)}
      {generic && !generic.ok && !ofExample && detail.examples.length > 0 && (
        <Button size="sm" className="mt-2" disabled={busy} onClick={() => explain(true)}>
          <Route aria-hidden />
          Explain its last example
        </Button>
      )}
    </>
  )
}
