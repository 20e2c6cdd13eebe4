'use client'
import { Ellipsis } from 'lucide-react'
import type { ListedIndex } from '@/db/indexes/list-indexes'
import { bytesShort, exactCount, plural } from '../format'
import { useWhyNot } from '../shell/why-not'
import { ActionBar } from '../ui/action-bar'
import { Kbd } from '../ui/badge'
import { Button } from '../ui/button'
import { Menu, MenuItem } from '../ui/menu'
import type { RowActions } from './row-actions'
import { commandsFor, rebuildGain, type SelectionCommands } from './selection-commands'

const indexes = (count: number) => plural(count, 'index', 'indexes')

/** What the commands would give back, a phrase each. */
function details({ rebuild, drop, without }: SelectionCommands): string[] {
  const { bytes, unknown } = rebuildGain(rebuild)
  const known = rebuild.length > unknown
  return [
    ...(known ? [`rebuild ${exactCount(rebuild.length - unknown)}: ≈ ${bytesShort(bytes)}`] : []),
    ...(unknown > 0 ? [`${known ? '' : 'rebuild '}${exactCount(unknown)} of unknown bloat`] : []),
    ...(drop.length > 0 ? [`drop ${exactCount(drop.length)}: ${bytesShort(drop.reduce((sum, row) => sum + (row.bytes ?? 0), 0))}`] : []),
    ...(without.length > 0 ? [`${exactCount(without.length)} without a proposal`] : []),
  ]
}

interface SelectionBarProps {
  selected: number[]
  rows: ListedIndex[]
  actions: RowActions
  onClear: () => void
}

/** Every command that the selection asks for, each with how many it is for. A button opens the confirmation; nothing runs here. */
export function SelectionBar({ selected, rows, actions, onClear }: SelectionBarProps) {
  const whyNot = useWhyNot()
  if (selected.length === 0) return null
  const commands = commandsFor(rows)
  const { rebuild, drop, create, indexes: there } = commands
  const resettable = there.filter(({ partitions }) => partitions === 0)
  const refused = { disabled: !actions.mayRun, title: actions.mayRun ? undefined : whyNot }
  // The last one is the main one.
  const buttons = [
    drop.length > 0 && { key: 'drop', label: `Drop ${indexes(drop.length)}…`, act: () => actions.drop(drop) },
    create.length > 0 && { key: 'create', label: `Create ${indexes(create.length)}…`, act: () => actions.create(create) },
    rebuild.length > 0 && { key: 'rebuild', label: `Rebuild ${indexes(rebuild.length)}…`, act: () => actions.rebuild(rebuild) },
  ].filter((button) => button !== false)
  return (
    <>
      <ActionBar title={`${exactCount(selected.length)} selected`} detail={details(commands).join(', ')}>
        <Button variant="bar-quiet" onClick={onClear}>
          Clear <Kbd className="border-bar-line! bg-transparent! text-bar-ink-2! max-sm:hidden">Esc</Kbd>
        </Button>
        {there.length > 0 && (
          <Menu
            align="end"
            trigger={
              <Button variant="bar" aria-label="More for the selection" title="More for the selection" className="px-2!">
                <Ellipsis aria-hidden />
              </Button>
            }
          >
            {drop.length > 0 && (
              <MenuItem disabled={!actions.mayRun} note={there.length} onClick={() => actions.rebuild(there)}>
                Rebuild all…
              </MenuItem>
            )}
            <MenuItem
              disabled={!actions.mayRun || resettable.length === 0}
              note={resettable.length}
              onClick={() => actions.reset(resettable)}
            >
              Reset statistics…
            </MenuItem>
          </Menu>
        )}
        <Button variant="bar" disabled={buttons.length === 0} onClick={() => actions.copySelection(rows)}>
          Copy SQL
        </Button>
        {buttons.map(({ key, label, act }, at) => (
          <Button
            key={key}
            variant={at === buttons.length - 1 ? 'bar-primary' : 'bar'}
            className={key === 'drop' && at < buttons.length - 1 ? 'text-bar-bad!' : undefined}
            {...refused}
            onClick={act}
          >
            {label}
          </Button>
        ))}
      </ActionBar>
      <div aria-hidden className="h-14" />
    </>
  )
}
