'use client'
import { Play } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import type { GuideChosen } from '@/db/console/schema-guide'
import type { GuideForm, GuideScope } from '@/db/guide/run-query'
import { count } from '../format'
import { useMayAct, useReadAt } from '../shell/page-status'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { ProblemPanel } from '../ui/problem-panel'
import { AllStudentsCard } from './all-students-card'
import { GuideHead } from './guide-head'
import { PrintedCard } from './printed-card'
import { ResultCard } from './result-card'
import { MeanTimeCard, TimeAgainstRows } from './time-cards'
import { useGuideRuns } from './use-guide-runs'
import { WorkloadControls } from './workload-controls'
import { WorkloadList } from './workload-list'
import { workloadTitle } from './workload-messages'
import type { QueryLine, WorkloadModel } from './workload-model'
import { workloadParams } from './workload-params'
import { WorkloadPlanCard } from './workload-plan-card'

const GuidePlanSheet = dynamic(() => import('./guide-plan-sheet').then((module) => module.GuidePlanSheet), { ssr: false })

interface WorkloadViewProps {
  server: string
  database: string
  mayRun: boolean
  model: WorkloadModel
  readAt: string
}

const AT_FIRST: GuideChosen = { student: null, since: null, role: 'student', rows: 50 }
const lastChosen = (line: QueryLine): GuideChosen => line.corrected?.chosen ?? AT_FIRST

/** The guide's five queries, corrected beside printed: what they give, take and plan on the tables of this database. */
export function WorkloadView({ server, database, mayRun: allowed, model, readAt }: WorkloadViewProps) {
  const mayRun = useMayAct(allowed)
  const whyNot = useWhyNot('Running a query')
  useReadAt(readAt)
  const [{ plan }, setParams] = useQueryStates(workloadParams)
  const { run, progress, problem } = useGuideRuns()
  const [changed, setChanged] = useState<Partial<Record<string, GuideChosen>>>({})
  const { lines, chosen: query, schema, tableRows, budgetSeconds } = model
  const at = lines.findIndex(({ name }) => name === query.name)
  const line = lines[at] as QueryLine
  const place = { server, database, schema }
  const ask = (of: QueryLine, form: GuideForm, scope: GuideScope = 'one') => {
    const { student, since, role, rows } = changed[of.name] ?? lastChosen(of)
    return { ...place, query: of.name, form, scope, student: student?.id ?? null, since, role, rows: rows as 10 | 50 | 100 }
  }
  const both = (of: QueryLine, scope: GuideScope = 'one') => (['corrected', 'printed'] as const).map((form) => ask(of, form, scope))
  const able = lines.filter(({ missing }) => missing.length === 0)
  const off = !mayRun || progress !== null
  const title = mayRun ? undefined : whyNot
  const base = `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}/guide/workload`
  const rowsOf = (table: string) => (tableRows[table] === undefined ? 'never counted' : count(tableRows[table]))
  return (
    <>
      <GuideHead
        server={server}
        database={database}
        tab="workload"
        title={workloadTitle(lines)}
        actions={
          <Button
            variant="primary"
            disabled={off || able.length === 0}
            title={title}
            onClick={() => void run(able.flatMap((one) => both(one)))}
          >
            <Play aria-hidden />
            Run all {able.length}
          </Button>
        }
      >
        Both forms on the same rows of schema {schema}: {rowsOf('student_progress')} in student_progress, {rowsOf('quiz_results')} in
        quiz_results. Read-only, rolled back, stopped after {budgetSeconds} s.
      </GuideHead>
      <p role="status" className="text-cell text-ink-2">
        {progress && `Running ${progress.done + 1} of ${progress.of} …`}
      </p>
      {problem && <ProblemPanel title="Not run" problem={problem} className="mb-3" />}
      <WorkloadList lines={lines} chosen={query.name} href={(name) => `${base}?query=${name}`} budgetSeconds={budgetSeconds} />
      <WorkloadControls
        place={place}
        at={at + 1}
        line={line}
        query={query}
        chosen={changed[line.name] ?? lastChosen(line)}
        onChange={(next) => setChanged({ ...changed, [line.name]: next })}
        disabled={off || line.missing.length > 0}
        title={title}
        onRun={() => void run(both(line))}
      />
      <div className="grid grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)] gap-4 max-lg:grid-cols-1">
        <ResultCard key={`result ${query.name}`} chosen={query} />
        <PrintedCard chosen={query} line={line} budgetSeconds={budgetSeconds} />
      </div>
      <div className="mt-4 grid grid-cols-2 items-start gap-4 max-lg:grid-cols-1">
        <WorkloadPlanCard chosen={query} onOpen={() => void setParams({ plan: 'open' })} />
        <div className="grid min-w-0 gap-4">
          {query.all && (
            <AllStudentsCard
              {...query.all}
              budgetSeconds={budgetSeconds}
              disabled={off}
              title={title}
              onRun={() => void run(both(line, 'all'))}
            />
          )}
          <TimeAgainstRows chosen={query} />
          <MeanTimeCard line={line} />
        </div>
      </div>
      {plan && query.explained && (
        <GuidePlanSheet
          explained={query.explained}
          where={`LMS guide / Workload / ${line.title}`}
          blockSize={model.blockSize}
          onClose={() => void setParams({ plan: null })}
        />
      )}
    </>
  )
}
