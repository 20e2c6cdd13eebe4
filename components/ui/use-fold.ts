'use client'
import { useSyncExternalStore } from 'react'

type Fold = 'open' | 'folded'

const keyOf = (name: string) => `fold ${name}`
const listeners = new Set<() => void>()

/** Storage that the browser refuses (a private window) remembers nothing. */
function kept(name: string): Fold | null {
  try {
    const value = window.localStorage.getItem(keyOf(name))
    return value === 'open' || value === 'folded' ? value : null
  } catch {
    return null
  }
}

function keep(name: string, state: Fold): void {
  try {
    window.localStorage.setItem(keyOf(name), state)
  } catch {
    // It stays as it is.
  }
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

/** Whether a part of a page is folded, as this browser remembers it; null: never said, so the page decides by its width. */
export function useFold(name: string): { state: Fold | null; open: () => void; fold: () => void } {
  const state = useSyncExternalStore(
    subscribe,
    () => kept(name),
    () => null,
  )
  return { state, open: () => keep(name, 'open'), fold: () => keep(name, 'folded') }
}
