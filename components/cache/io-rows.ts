import type { IoRow } from './cache-answer'
import { type Heat, heatOf, mostOf } from './heat-scale'

/** Operations as the table has them; timed ones have the bytes and the time of all. */
export const OPERATIONS = [
  { key: 'reads', label: 'Reads', bytes: 'read_bytes', time: 'read_time' },
  { key: 'writes', label: 'Writes', bytes: 'write_bytes', time: 'write_time' },
  { key: 'extends', label: 'Extends', bytes: 'extend_bytes', time: 'extend_time' },
  { key: 'fsyncs', label: 'Fsyncs', bytes: null, time: 'fsync_time' },
  { key: 'hits', label: 'Hits', bytes: null, time: null },
  { key: 'evictions', label: 'Evictions', bytes: null, time: null },
  { key: 'reuses', label: 'Reuses', bytes: null, time: null },
] as const

export interface IoCell {
  key: (typeof OPERATIONS)[number]['key']
  label: string
  /** null: this backend never does that there. */
  count: number | null
  bytes: number | null
  /** null where this is not timed. */
  ms: number | null
  heat: Heat
}

export interface IoLine {
  backend: string
  object: string
  context: string
  cells: IoCell[]
}

const sum = (rows: IoRow[], of: (row: IoRow) => number): number => rows.reduce((all, row) => all + of(row), 0)
const hitsOf = ({ hits }: IoRow): number => Number(hits ?? 0)
const numberOf = (value: string | null): number | null => (value === null ? null : Number(value))

/**
 * The rows in which anything happened, by backend, those that took the most time first, else those with the most bytes read and written. Where times
 * are known they colour what has them, on one scale; everything else has its column's own.
 */
export function ioLines(rows: readonly IoRow[]): { lines: IoLine[]; timed: boolean; quiet: number } {
  const happened = rows.filter((row) => OPERATIONS.some(({ key }) => (numberOf(row[key]) ?? 0) > 0))
  const timeOf = (row: IoRow) => OPERATIONS.reduce((sum, { time }) => sum + (time ? (row[time] ?? 0) : 0), 0)
  const bytesOf = (row: IoRow) => (row.read_bytes ?? 0) + (row.write_bytes ?? 0) + (row.extend_bytes ?? 0)
  const mostMs = mostOf(happened.flatMap((row) => OPERATIONS.map(({ time }) => (time ? row[time] : null))))
  const timed = mostMs > 0
  const mostIn = Object.fromEntries(OPERATIONS.map(({ key }) => [key, mostOf(happened.map((row) => numberOf(row[key])))]))
  const busier = (a: IoRow[], b: IoRow[]) =>
    sum(b, timeOf) - sum(a, timeOf) || sum(b, bytesOf) - sum(a, bytesOf) || sum(b, hitsOf) - sum(a, hitsOf)
  const groups = [...Map.groupBy(happened, ({ backend_type }) => backend_type).values()].sort(busier)
  const lines = groups
    .flatMap((group) => group.sort((a, b) => busier([a], [b])))
    .map((row) => ({
      backend: row.backend_type,
      object: row.object,
      context: row.context,
      cells: OPERATIONS.map(({ key, label, bytes, time }): IoCell => {
        const count = numberOf(row[key])
        // What is timed by another setting (WAL: track_wal_io_timing) or happened before it was set has a count and no time.
        const ms = timed && time && (count ?? 0) > 0 ? row[time] || null : null
        const heat = timed && time ? heatOf(count ? row[time] : null, mostMs) : heatOf(count, mostIn[key] ?? 0)
        return { key, label, count, bytes: bytes ? row[bytes] : null, ms, heat: count ? (Math.max(1, heat) as Heat) : 0 }
      }),
    }))
  return { lines, timed, quiet: rows.length - happened.length }
}
