'use client'
import { useState, useTransition } from 'react'
import { healthCheck } from '@/app/[server]/db/[database]/indexes/actions'
import type { Problem } from '@/db/server/problem'
import { useRefreshLive } from '../live/use-live'
import type { LastCheck } from './health-check'

export interface HealthCheckState {
  last: LastCheck | null
  problem: Problem | undefined
  running: boolean
  /** It was run from this page. */
  fresh: boolean
  run: () => void
}

/** Runs the two health functions on the server, records the result, and reads the list again. */
export function useHealthCheck(server: string, database: string, initial: LastCheck | null): HealthCheckState {
  const [last, setLast] = useState(initial)
  const [fresh, setFresh] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [running, start] = useTransition()
  const refresh = useRefreshLive()
  const run = () =>
    start(async () => {
      const result = await healthCheck(server, database)
      if (result.ok) {
        setLast(result.value)
        setFresh(true)
      }
      setProblem(result.ok ? undefined : result.problem)
      await refresh('list-indexes')
    })
  return { last, problem, running, fresh, run }
}
