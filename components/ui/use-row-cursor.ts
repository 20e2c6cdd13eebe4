'use client'
import { type RefObject, useState } from 'react'
import { useShortcuts } from './use-shortcuts'

interface RowCursor {
  /** The rows from the top, by what tells them apart; the list may change at any time. */
  keys: string[]
  /** The row whose drawer is open: the cursor then stands on it, and moving opens the next. */
  openKey: string | null
  onOpen: (key: string) => void
  body: RefObject<HTMLTableSectionElement | null>
  /** Brings the row at a position of `keys` into view. */
  reveal: (position: number) => void
}

const inTable = (event: KeyboardEvent) => event.target instanceof Element && event.target.closest('tbody') !== null

/**
 * The row that keys act on: J, K and, within the table, the arrows move it, Enter opens it. Gives what goes onto each `tr`; the row
 * under the cursor is the one that Tab reaches, and gets the focus unless something outside of the table has it.
 */
export function useRowCursor({ keys, openKey, onOpen, body, reveal }: RowCursor) {
  const [held, setHeld] = useState<string | null>(null)
  const found = keys.indexOf(openKey ?? held ?? '')
  const at = Math.max(0, found)
  const move = (by: 1 | -1) => {
    const position = found < 0 ? 0 : Math.max(0, Math.min(at + by, keys.length - 1))
    const key = keys[position]
    if (key === undefined) return
    setHeld(key)
    if (openKey !== null && key !== openKey) onOpen(key)
    reveal(position)
    const focused = document.activeElement
    if (focused !== document.body && !body.current?.contains(focused)) return
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>(`[data-position="${position}"]`)?.focus({ preventScroll: true }))
  }
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    Enter: () => {
      const key = keys[at]
      if (key !== undefined && openKey === null) onOpen(key)
    },
  })
  // Arrows scroll the page unless the table has the focus.
  useShortcuts({
    ArrowDown: (event) => inTable(event) && move(1),
    ArrowUp: (event) => inTable(event) && move(-1),
  })
  return (key: string) => {
    const position = keys.indexOf(key)
    return { 'data-position': position, tabIndex: position === at ? 0 : -1, onFocus: () => setHeld(key) }
  }
}
