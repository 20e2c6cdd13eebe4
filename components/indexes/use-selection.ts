'use client'
import { useRef } from 'react'
import type { IndexFinding } from '@/db/checks/index-finding'
import type { RowAt } from './use-index-list'

/** More cannot be told in an address. */
export const MOST_SELECTED = 200

/** From one position to another, both included, whichever comes first. */
const positionsBetween = (a: number, b: number): number[] => Array.from({ length: Math.abs(a - b) + 1 }, (_, at) => Math.min(a, b) + at)

/** Toggles one position, or, as a range, adds everything from the last toggled one to it. */
export function toggled(
  selected: number[],
  from: number | null,
  position: number,
  range: boolean,
  idAt: (position: number) => number | undefined,
): number[] {
  const id = idAt(position)
  if (id === undefined) return selected
  if (range && from !== null) {
    const ids = positionsBetween(from, position).flatMap((at) => idAt(at) ?? [])
    return [...new Set([...selected, ...ids])].slice(0, MOST_SELECTED)
  }
  if (selected.includes(id)) return selected.filter((other) => other !== id)
  return [...selected, id].slice(0, MOST_SELECTED)
}

/** The selection by OID, and the rows behind it as far as they have been on the screen. */
export function useSelection(selected: number[], setSelected: (next: number[]) => void, rowAt: RowAt, given: IndexFinding[]) {
  const last = useRef<number | null>(null)
  const known = useRef(new Map(given.map((row) => [row.indexrelid, row])))
  const idAt = (position: number) => rowAt(position)?.indexrelid
  return {
    rows: selected.flatMap((id) => known.current.get(id) ?? []),
    /** Keeps what is on the screen, so that a row that scrolls away can still be named in the bar. */
    remember: (rows: IndexFinding[]) => {
      for (const row of rows) known.current.set(row.indexrelid, row)
    },
    toggle: (position: number, range: boolean) => {
      setSelected(toggled(selected, last.current, position, range, idAt))
      last.current = position
    },
    setAll: (positions: number[], on: boolean) => {
      const ids = positions.flatMap((at) => idAt(at) ?? [])
      setSelected(on ? [...new Set([...selected, ...ids])].slice(0, MOST_SELECTED) : selected.filter((id) => !ids.includes(id)))
    },
    clear: () => setSelected([]),
  }
}
