import type { ReactNode } from 'react'
import { exactCount } from '../format'
import { Badge } from '../ui/badge'
import { classes } from '../ui/class-names'
import { SqlText } from '../ui/sql'
import { age, isIdleInTransaction, nameOf } from './activity-messages'
import type { SessionSort } from './activity-params'
import type { ActivityAnswer, Session } from './activity-types'

interface SessionColumn {
  label: string
  sort?: SessionSort
  width?: number
  numeric?: boolean
  /** Where it stands in a card under 700 px. */
  phone: string
  cell: (row: Session, limits: ActivityAnswer['limits']) => ReactNode
}

const quiet = (children: ReactNode) => <span className="text-ink-3">{children}</span>

export const COLUMNS: SessionColumn[] = [
  { label: 'pid', sort: 'pid', width: 76, phone: 'max-sm:order-1', cell: ({ pid }) => <span className="font-mono">{pid}</span> },
  {
    label: 'State',
    sort: 'state',
    width: 178,
    phone: 'max-sm:order-2 max-sm:justify-self-end',
    cell: (row, limits) => <State row={row} limits={limits} />,
  },
  {
    label: 'Transaction',
    sort: 'xact',
    width: 92,
    numeric: true,
    phone: 'max-sm:hidden',
    cell: ({ xact_seconds: seconds }, { longSeconds }) => (
      <span className={seconds !== null && seconds >= longSeconds ? 'font-medium text-warn' : undefined}>{age(seconds)}</span>
    ),
  },
  {
    label: 'Application',
    sort: 'who',
    width: 164,
    phone: 'max-sm:order-3 max-sm:col-span-2',
    cell: (row) => (
      <span className="block truncate" title={whoWords(row)}>
        {nameOf(row)} {row.usename && quiet(row.usename)}
        {row.own && <Badge className="ml-1">Proctor</Badge>}
        {row.others_run && <Badge className="ml-1">a run of another Proctor console</Badge>}
      </span>
    ),
  },
  {
    label: 'Database',
    width: 118,
    phone: 'max-sm:hidden',
    cell: ({ datname, client_addr: address }) => (
      <span className="block truncate" title={address ?? undefined}>
        {datname ?? quiet('–')} {address && quiet(address)}
      </span>
    ),
  },
  {
    label: 'Waits for',
    sort: 'wait',
    width: 168,
    phone: 'max-sm:order-4 max-sm:col-span-2',
    cell: (row) => <Wait row={row} />,
  },
  {
    label: 'Statement',
    phone: 'max-sm:order-5 max-sm:col-span-2',
    cell: ({ query, hidden }) => (
      <code className="block truncate whitespace-nowrap">
        {hidden ? 'hidden from this role' : query ? <SqlText sql={query.replace(/\s+/g, ' ').trim()} /> : ''}
      </code>
    ),
  },
]

/** metabase as report_reader from 10.2.0.31 */
export const whoWords = (row: Session): string =>
  [nameOf(row), row.usename && `as ${row.usename}`, row.client_addr && `from ${row.client_addr}`].filter(Boolean).join(' ')

export function State({ row, limits }: { row: Session; limits: ActivityAnswer['limits'] }) {
  if (row.hidden) return quiet('hidden')
  const since = <span className="ml-1.5 text-ink-3">{age(row.state_seconds)}</span>
  if (isIdleInTransaction(row)) {
    const long = (row.state_seconds ?? 0) >= limits.idleSeconds
    return (
      <span className="whitespace-nowrap">
        <Badge tone={long ? 'warn' : 'plain'}>{row.state === 'idle in transaction' ? 'idle in transaction' : 'idle in tx (aborted)'}</Badge>
        {since}
      </span>
    )
  }
  if (row.state === 'active')
    return (
      <span className="whitespace-nowrap">
        <Badge tone="run">active</Badge>
        {since}
      </span>
    )
  return (
    <span className="whitespace-nowrap text-ink-3">
      {row.state ?? row.backend_type}
      {since}
    </span>
  )
}

function Wait({ row }: { row: Session }) {
  const by = row.blocked_by ?? []
  if (row.wait_event_type === 'Lock')
    return (
      <span className="block truncate font-medium text-warn">
        Lock{by.length > 0 && `, by ${by.map(({ pid, gid }) => (pid === 0 ? (gid ?? 'a prepared transaction') : `pid ${pid}`)).join(', ')}`}
      </span>
    )
  if (row.wait_event_type === null) return row.state === 'active' ? <span>CPU</span> : quiet('–')
  const text = `${row.wait_event_type}: ${row.wait_event}`
  return (
    <span className={classes('block truncate', row.state !== 'active' && 'text-ink-3')} title={text}>
      {row.wait_event_type === 'Client' ? row.wait_event : text}
    </span>
  )
}

/** How old its snapshot is, in transactions; for the drawer. */
export const xminWords = ({ xmin_age: xmin, xid_age: xid }: Session): string =>
  [
    xmin === null ? null : `snapshot ${exactCount(xmin)} transactions old`,
    xid === null ? null : `own transaction ID ${exactCount(xid)} old`,
  ]
    .filter(Boolean)
    .join(', ') || 'holds none'
