import type { Row } from '../server/define-read'
import type { FoundTable } from './find-guide'
import type { timePartitions } from './reads/time-partitions'

/** A table that grows with time, by its partitions where it has some. */
export interface TableMonths {
  relid: number
  schemaname: string
  relname: string
  partitioned: boolean
  rows: number
  bytes: number | null
  /** In the order of time; ms since 1970. */
  parts: { relname: string; from: number; to: number; rows: number; bytes: number | null }[]
  /** Rows of the default partition; null: there is none. */
  defaultRows: number | null
  /** Where the last partition ends, ms since 1970; null: without an end, or no partitions. */
  end: number | null
  /** The next month has a partition. */
  nextExists: boolean
  /** Partitions that a query reads, at most: scans of all over scans of the busiest. Null: none was scanned. */
  scanned: number | null
}

const DAY_MS = 86_400_000

/** Pure. A month from now must have a partition: what makes them monthly runs once a month. */
export function monthsOf(
  { relid, schemaname, relname, partitioned, reltuples }: FoundTable,
  parts: Row<typeof timePartitions>[],
  now: number,
): TableMonths {
  const ranges = parts
    .flatMap((part) => (part.lower === null || part.upper === null ? [] : [{ ...part, from: part.lower * 1000, to: part.upper * 1000 }]))
    .sort((a, b) => a.from - b.from)
  const scans = parts.map((part) => Number(part.scans))
  const busiest = Math.max(0, ...scans)
  const next = monthAfter(now)
  const byDefault = parts.find((part) => part.is_default)
  const known = parts.every((part) => part.bytes !== null)
  return {
    ...{ relid, schemaname, relname, partitioned },
    rows: partitioned ? parts.reduce((sum, { rows }) => sum + rows, 0) : reltuples,
    bytes: partitioned && known ? parts.reduce((sum, part) => sum + (part.bytes ?? 0), 0) : null,
    parts: ranges.map(({ relname: name, from, to, rows, bytes }) => ({ relname: name, from, to, rows, bytes })),
    defaultRows: byDefault ? byDefault.rows : null,
    end: ranges.at(-1)?.to ?? null,
    nextExists: ranges.some(({ from, to }) => from <= next && next < to),
    scanned: busiest === 0 ? null : Math.min(ranges.length, scans.reduce((sum, one) => sum + one, 0) / busiest),
  }
}

/** The middle of the first day of the next month, UTC: inside of its partition in every time zone. */
function monthAfter(now: number): number {
  const at = new Date(now)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1) + DAY_MS / 2
}
