'use client'
import { useEffect, useRef, useState, useTransition } from 'react'
import { sampleNow } from '@/app/[server]/db/[database]/statements/actions'
import type { Problem } from '@/db/server/problem'

/** So often it is looked whether the sample is there, and so often before that is given up. */
const LOOK_MS = 1_000
const LOOKS = 60

/** Asks the worker for a sample and refreshes until it is there. */
export function useSampleNow(server: string, lastSample: string | null, refresh: () => void) {
  const [before, setBefore] = useState<string | null>()
  const [problem, setProblem] = useState<Problem>()
  const [asking, start] = useTransition()
  const latest = useRef(refresh)
  useEffect(() => {
    latest.current = refresh
  })
  const waiting = before !== undefined && before === lastSample
  useEffect(() => {
    if (!waiting) return
    let looks = 0
    const timer = setInterval(() => {
      if (++looks <= LOOKS) return latest.current()
      setBefore(undefined)
      setProblem({
        kind: 'timeout',
        message: 'No sample arrived: the worker is not running, or is backing off from this server after failures.',
      })
    }, LOOK_MS)
    return () => clearInterval(timer)
  }, [waiting])
  const ask = () =>
    start(async () => {
      setProblem(undefined)
      setBefore(lastSample)
      const result = await sampleNow(server)
      if (result.ok) return
      setBefore(undefined)
      setProblem(result.problem)
    })
  return { ask, waiting: asking || waiting, problem }
}
