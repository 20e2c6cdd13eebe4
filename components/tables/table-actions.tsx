'use client'
import { Ellipsis } from 'lucide-react'
import type { TableFinding } from '@/db/checks/table-health'
import type { CommandRequest } from '../confirm/preview'
import { IconButton } from '../ui/button'
import { copyText } from '../ui/copy-text'
import { Menu, MenuItem, MenuSeparator } from '../ui/menu'
import { tableName } from './table-words'

interface TableActionsProps {
  row: TableFinding
  mayRun: boolean
  onAsk: (request: CommandRequest) => void
}

/** What can be done with a table; each opens the confirmation. */
export function TableActions({ row, mayRun, onAsk }: TableActionsProps) {
  const ask = (command: string) => () => onAsk({ command, input: { oid: row.relid } })
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`Actions for ${tableName(row)}`} className="size-6! max-sm:size-10!">
          <Ellipsis aria-hidden />
        </IconButton>
      }
    >
      <MenuItem disabled={!mayRun} onClick={ask('vacuum-table')}>
        Vacuum…
      </MenuItem>
      <MenuItem disabled={!mayRun} onClick={ask('analyze-table')}>
        Analyze…
      </MenuItem>
      <MenuItem disabled={!mayRun} onClick={ask('reindex-table')}>
        Reindex table…
      </MenuItem>
      <MenuSeparator />
      <MenuItem onClick={() => void copyText(tableName(row))}>Copy name</MenuItem>
    </Menu>
  )
}
