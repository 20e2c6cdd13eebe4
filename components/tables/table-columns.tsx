import Link from 'next/link'
import type { ReactNode } from 'react'
import type { RelationFinding } from '@/db/checks/define-check'
import type { TableSort } from '@/db/domain/table-params'
import type { TableList } from '@/db/tables/list-tables'
import type { TableFinding } from '@/db/tables/table-health'
import { bytes, bytesShort, count, exactCount, percent } from '../format'
import { ago, moment } from '../format-time'
import { Badge } from '../ui/badge'
import { classes } from '../ui/class-names'
import { Identifier } from '../ui/identifier'
import { TrustDot } from '../ui/trust-mark'
import { bloatSentences, needWords, tableName, why } from './table-messages'

type Listed = TableList['rows'][number]

export interface TableColumn {
  label: string
  sort?: TableSort
  width?: number
  numeric?: boolean
  /** Where it stands in a card under 700 px. */
  phone: string
  cell: (row: Listed, context: CellContext) => ReactNode
}

export interface CellContext {
  /** When the rows were read. */
  readAt: string
  /** Since when the statistics count: a VACUUM before that is not known. */
  since: string
  /** Where a table has its page. */
  href: (row: TableFinding) => string
  /** Foreign keys of a table that no index serves. */
  missing: (row: TableFinding) => RelationFinding[]
}

const quiet = (children: ReactNode) => <span className="text-ink-3">{children}</span>

export const COLUMNS: TableColumn[] = [
  {
    label: 'Table',
    sort: 'name',
    phone: 'max-sm:col-start-1 max-sm:row-start-1',
    cell: (row, { missing, href }) => (
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-1.5">
        <Link href={href(row)} className="text-ink hover:underline">
          <Identifier name={tableName(row)} />
        </Link>
        {row.kind === 'partitioned table' && quiet(`${count(row.partitions)} ${row.partitions === 1 ? 'partition' : 'partitions'}`)}
        {row.refresh && <MaterializedView refresh={row.refresh} />}
        <Missing keys={missing(row)} />
        {row.vacuuming !== null && <Badge tone="run">vacuumed now, pid {row.vacuuming}</Badge>}
        {row.skipped && <span className="text-warn">{row.skipped}</span>}
      </span>
    ),
  },
  {
    label: 'Needs',
    sort: 'need',
    width: 134,
    phone: 'max-sm:col-start-2 max-sm:row-start-1 max-sm:justify-self-end',
    cell: (row) => <Needs row={row} />,
  },
  {
    label: 'Size',
    sort: 'size',
    width: 82,
    numeric: true,
    phone: 'max-sm:col-start-1 max-sm:row-start-2 max-sm:text-left',
    cell: (row) => <Size row={row} />,
  },
  {
    label: 'Bloat',
    width: 78,
    numeric: true,
    phone: 'max-sm:hidden',
    cell: (row) => <Bloated row={row} />,
  },
  {
    label: 'Live rows',
    sort: 'live',
    width: 84,
    numeric: true,
    phone: 'max-sm:hidden',
    cell: (row) => <span title={exactCount(row.live)}>{count(row.live)}</span>,
  },
  {
    label: 'Dead rows',
    sort: 'dead',
    width: 150,
    numeric: true,
    phone: 'max-sm:col-start-2 max-sm:row-start-2',
    cell: (row) => <Dead row={row} />,
  },
  {
    label: 'Autovacuum at',
    width: 104,
    numeric: true,
    phone: 'max-sm:hidden',
    cell: (row) => <Trigger row={row} />,
  },
  {
    label: 'Last vacuum',
    sort: 'vacuum',
    width: 100,
    phone: 'max-sm:hidden',
    cell: (row, context) => <Last by={row.lastVacuum} auto={row.lastAutovacuum} context={context} />,
  },
  {
    label: 'Last analyze',
    sort: 'analyze',
    width: 100,
    phone: 'max-sm:hidden',
    cell: (row, context) => <Last by={row.lastAnalyze} auto={row.lastAutoanalyze} context={context} />,
  },
  {
    label: 'XID age',
    sort: 'age',
    width: 76,
    numeric: true,
    phone: 'max-sm:hidden',
    cell: ({ xidAge, freezeAt }) =>
      xidAge === null ? (
        quiet('–')
      ) : (
        <span
          className={xidAge > freezeAt ? 'font-medium text-warn' : undefined}
          title={`${exactCount(xidAge)} of ${exactCount(freezeAt)} transactions`}
        >
          {count(xidAge)}
        </span>
      ),
  },
]

function MaterializedView({ refresh: { populated, index } }: { refresh: NonNullable<TableFinding['refresh']> }) {
  const how = !populated ? 'never populated' : index === null ? 'refreshed in place only' : 'refreshed CONCURRENTLY'
  const why = index === null ? 'It has no unique index of columns alone over all of its rows' : `By its unique index ${index}`
  return (
    <>
      <Badge>materialized view</Badge>
      <span title={populated ? why : 'It has no rows to read before its first REFRESH'}>{quiet(how)}</span>
    </>
  )
}

