'use client'
import { useSyncExternalStore } from 'react'
import { appointment } from '../format-time'

const never = () => () => undefined

/** The reader's time zone; UTC until the browser has been asked. */
const useReaderZone = (): string =>
  useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => 'UTC',
  )

/** A moment in a window's zone and, where that is another clock, in the reader's: Sun 29 Nov 02:00 Europe/Prague, 01:00 … */
export function Zoned({ at, zone }: { at: string; zone: string }) {
  const reader = useReaderZone()
  const [there, here] = [appointment(at, zone), appointment(at, reader)]
  return (
    <time dateTime={at}>
      {there} {zone}
      {here !== there && (
        <span className="text-ink-3">
          , {here} {reader}
        </span>
      )}
    </time>
  )
}
