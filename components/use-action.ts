'use client'
import { useCallback, useState, useTransition } from 'react'
import type { Problem, Result } from '@/db/server/problem'

/** Calls server actions: `busy` until one and all that follows from it is done, `problem` while the last one was refused. */
export function useAction() {
  const [problem, setProblem] = useState<Problem>()
  const [busy, start] = useTransition()
  const call = <T>(action: () => Promise<Result<T>>, then?: (value: T) => unknown) =>
    start(async () => {
      const answer = await action()
      setProblem(answer.ok ? undefined : answer.problem)
      if (answer.ok) await then?.(answer.value)
    })
  const forget = useCallback(() => setProblem(undefined), [])
  return { busy, problem, call, forget }
}