function Missing({ keys }: { keys: RelationFinding[] }) {
  if (keys.length === 0) return null
  return (
    <span title={keys.map(({ title }) => title).join('; ')}>
      <Badge tone={keys.some(({ severity }) => severity !== 'info') ? 'warn' : 'plain'}>
        {keys.length === 1 ? 'foreign key without an index' : `${keys.length} foreign keys without an index`}
      </Badge>
    </span>
  )
}

function Needs({ row }: { row: TableFinding }) {
  if (row.needs.length === 0) {
    return (
      <span className="inline-flex items-center gap-1.5 text-ink-3">
        <i aria-hidden className="size-[7px] rounded-full bg-ok-fill" />
        Nothing
      </span>
    )
  }
  const act = row.needs.some((need) => need.act)
  const heldBy = row.needs.find((need) => need.heldBy !== undefined)?.heldBy
  const reasons = row.needs.map((need) => why(row, need)).join('; ')
  return (
    <span title={reasons}>
      <Badge tone={act ? 'warn' : 'plain'}>{needWords(row.needs.filter((need) => need.heldBy === undefined)) || 'held'}</Badge>
      {!act && heldBy === undefined && <span className="ml-1 text-tick text-ink-3">auto</span>}
      {heldBy !== undefined && <span className="block truncate text-tick text-ink-3">by {heldBy}</span>}
      <span className="sr-only">: {reasons}</span>
    </span>
  )
}

function Size({ row }: { row: TableFinding }) {
  if (row.bytes === null && row.indexBytes === null) return quiet('n/a')
  return (
    <span title={`Table ${bytes(row.bytes)}, indexes ${bytes(row.indexBytes)}`}>{bytes((row.bytes ?? 0) + (row.indexBytes ?? 0))}</span>
  )
}

/** What a rewrite would give back of the heap and its TOAST table together, as far as it can be known. */
function Bloated({ row: { bloat } }: { row: TableFinding }) {
  if (bloat === null) return <span title="Smaller than 1 MB, or not checked">{quiet('–')}</span>
  const parts = [bloat.heap, bloat.toast].filter((part) => part !== null)
  const known = parts.filter(({ bloatBytes }) => bloatBytes !== null)
  if (known.length === 0) return <span title={bloatSentences(bloat)}>{quiet('withheld')}</span>
  return (
    <span title={bloatSentences(bloat)} className="inline-flex items-center gap-1">
      {bytesShort(known.reduce((sum, { bloatBytes }) => sum + (bloatBytes ?? 0), 0))}
      <TrustDot kind={parts.every(({ trust }) => trust.kind === 'exact') ? 'exact' : 'estimated'} />
    </span>
  )
}

/** Dead rows, their share of all, and a bar of it. */
function Dead({ row: { dead, deadShare, needs } }: { row: TableFinding }) {
  const hot = needs.some(({ reason, act }) => act && (reason === 'dead' || reason === 'dead-share'))
  return (
    <span className="inline-flex items-center justify-end gap-2" title={`${exactCount(dead)} dead rows`}>
      <span className={hot ? 'font-medium text-warn' : undefined}>{count(dead)}</span>
      <span aria-hidden className="h-[7px] w-12 overflow-hidden rounded-[2px] bg-sunken">
        <span className={classes('block h-full', hot ? 'bg-warn-fill' : 'bg-live-2')} style={{ width: `${(deadShare ?? 0) * 100}%` }} />
      </span>
      <span className="w-8 text-ink-2">{percent(deadShare)}</span>
    </span>
  )
}

function Trigger({ row }: { row: TableFinding }) {
  if (!row.autovacuum) return <Badge tone="warn">off</Badge>
  if (row.vacuumAt === null) return quiet('each partition')
  return (
    <span title={`Dead rows above which autovacuum vacuums it${row.ownParameters ? ", by the table's own parameters" : ''}`}>
      {row.ownParameters && <span className="mr-1 text-tick text-ink-3">own</span>}
      {count(Math.round(row.vacuumAt))}
    </span>
  )
}

/** The later of the two times, and which of the two it was. */
function Last({ by, auto, context: { readAt, since } }: { by: string | null; auto: string | null; context: CellContext }) {
  const last = by !== null && (auto === null || by > auto) ? by : auto
  if (last === null) return <span title={`None since the statistics began, ${moment(since)}`}>{quiet('not seen')}</span>
  return (
    <span title={`${moment(last)}, ${last === auto ? 'by autovacuum' : 'manual'}`}>
      {ago(last, readAt)}
      {last === auto && <span className="ml-1 text-tick text-ink-3">auto</span>}
    </span>
  )
}
