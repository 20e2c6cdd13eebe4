'use client'
import { clock } from '../format-time'
import { usePageStatus } from './page-status'

/** Why commands are off on this page, in a sentence without its full stop; `act` is what it takes an operator for: Ending. */
export function useWhyNot(act?: string): string {
  const { stale, down, readAt } = usePageStatus()
  if (down !== null) return `Off while ${down} does not answer`
  if (stale) return readAt ? `Off: not refreshed since ${clock(readAt)} UTC` : 'Off until the page is read'
  return act ? `${act} takes an operator` : 'Takes an operator'
}

export const WhyNot = ({ act }: { act?: string }) => useWhyNot(act)
