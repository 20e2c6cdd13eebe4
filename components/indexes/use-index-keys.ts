'use client'
import { useShortcuts } from '../ui/use-shortcuts'

interface IndexKeys {
  search: () => void
  move: (by: 1 | -1) => void
  select: (range: boolean) => void
  open: () => void
  escape: () => void
  rebuild: () => void
  drop: () => void
  copy: () => void
  exportCsv: () => void
}

const inTable = (event: KeyboardEvent) => event.target instanceof Element && event.target.closest('tbody') !== null

/** The keys of the index page (DESIGN: Keyboard). None of them runs SQL. */
export function useIndexKeys(keys: IndexKeys): void {
  useShortcuts({
    '/': keys.search,
    j: () => keys.move(1),
    k: () => keys.move(-1),
    x: () => keys.select(false),
    X: () => keys.select(true),
    r: keys.rebuild,
    d: keys.drop,
    c: keys.copy,
    e: keys.exportCsv,
    Enter: keys.open,
    Escape: keys.escape,
  })
  // Arrows scroll the page unless the table has the focus.
  useShortcuts({
    ArrowDown: (event) => inTable(event) && keys.move(1),
    ArrowUp: (event) => inTable(event) && keys.move(-1),
  })
}
