import type { ExportAbout, ExportedQuery } from '@/db/history/export-statements'
import { csvCell } from '../csv-cell'

export const EXPORT_FORMATS = ['csv', 'json'] as const

type Value = string | number | boolean | null

/** Every number says its unit in its name; a count has none. */
const COLUMNS: Record<string, (one: ExportedQuery, about: ExportAbout) => Value> = {
  queryid: ({ row }) => row.queryid,
  toplevel: ({ row }) => row.toplevel,
  user: ({ row }) => row.rolname,
  database: ({ row }) => row.datname,
  calls: ({ row }) => row.calls,
  total_time_ms: ({ row }) => row.total,
  share_of_time_ratio: ({ row }, about) => (about.databaseMs > 0 ? row.total / about.databaseMs : null),
  mean_time_ms: ({ row }) => (row.calls > 0 ? row.mean : null),
  stddev_time_ms: ({ row }) => (row.calls > 1 ? row.stddev : null),
  max_time_ms: ({ row }) => row.max,
  max_is_of_this_range: ({ row }) => row.maxWithin,
  rows: ({ row }) => row.rows,
  plans: ({ row }) => row.plans,
  planning_time_ms: ({ row }) => row.planning,
  shared_hit_blocks: ({ row }) => row.hit,
  shared_read_blocks: ({ row }) => row.read,
  shared_dirtied_blocks: ({ row }) => row.dirtied,
  shared_written_blocks: ({ row }) => row.written,
  temp_read_blocks: ({ row }) => row.tempRead,
  temp_written_blocks: ({ row }) => row.tempWritten,
  block_size_bytes: (_, about) => about.blockSizeBytes,
  io_time_ms: ({ row }) => row.io,
  wal_bytes: ({ row }) => row.wal,
  jit_time_ms: ({ row }) => row.jit,
  first_seen_utc: ({ row }) => row.firstSeen,
  from_utc: (_, about) => about.from,
  to_utc: (_, about) => about.to,
  sampled_seconds: (_, about) => about.sampledSeconds,
  query: ({ text }) => text,
}

/** The rows with a heading, each with the range it is of. */
export const asCsv = (queries: ExportedQuery[], about: ExportAbout): string =>
  [Object.keys(COLUMNS), ...queries.map((one) => Object.values(COLUMNS).map((of) => csvCell(of(one, about))))]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('')

export function asJson(queries: ExportedQuery[], about: ExportAbout): string {
  const statements = queries.map((one) => Object.fromEntries(Object.entries(COLUMNS).map(([name, of]) => [name, of(one, about)])))
  return `${JSON.stringify({ ...about, statements }, null, 2)}\n`
}
