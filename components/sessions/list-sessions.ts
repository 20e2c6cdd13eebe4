import { isIdleInTransaction, nameOf } from './activity-messages'
import type { Group, SessionSort, Show } from './activity-params'
import type { Session } from './activity-types'

export interface SessionFilter {
  show: Show
  q: string
  user: string | null
  app: string | null
  datname: string | null
  sort: SessionSort
  dir: 'asc' | 'desc'
}

/** A line of the table. A leader has its parallel workers with it. */
export interface SessionLine {
  key: string
  row: Session
  workers: Session[]
  /** It was there when the order was held, and is no more. */
  ended?: boolean
}

export const keyOf = ({ pid, backend_start: start }: Session): string => `${pid} ${start ?? ''}`

const SHOWN: Record<Show, (row: Session) => boolean> = {
  all: () => true,
  active: ({ state }) => state === 'active',
  waiting: ({ wait_event_type: type }) => type === 'Lock',
  'idle-in-transaction': isIdleInTransaction,
  idle: ({ state }) => state === 'idle',
}

export const countShown = (rows: Session[], show: Show): number => rows.filter((row) => row.leader_pid === null && SHOWN[show](row)).length

const SORT_BY: Record<SessionSort, (row: Session) => number | string> = {
  xact: ({ xact_seconds: seconds }) => seconds ?? -1,
  state: ({ state_seconds: seconds }) => seconds ?? -1,
  pid: ({ pid }) => pid,
  who: nameOf,
  wait: ({ wait_event_type: type, wait_event: event }) => `${type ?? ''} ${event ?? ''}`,
}

/** Filters and sorts; a parallel worker stands with its leader, and is found with it. */
export function listSessions(rows: Session[], filter: SessionFilter): SessionLine[] {
  const leaders = new Set(rows.map(({ pid }) => pid))
  const workers = Map.groupBy(
    rows.filter((row) => row.leader_pid !== null && row.leader_pid !== row.pid && leaders.has(row.leader_pid)),
    ({ leader_pid: leader }) => leader,
  )
  const words = filter.q.trim().toLowerCase()
  const fits = (row: Session) =>
    SHOWN[filter.show](row) &&
    (filter.user === null || row.usename === filter.user) &&
    (filter.app === null || nameOf(row) === filter.app) &&
    (filter.datname === null || row.datname === filter.datname) &&
    (words === '' || textOf(row).includes(words))
  const lines = rows
    .filter((row) => row.leader_pid === null || row.leader_pid === row.pid || !leaders.has(row.leader_pid))
    .map((row) => ({ key: keyOf(row), row, workers: workers.get(row.pid) ?? [] }))
    .filter(({ row, workers: own }) => fits(row) || own.some(fits))
  const by = SORT_BY[filter.sort]
  const sign = filter.dir === 'asc' ? 1 : -1
  return lines.sort((a, b) => {
    const [left, right] = [by(a.row), by(b.row)]
    return (left < right ? -sign : left > right ? sign : 0) || a.row.pid - b.row.pid
  })
}

const textOf = (row: Session): string =>
  [row.pid, row.usename, row.datname, row.application_name, row.client_addr, row.state, row.wait_event_type, row.wait_event, row.query]
    .filter((part) => part !== null)
    .join(' ')
    .toLowerCase()

const groupOf = (row: Session, group: Group): string =>
  ({
    none: '',
    state: row.hidden ? 'state hidden' : (row.state ?? row.backend_type ?? 'no state'),
    application: nameOf(row),
    user: row.usename ?? 'no role',
    database: row.datname ?? 'no database',
  })[group]

/** Lines in groups, the largest group first; each keeps the order of its lines. */
export function grouped(lines: SessionLine[], group: Group): { name: string; lines: SessionLine[] }[] {
  if (group === 'none') return [{ name: '', lines }]
  const groups = [...Map.groupBy(lines, ({ row }) => groupOf(row, group))].map(([name, members]) => ({ name, lines: members }))
  return groups.sort((a, b) => b.lines.length - a.lines.length || (a.name < b.name ? -1 : 1))
}

/** Lines as they stood, with what is known of them now: what is gone stays marked, what is new comes last. */
export function inHeldOrder<T extends { key: string; ended?: boolean }>(held: T[], now: T[]): T[] {
  const newest = new Map(now.map((line) => [line.key, line]))
  const kept = held.map((line) => newest.get(line.key) ?? { ...line, ended: true })
  const known = new Set(held.map(({ key }) => key))
  return [...kept, ...now.filter(({ key }) => !known.has(key))]
}
