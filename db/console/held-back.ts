import type { RunRetry } from './run-types'
import { isOpen, openingAt, type WindowTimes, windowWords } from './window-times'

/** A queued run that may not start yet, whoever else is queued. */
export interface HeldBack {
  /** ISO 8601; the earliest moment at which it starts. */
  startsAt: string
  /** Why: its window is closed, or it waits a while before its next try. */
  because: 'window' | 'retry'
  /** Its window, if it has one. */
  window: { name: string; words: string; timeZone: string } | null
}

export interface Waiting {
  retry: RunRetry | null
  window: (WindowTimes & { name: string }) | null
}

/** A window as a page names it. */
export const namedWindow = (window: WindowTimes & { name: string }): NonNullable<HeldBack['window']> => ({
  name: window.name,
  words: windowWords(window),
  timeZone: window.timeZone,
})

/** What holds a queued run back at the moment `now`; null when it may start. Nothing of it is kept in memory. */
export function heldBack({ retry, window }: Waiting, now: Date): HeldBack | null {
  const notBefore = retry && new Date(retry.at) > now ? new Date(retry.at) : null
  const at = notBefore ?? now
  const named = window && namedWindow(window)
  if (window && !isOpen(window, at)) return { startsAt: openingAt(window, at).opensAt.toISOString(), because: 'window', window: named }
  return notBefore && { startsAt: notBefore.toISOString(), because: 'retry', window: named }
}
