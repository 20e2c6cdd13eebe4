'use client'
import { Ellipsis } from 'lucide-react'
import type { IndexFinding } from '@/db/indexes/index-finding'
import { IconButton } from '../ui/button'
import { Menu, MenuGroup, MenuItem, MenuSeparator } from '../ui/menu'
import { isDroppable, mayDrop } from './verdict'

/** What a row can do; every one of them works. */
export interface RowActions {
  open: (indexrelid: number, position?: number) => void
  rebuild: (rows: IndexFinding[]) => void
  drop: (rows: IndexFinding[]) => void
  reset: (row: IndexFinding) => void
  copySql: (kind: 'rebuild' | 'drop' | 'undo', rows: IndexFinding[]) => void
  copyName: (row: IndexFinding) => void
  /** False: the user is a viewer. */
  mayRun: boolean
}

/** The row's next step in a word, by its verdict. */
export function NextStep({ row, actions }: { row: IndexFinding; actions: RowActions }) {
  if (row.verdict === 'bloated' || row.invalid?.action === 'rebuild') {
    return (
      <StepButton disabled={!actions.mayRun} label={`Rebuild ${row.indexrelname}`} onClick={() => actions.rebuild([row])}>
        Rebuild…
      </StepButton>
    )
  }
  if (mayDrop(row)) {
    return (
      <StepButton disabled={!actions.mayRun} label={`Drop ${row.indexrelname}`} onClick={() => actions.drop([row])}>
        Drop…
      </StepButton>
    )
  }
  return null
}

function StepButton(props: { disabled?: boolean; label: string; onClick: () => void; children: string }) {
  return (
    <button
      type="button"
      disabled={props.disabled}
      aria-label={props.label}
      title={props.disabled ? 'A viewer runs nothing' : undefined}
      onClick={props.onClick}
      className="rounded-[3px] text-label font-medium whitespace-nowrap text-ink-2 hover:text-accent disabled:opacity-45 max-sm:h-9"
    >
      {props.children}
    </button>
  )
}

export function RowMenu({ row, actions }: { row: IndexFinding; actions: RowActions }) {
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`More about ${row.indexrelname}`} className="size-6! max-sm:size-9!">
          <Ellipsis aria-hidden />
        </IconButton>
      }
    >
      <MenuItem onClick={() => actions.open(row.indexrelid)} note="Enter">
        Open
      </MenuItem>
      <MenuGroup note={actions.mayRun ? undefined : 'Takes an operator'}>
        <MenuItem disabled={!actions.mayRun} onClick={() => actions.rebuild([row])}>
          Rebuild…
        </MenuItem>
        <MenuItem
          disabled={!actions.mayRun || row.conname !== null}
          note={row.conname === null ? undefined : 'a constraint needs it'}
          onClick={() => actions.drop([row])}
        >
          Drop…
        </MenuItem>
        <MenuItem
          disabled={!actions.mayRun || row.partitions > 0}
          note={row.partitions > 0 ? 'its partitions have them' : undefined}
          onClick={() => actions.reset(row)}
        >
          Reset statistics…
        </MenuItem>
      </MenuGroup>
      <MenuSeparator />
      <MenuItem onClick={() => actions.copyName(row)}>Copy name</MenuItem>
      <MenuItem onClick={() => actions.copySql('rebuild', [row])}>Copy rebuild SQL</MenuItem>
      {isDroppable(row) && <MenuItem onClick={() => actions.copySql('drop', [row])}>Copy drop SQL</MenuItem>}
      <MenuItem onClick={() => actions.copySql('undo', [row])}>Copy definition</MenuItem>
    </Menu>
  )
}
