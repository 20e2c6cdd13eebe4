'use client'
import { useState } from 'react'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import type { ActivityAnswer } from './activity-types'
import { inHeldOrder } from './list-sessions'

export const EVERY_MS = 2_000

/** The sessions, every two seconds while the tab is visible. Where the server does not answer, what it said last stays, with its time. */
export function useActivity(server: string, database: string, initial: LiveAnswer<ActivityAnswer>, paused: boolean) {
  const { answer, failed, refresh } = useLive('activity', { server, database }, { initial, everyMs: paused ? false : EVERY_MS })
  const [last, setLast] = useState(initial.ok ? initial : undefined)
  if (answer?.ok && answer !== last) setLast(answer)
  const shown = answer?.ok ? answer : last
  return {
    activity: shown?.value,
    readAt: shown?.at ?? null,
    problem: answer && !answer.ok ? answer.problem : undefined,
    stale: failed || (answer !== undefined && !answer.ok),
    refresh,
  }
}

/** The lines in the order that they had when the pointer came; in today's once it has gone. */
export function useHeldOrder<T extends { key: string; ended?: boolean }>(now: T[]) {
  const [held, setHeld] = useState<T[] | null>(null)
  const lines = held === null ? now : inHeldOrder(held, now)
  return { lines, hold: (on: boolean) => setHeld(on ? lines : null) }
}
