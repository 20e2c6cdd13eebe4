'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { type GuideAsk, runGuide } from '@/app/[server]/db/[database]/guide/workload/actions'
import type { Problem } from '@/db/server/problem'

interface Progress {
  done: number
  of: number
}

/** Runs forms of queries one after another, as the server takes one at a time, and shows the page anew after each. */
export function useGuideRuns() {
  const router = useRouter()
  const [progress, setProgress] = useState<Progress | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const run = async (asks: GuideAsk[]) => {
    setProblem(null)
    try {
      for (const [done, ask] of asks.entries()) {
        setProgress({ done, of: asks.length })
        const answer = await runGuide(ask)
        // What keeps one from being tried keeps the others, too.
        if (!answer.ok) return setProblem(answer.problem)
        router.refresh()
      }
    } finally {
      setProgress(null)
    }
  }
  return { run, progress, problem }
}
