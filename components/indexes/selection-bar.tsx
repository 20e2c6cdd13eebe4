'use client'
import type { IndexFinding } from '@/db/checks/index-finding'
import { bytesShort, exactCount } from '../format'
import { ActionBar } from '../ui/action-bar'
import { Kbd } from '../ui/badge'
import { Button } from '../ui/button'
import type { RowActions } from './row-actions'
import { isDroppable } from './verdict'

/** What rebuilding the selected would give back; indexes whose bloat is withheld are left out and counted. */
export function rebuildGain(rows: IndexFinding[]): { bytes: number; unknown: number } {
  const known = rows.flatMap(({ bloatBytes }) => bloatBytes ?? [])
  return { bytes: known.reduce((sum, bloat) => sum + Math.max(0, bloat), 0), unknown: rows.length - known.length }
}

interface SelectionBarProps {
  selected: number[]
  rows: IndexFinding[]
  actions: RowActions
  onClear: () => void
}

/** What would be done with the selection. Rebuild opens the confirmation; nothing runs here. */
export function SelectionBar({ selected, rows, actions, onClear }: SelectionBarProps) {
  const count = selected.length
  if (count === 0) return null
  const { bytes, unknown } = rebuildGain(rows)
  const drops = rows.filter(({ verdict }) => isDroppable(verdict))
  const noun = count === 1 ? 'index' : 'indexes'
  const details = [
    'one at a time, reads and writes go on',
    unknown > 0 && `${exactCount(unknown)} of unknown bloat left out`,
    drops.length > 0 && `${exactCount(drops.length)} better dropped`,
  ].filter(Boolean)
  return (
    <>
      <ActionBar title={`Rebuild ${exactCount(count)} ${noun} · reclaim ≈ ${bytesShort(bytes)}`} detail={details.join(', ')}>
        <Button variant="bar-quiet" onClick={onClear}>
          Clear <Kbd className="border-bar-line! bg-transparent! text-bar-ink-2! max-sm:hidden">Esc</Kbd>
        </Button>
        <Button variant="bar" onClick={() => actions.copySql('rebuild', rows)}>
          Copy SQL
        </Button>
        <Button
          variant="bar-primary"
          disabled={!actions.mayRun || rows.length === 0}
          title={actions.mayRun ? undefined : 'A viewer runs nothing'}
          onClick={() => actions.rebuild(rows)}
        >
          Rebuild {exactCount(count)} {noun}…
        </Button>
      </ActionBar>
      <div aria-hidden className="h-14" />
    </>
  )
}
