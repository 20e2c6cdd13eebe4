import { run, server } from '../console/schema'
import type { Run, RunRetry } from './run-types'
import { isOpen, openingAt, type WindowTimes, windowWords } from './window-times'

/** A queued run that may not start yet, whoever else is queued. */
export type HeldBack = HeldUntil | HeldByServer

/** It starts by itself at a moment that is known. */
export interface HeldUntil {
  /** ISO 8601; the earliest moment at which it starts. */
  startsAt: string
  /** Why: its window is closed, or it waits a while before its next try. */
  because: 'window' | 'retry'
  /** Its window, if it has one. */
  window: { name: string; words: string; timeZone: string } | null
}

/** The server is not the one that it was confirmed for, for as long as that lasts. */
export interface HeldByServer {
  /** cluster: the address leads to another. standby: it is one now. unknown: which cluster it is may not be read any more. */
  because: 'cluster' | 'standby' | 'unknown'
  /** ISO 8601; since when, as far as anybody looked. */
  since: string | null
  /** System identifiers: of the cluster that the run was confirmed for, and of the one that answers, where that is known. */
  confirmedFor: string | null
  found: string | null
}

/** Columns of a run and of its server by which it may be held back. */
export const HELD_BY = {
  run: { systemIdentifier: run.systemIdentifier, onStandby: run.onStandby },
  server: {
    systemIdentifier: server.systemIdentifier,
    otherIdentifier: server.otherIdentifier,
    otherSince: server.otherSince,
    standbySince: server.standbySince,
    unknownSince: server.unknownSince,
  },
}

type ServerNow = Pick<typeof server.$inferSelect, keyof typeof HELD_BY.server>

export interface Waiting {
  retry: RunRetry | null
  window: (WindowTimes & { name: string }) | null
  /** What the run was confirmed for. */
  run: Pick<Run, 'systemIdentifier' | 'onStandby'>
  server: ServerNow
}

/** A window as a page names it. */
export const namedWindow = (window: WindowTimes & { name: string }): NonNullable<HeldUntil['window']> => ({
  name: window.name,
  words: windowWords(window),
  timeZone: window.timeZone,
})

/** What holds a queued run back at the moment `now`; null when it may start. Nothing of it is kept in memory. */
export function heldBack({ retry, window, run, server }: Waiting, now: Date): HeldBack | null {
  const byServer = heldByServer(run, server)
  if (byServer) return byServer
  const notBefore = retry && pausesStill(retry, now) ? new Date(retry.at) : null
  const at = notBefore ?? now
  const named = window && namedWindow(window)
  if (window && !isOpen(window, at)) return { startsAt: openingAt(window, at).opensAt.toISOString(), because: 'window', window: named }
  return notBefore && { startsAt: notBefore.toISOString(), because: 'retry', window: named }
}

/** What a look at the server showed, by whoever took it (note-cluster.ts), against what the run was confirmed for. */
function heldByServer({ systemIdentifier, onStandby }: Waiting['run'], server: ServerNow): HeldByServer | null {
  const confirmedFor = systemIdentifier ?? server.systemIdentifier
  const held = (because: HeldByServer['because'], since: Date | null, found: string | null): HeldByServer => ({
    because,
    since: since?.toISOString() ?? null,
    confirmedFor,
    found,
  })
  if (server.otherIdentifier !== null) return held('cluster', server.otherSince, server.otherIdentifier)
  if (confirmedFor !== server.systemIdentifier) return held('cluster', null, server.systemIdentifier)
  if (server.unknownSince) return held('unknown', server.unknownSince, null)
  return server.standbySince && !onStandby ? held('standby', server.standbySince, null) : null
}

/** Rows from before retries said it: the longest pause that there was. */
const LONGEST_PAUSE_MS = 6 * 60_000
/** Clocks of two machines of one house differ by less. */
const CLOCKS_DIFFER_MS = 2_000

/** Whether the pause before the next try is not over. Nobody waits longer than it was to be: further away, the clock was set back. */
function pausesStill({ at, pauseMs = LONGEST_PAUSE_MS }: RunRetry, now: Date): boolean {
  const leftMs = Date.parse(at) - now.getTime()
  return leftMs > 0 && leftMs <= pauseMs + CLOCKS_DIFFER_MS
}
