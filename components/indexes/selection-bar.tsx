'use client'
import type { IndexFinding } from '@/db/indexes/index-finding'
import { bytesShort, exactCount } from '../format'
import { ActionBar } from '../ui/action-bar'
import { Kbd } from '../ui/badge'
import { Button } from '../ui/button'
import type { RowActions } from './row-actions'
import { mayDrop } from './verdict'

/** What rebuilding the selected would give back; indexes whose bloat is withheld are left out and counted. */
function rebuildGain(rows: IndexFinding[]): { bytes: number; unknown: number } {
  const known = rows.flatMap(({ bloatBytes }) => bloatBytes ?? [])
  return { bytes: known.reduce((sum, bloat) => sum + Math.max(0, bloat), 0), unknown: rows.length - known.length }
}

interface SelectionBarProps {
  selected: number[]
  rows: IndexFinding[]
  actions: RowActions
  onClear: () => void
}

/** What would be done with the selection: a drop where every index asks for it, else a rebuild. It opens the confirmation; nothing runs here. */
export function SelectionBar({ selected, rows, actions, onClear }: SelectionBarProps) {
  const count = selected.length
  if (count === 0) return null
  const { bytes, unknown } = rebuildGain(rows)
  const drops = rows.filter(mayDrop)
  const dropping = drops.length === count
  const noun = count === 1 ? 'index' : 'indexes'
  const what = `${dropping ? 'Drop' : 'Rebuild'} ${exactCount(count)} ${noun}`
  const gain = dropping ? rows.reduce((sum, row) => sum + (row.bytes ?? 0), 0) : bytes
  const details = [
    'one at a time, reads and writes go on',
    dropping && 'each can be brought back',
    !dropping && unknown > 0 && `${exactCount(unknown)} of unknown bloat left out`,
    !dropping && drops.length > 0 && `${exactCount(drops.length)} better dropped`,
  ].filter(Boolean)
  return (
    <>
      <ActionBar title={`${what} · reclaim ≈ ${bytesShort(gain)}`} detail={details.join(', ')}>
        <Button variant="bar-quiet" onClick={onClear}>
          Clear <Kbd className="border-bar-line! bg-transparent! text-bar-ink-2! max-sm:hidden">Esc</Kbd>
        </Button>
        <Button variant="bar" onClick={() => actions.copySql(dropping ? 'drop' : 'rebuild', rows)}>
          Copy SQL
        </Button>
        <Button
          variant="bar-primary"
          disabled={!actions.mayRun || rows.length === 0}
          title={actions.mayRun ? undefined : 'A viewer runs nothing'}
          onClick={() => (dropping ? actions.drop(rows) : actions.rebuild(rows))}
        >
          {what}…
        </Button>
      </ActionBar>
      <div aria-hidden className="h-14" />
    </>
  )
}
