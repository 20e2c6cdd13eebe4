'use client'
import { useEffect, useRef } from 'react'
import { listedId } from '@/db/domain/listed-row'
import type { ListedIndex } from '@/db/indexes/list-indexes'
import { useLive } from '../live/use-live'
import { useStable } from '../ui/use-stable'
import { REFRESH_MS, type RowAt } from './use-index-list'

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

/** What is left of a selection: an OID goes with a drop, and with a concurrent rebuild, which gives the index another. */
export function stillThere(selected: number[], rows: Parameters<typeof listedId>[0][]): number[] {
  const there = new Set(rows.map(listedId))
  return selected.filter((id) => there.has(id))
}

interface SelectionOf {
  server: string
  database: string
  selected: number[]
  setSelected: (next: number[]) => void
  rowAt: RowAt
  /** Rows that are here already. */
  given: ListedIndex[]
}

/** The selection by id, and the rows behind it, wherever they stand in the list. What is gone leaves it. */
export function useSelection({ server, database, selected, setSelected, rowAt, given }: SelectionOf) {
  const last = useRef<number | null>(null)
  const ids = selected.toSorted((a, b) => a - b).join(',')
  const { answer, pending } = useLive(
    'list-indexes',
    { server, database, ids, limit: MOST_SELECTED },
    { enabled: selected.length > 0, everyMs: REFRESH_MS },
  )
  const rows = answer?.ok && !pending && selected.length > 0 ? answer.value.rows : undefined
  const prune = useStable({
    to: (found: ListedIndex[]) => {
      const left = stillThere(selected, found)
      if (left.length < selected.length) setSelected(left)
    },
  })
  useEffect(() => {
    if (rows) prune.to(rows)
  }, [rows, prune])
  const known = useRef(new Map(given.map((row) => [listedId(row), row])))
  const idAt = (position: number) => {
    const row = rowAt(position)
    return row && listedId(row)
  }
  return {
    rows: selected.flatMap((id) => rows?.find((row) => listedId(row) === id) ?? known.current.get(id) ?? []),
    /** Keeps what is on the screen, so that a row that scrolls away can still be named in the bar. */
    remember: (rows: ListedIndex[]) => {
      for (const row of rows) known.current.set(listedId(row), row)
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
