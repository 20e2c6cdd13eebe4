'use client'
import { Ellipsis } from 'lucide-react'
import type { RelationFinding } from '@/db/checks/define-check'
import { analyzeTableRequest } from '@/db/commands/analyze-table/request'
import { detachPartitionRequest } from '@/db/commands/detach-partition/request'
import { refreshMaterializedViewRequest } from '@/db/commands/refresh-materialized-view/request'
import { reindexTableRequest } from '@/db/commands/reindex-table/request'
import { resetStatisticsRequest } from '@/db/commands/reset-statistics/request'
import { vacuumTableRequest } from '@/db/commands/vacuum-table/request'
import type { CommandRequest } from '@/db/domain/command-request'
import type { TableFinding } from '@/db/tables/table-health'
import { WhyNot } from '../shell/why-not'
import { IconButton } from '../ui/button'
import { copyText } from '../ui/copy-text'
import { Menu, MenuGroup, MenuItem, MenuSeparator } from '../ui/menu'
import { tableName } from './table-messages'

interface TableActionsProps {
  row: TableFinding
  /** Its foreign keys that no index serves. */
  missing: RelationFinding[]
  mayRun: boolean
  onAsk: (request: CommandRequest) => void
  onOptions: (row: TableFinding) => void
}

/** What can be done with a table; each opens the confirmation. */
export function TableActions({ row, missing, mayRun, onAsk, onOptions }: TableActionsProps) {
  const ask = (request: (input: { oid: number }) => CommandRequest) => () => onAsk(request({ oid: row.relid }))
  // Storage parameters and counters are those of the partitions.
  const isPartitioned = row.kind === 'partitioned table'
  const ofPartitions = 'its partitions have them'
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`Actions for ${tableName(row)}`} className="size-6! max-sm:size-10!">
          <Ellipsis aria-hidden />
        </IconButton>
      }
    >
      <MenuGroup note={mayRun ? undefined : <WhyNot />}>
        {row.refresh && (
          <MenuItem disabled={!mayRun} onClick={ask(refreshMaterializedViewRequest)}>
            Refresh…
          </MenuItem>
        )}
        <MenuItem disabled={!mayRun} onClick={ask(vacuumTableRequest)}>
          Vacuum…
        </MenuItem>
        <MenuItem disabled={!mayRun} onClick={ask(analyzeTableRequest)}>
          Analyze…
        </MenuItem>
        <MenuItem disabled={!mayRun} onClick={ask(reindexTableRequest)}>
          Rebuild indexes…
        </MenuItem>
        {missing.map(({ oid, title, fix }) => (
          <MenuItem key={oid} title={title} disabled={!mayRun || !fix} onClick={() => fix && onAsk(fix)}>
            {missing.length === 1 ? 'Create index for its foreign key…' : `Create index: ${title}…`}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem disabled={!mayRun || isPartitioned} note={isPartitioned ? ofPartitions : undefined} onClick={() => onOptions(row)}>
          Options…
        </MenuItem>
        <MenuItem
          disabled={!mayRun || isPartitioned}
          note={isPartitioned ? ofPartitions : undefined}
          onClick={ask(({ oid }) => resetStatisticsRequest({ of: 'relation', oid }))}
        >
          Reset statistics…
        </MenuItem>
        {row.kind === 'partition' && (
          <MenuItem disabled={!mayRun} onClick={ask(detachPartitionRequest)}>
            Detach partition…
          </MenuItem>
        )}
      </MenuGroup>
      <MenuSeparator />
      <MenuItem onClick={() => void copyText(tableName(row))}>Copy name</MenuItem>
    </Menu>
  )
}
