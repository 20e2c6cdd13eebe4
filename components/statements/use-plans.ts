'use client'
import { useState, useTransition } from 'react'
import { type AnalyzeOf, explainAnalyze, explainPlan } from '@/app/[server]/db/[database]/statements/actions'
import type { Problem } from '@/db/server/problem'
import type { Explained } from '@/db/statements/explain-statement'

/** A plan that was made while the page is open. */
export interface MadePlan {
  id: number
  /** ms since 1970. */
  at: number
  how: 'generic' | 'example' | 'analyzed' | 'rewritten'
  explained: Explained
}

export interface PlanOf {
  server: string
  database: string
  key: string
  rolname: string
  datname: string
}

/** The plans of each statement that were made since the page was opened: the console stores none. */
export type MadePlans = ReturnType<typeof useMadePlans>

export function useMadePlans() {
  const [all, setAll] = useState<{ key: string; plan: MadePlan }[]>([])
  return {
    of: (key: string): MadePlan[] => all.filter((one) => one.key === key).map(({ plan }) => plan),
    add: (key: string, plan: Omit<MadePlan, 'id'>) => setAll((now) => [...now, { key, plan: { ...plan, id: now.length } }]),
  }
}

/** Makes plans of one statement, one at a time; `problem` is of the last attempt. */
export function usePlans(of: PlanOf, made: MadePlans) {
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, start] = useTransition()
  const make = (how: Exclude<MadePlan['how'], 'rewritten'>, analysis?: AnalyzeOf) =>
    start(async () => {
      const answer = analysis ? await explainAnalyze(of, analysis) : await explainPlan({ ...of, example: how === 'example' })
      setProblem(answer.ok ? null : answer.problem)
      if (answer.ok) made.add(of.key, { at: Date.now(), how, explained: answer.value })
    })
  /** Plans the statement, or its example, and what a hint writes instead of it. */
  const compare = (hint: { id: string; of: 'statement' | 'example' }) =>
    start(async () => {
      const example = hint.of === 'example'
      const [before, after] = await Promise.all([explainPlan({ ...of, example }), explainPlan({ ...of, example, hint: hint.id })])
      const refused = [before, after].find((answer) => !answer.ok)
      setProblem(refused && !refused.ok ? refused.problem : null)
      const at = Date.now()
      if (before.ok) made.add(of.key, { at, how: example ? 'example' : 'generic', explained: before.value })
      if (after.ok) made.add(of.key, { at, how: 'rewritten', explained: after.value })
    })
  return { plans: made.of(of.key), problem, busy, make, compare }
}
