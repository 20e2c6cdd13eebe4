'use client'
import { Copy, Download, Plus } from 'lucide-react'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { Menu, MenuItem, MenuLink, MenuSeparator } from '../ui/menu'

export type ScriptKind = 'rebuild' | 'drop' | 'undo'

interface PageActionsProps {
  selected: number
  rebuilds: number
  drops: number
  onCopy: (which: 'selected' | ScriptKind) => void
  /** The address of an export with the present filter. */
  exportHref: (format: 'csv' | 'json' | 'md') => string
  checking: boolean
  mayRun: boolean
  onCheck: () => void
  onNewIndex: () => void
}

/** Copy SQL, Export, New index, Run health check. */
export function PageActions(props: PageActionsProps) {
  const whyNot = useWhyNot()
  const { selected, rebuilds, drops, onCopy, exportHref } = props
  return (
    <>
      <Menu icon={<Copy aria-hidden />} trigger="Copy SQL" align="end">
        <MenuItem disabled={selected === 0} note={selected} onClick={() => onCopy('selected')}>
          The selected
        </MenuItem>
        <MenuSeparator />
        <MenuItem disabled={rebuilds === 0} note={rebuilds} onClick={() => onCopy('rebuild')}>
          All rebuilds
        </MenuItem>
        <MenuItem disabled={drops === 0} note={drops} onClick={() => onCopy('drop')}>
          All drops
        </MenuItem>
        <MenuItem disabled={drops === 0} note={drops} onClick={() => onCopy('undo')}>
          Undo DDL of the drops
        </MenuItem>
      </Menu>
      <Menu icon={<Download aria-hidden />} trigger="Export" align="end">
        <MenuLink href={exportHref('csv')} download note=".csv">
          CSV
        </MenuLink>
        <MenuLink href={exportHref('json')} download note=".json">
          JSON
        </MenuLink>
        <MenuLink href={exportHref('md')} download note=".md">
          Markdown report
        </MenuLink>
      </Menu>
      <Button disabled={!props.mayRun} title={props.mayRun ? undefined : whyNot} onClick={props.onNewIndex}>
        <Plus aria-hidden />
        New index…
      </Button>
      <Button
        variant="primary"
        disabled={props.checking || !props.mayRun}
        title={props.mayRun ? undefined : whyNot}
        onClick={props.onCheck}
      >
        {props.checking ? 'Checking …' : 'Run health check'}
      </Button>
    </>
  )
}
