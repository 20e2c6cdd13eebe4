'use client'
import { Ellipsis } from 'lucide-react'
import type { IndexFinding } from '@/db/indexes/index-finding'
import type { ListedIndex } from '@/db/indexes/list-indexes'
import type { MissingIndex } from '@/db/indexes/missing-indexes'
import { useWhyNot, WhyNot } from '../shell/why-not'
import { IconButton } from '../ui/button'
import { Menu, MenuGroup, MenuItem, MenuSeparator } from '../ui/menu'
import { rebuildVerb } from './index-requests'
import { type BuildableIndex, isBuildable } from './selection-commands'
import { isDroppable, mayDrop } from './verdict'

/** What a row can do; every one of them works. */
export interface RowActions {
  /** Of an index or of a missing one, by its id. */
  open: (id: number, position?: number) => void
  rebuild: (rows: IndexFinding[]) => void
  drop: (rows: IndexFinding[]) => void
  create: (rows: BuildableIndex[]) => void
  reset: (rows: IndexFinding[]) => void
  copySql: (kind: 'rebuild' | 'drop' | 'undo', rows: IndexFinding[]) => void
  /** One script of everything that the rows ask for. */
  copySelection: (rows: ListedIndex[]) => void
  copyName: (row: IndexFinding) => void
  /** False: the user is a viewer. */
  mayRun: boolean
}

/** The row's next step in a word, by its verdict. */
export function NextStep({ row, actions }: { row: ListedIndex; actions: RowActions }) {
  if (row.verdict === 'missing') return <CreateStep row={row} actions={actions} />
  if (row.verdict === 'bloated' || row.invalid?.action === 'rebuild' || row.invalid?.action === 'attach') {
    return (
      <StepButton disabled={!actions.mayRun} label={`${rebuildVerb(row)} ${row.indexrelname}`} onClick={() => actions.rebuild([row])}>
        {row.invalid?.action === 'attach' ? 'Attach…' : 'Rebuild…'}
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

function CreateStep({ row, actions }: { row: MissingIndex; actions: RowActions }) {
  if (!isBuildable(row)) return null
  return (
    <StepButton disabled={!actions.mayRun} label={`Create index: ${row.finding.title}`} onClick={() => actions.create([row])}>
      Create…
    </StepButton>
  )
}

function StepButton(props: { disabled?: boolean; label: string; onClick: () => void; children: string }) {
  const whyNot = useWhyNot()
  return (
    <button
      type="button"
      disabled={props.disabled}
      aria-label={props.label}
      title={props.disabled ? whyNot : undefined}
      onClick={props.onClick}
      className="rounded-[3px] text-label font-medium whitespace-nowrap text-ink-2 hover:text-accent disabled:opacity-45 max-sm:h-9"
    >
      {props.children}
    </button>
  )
}

export function MissingMenu({ row, actions }: { row: MissingIndex; actions: RowActions }) {
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`More about ${row.finding.title}`} className="size-6! max-sm:size-9!">
          <Ellipsis aria-hidden />
        </IconButton>
      }
    >
      <MenuItem onClick={() => actions.open(row.id)} note="Enter">
        Open
      </MenuItem>
      <MenuGroup note={actions.mayRun ? undefined : <WhyNot />}>
        <MenuItem
          disabled={!actions.mayRun || !isBuildable(row)}
          note={isBuildable(row) ? undefined : 'no index would serve it'}
          onClick={() => isBuildable(row) && actions.create([row])}
        >
          Create index…
        </MenuItem>
      </MenuGroup>
      {isBuildable(row) && <MenuItem onClick={() => actions.copySelection([row])}>Copy create SQL</MenuItem>}
    </Menu>
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
      <MenuGroup note={actions.mayRun ? undefined : <WhyNot />}>
        <MenuItem disabled={!actions.mayRun} onClick={() => actions.rebuild([row])}>
          {`${rebuildVerb(row)}…`}
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
          onClick={() => actions.reset([row])}
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
