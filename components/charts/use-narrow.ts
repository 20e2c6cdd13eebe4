'use client'
import { useSyncExternalStore } from 'react'

const QUERY = '(max-width: 699px)'

const subscribe = (listener: () => void) => {
  const query = window.matchMedia(QUERY)
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** True under 700 px, where a chart gives its names less room. */
export const useNarrow = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => window.matchMedia(QUERY).matches,
    () => false,
  )
