'use client'
import type { LiveAnswer } from '../live/fetch-live'
import { SERVER_STANDING, useLive } from '../live/use-live'
import type { Standing } from './shell-types'

const EVERY_MS = 10_000

/**
 * Whether a server answers: one answer for switcher, banner and buttons, asked every ten seconds, and at once when any read of the page
 * was not answered. undefined: not known yet, or no server.
 */
export function useStanding(server: string | undefined, rendered?: LiveAnswer<Standing>): Standing | undefined {
  const { answer } = useLive(
    SERVER_STANDING,
    { server },
    { initial: rendered, everyMs: EVERY_MS, enabled: server !== undefined && rendered !== undefined },
  )
  return server !== undefined && answer?.ok ? answer.value : undefined
}
