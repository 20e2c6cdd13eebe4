'use client'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { createIndexRequest } from '@/db/commands/create-index/request'
import { dropIndexRequest } from '@/db/commands/drop-index/request'
import type { CommandRequest } from '@/db/domain/command-request'
import type { CatalogueRow } from '@/db/guide/catalogue/read-catalogue'
import type { GuidePlans } from '@/db/guide/catalogue/read-plans'
import { bytes, count, exactCount } from '../format'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { classes } from '../ui/class-names'
import { Cell, Row } from '../ui/data-table'
import { isCreatable, isDroppable } from './catalogue-messages'
import { EntryDetail } from './entry-detail'
import { QuerySquares } from './query-squares'
import { StateChip } from './state-chip'

export interface LineProps {
  row: CatalogueRow
  isOpen: boolean
  plans: GuidePlans | undefined
  indexes: string
  since: string
  mayRun: boolean
  onOpen: (name: string | null) => void
  onAsk: (request: CommandRequest) => void
}

/** What its state asks for; undefined: nothing. */
export function requestOf(row: CatalogueRow): CommandRequest | undefined {
  if (isCreatable(row)) return createIndexRequest({ definition: row.create.definition })
  if (isDroppable(row)) return dropIndexRequest({ oid: row.index.indexrelid, concurrently: !row.index.partitioned })
  return undefined
}

/** One index of the guide, and below it, once it is opened, what was wrong with it. */
export function CatalogueLine({ row, isOpen, plans, indexes, since, mayRun, onOpen, onAsk }: LineProps) {
  const whyNot = useWhyNot()
  const { index, inPrint, error } = row
  const request = requestOf(row)
  const Chevron = isOpen ? ChevronDown : ChevronRight
  const act = (size: 'row' | 'detail') =>
    request && (
      <Button
        size="sm"
        variant={size === 'detail' && !isDroppable(row) ? 'primary' : undefined}
        className={size === 'row' ? 'border-transparent! bg-transparent! text-accent shadow-none!' : undefined}
        aria-label={`${request.label?.verb} ${row.name}…`}
        disabled={!mayRun}
        title={mayRun ? undefined : whyNot}
        onClick={() => onAsk(request)}
      >
        {request.label?.verb}
        {size === 'detail' && ' index'}…
      </Button>
    )
  return (
    <>
      <Row className={isOpen ? 'bg-sel' : undefined}>
        <Cell className="truncate max-sm:whitespace-normal">
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => onOpen(isOpen ? null : row.name)}
            className="inline-flex max-w-full items-center gap-2 text-left max-sm:min-h-10"
          >
            <Chevron aria-hidden className="size-3.5 shrink-0 text-ink-3" />
            <span className="truncate font-mono max-sm:whitespace-normal max-sm:[overflow-wrap:anywhere]" title={row.name}>
              {row.name}
            </span>
          </button>
        </Cell>
        <Cell className="truncate font-mono text-[11.5px]! text-ink-2 max-lg:hidden" title={row.form}>
          {row.form}
        </Cell>
        <Cell>
          <StateChip state={row.state} />
        </Cell>
        <Cell className={classes('truncate max-lg:hidden', inPrint ? 'text-ink-2' : 'text-ink-3')} title={inPrint ?? undefined}>
          {error && <span className="font-mono text-[11.5px] text-bad">{error.sqlstate} </span>}
          {inPrint ?? 'Right'}
        </Cell>
        <Cell numeric className="max-sm:hidden">
          {bytes(index?.bytes)}
        </Cell>
        <Cell numeric className="max-sm:hidden" title={exactCount(index?.idxScan)}>
          {count(index?.idxScan)}
        </Cell>
        <Cell className="max-lg:hidden">{plans && <QuerySquares plans={plans} indexrelid={index?.indexrelid ?? null} />}</Cell>
        <Cell className="text-right">{act('row')}</Cell>
      </Row>
      {isOpen && (
        <tr>
          <td colSpan={8} className="border-b border-line px-4 py-3 pl-9 shadow-[inset_2px_0_0_var(--accent)] max-sm:pl-4">
            <EntryDetail row={row} indexes={indexes} since={since} action={act('detail')} />
          </td>
        </tr>
      )}
    </>
  )
}
