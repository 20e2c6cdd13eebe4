'use client'
import { useEffect, useRef, useState } from 'react'

/** Functions by name. */
type Functions = Record<string, (...given: never[]) => unknown>

/**
 * The same functions at each render, which call the newest ones: a memoised row that gets them is not drawn again
 * because its page was. To be called from events, not while rendering.
 */
export function useStable<F extends { [name in keyof F]: Functions[string] }>(newest: F): F {
  const latest = useRef(newest)
  useEffect(() => {
    latest.current = newest
  })
  const [stable] = useState(() => {
    const names = Object.keys(newest) as (keyof F)[]
    return Object.fromEntries(names.map((name) => [name, (...given: never[]) => latest.current[name](...given)])) as F
  })
  return stable
}
