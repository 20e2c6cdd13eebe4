import { type Series, tableOf } from './series'

/** Runs a statement in a transaction of the caller's. */
export type Query = (sql: string, values?: unknown[]) => Promise<{ rows: unknown[] }>

/** Types of columns that are neither int8 nor float8. */
const TYPES: Record<string, string> = {
  statement: 'int4',
  wait: 'int2',
  datid: 'oid',
  relid: 'oid',
  indexrelid: 'oid',
  verdict: 'text',
  standby: 'text',
  slot: 'text',
  backend_type: 'text',
  object: 'text',
  context: 'text',
  seqrelid: 'oid',
}

/** Columns that hold fractions: times in ms, seconds, squares. */
const FRACTION = /(_time|_squares|_known|^seconds|^oldest_transaction|^plus_minus)$/

const typeOf = (column: string): string => TYPES[column] ?? (FRACTION.test(column) ? 'float8' : 'int8')

/**
 * Writes rows of one server and moment into a series' finest step, all in one statement. A value of 0 in a column that is
 * summed up is kept as NULL.
 */
export async function insertRows(query: Query, series: Series, server: number, at: Date, rows: Record<string, unknown>[]): Promise<void> {
  if (rows.length === 0) return
  const step = series.steps[0] as number
  const bucket = Math.floor(at.getTime() / 1000 / step) * step
  const summed = new Set(series.sum.filter((name) => name !== 'seconds' && name !== 'samples' && name !== 'sessions'))
  const columns = [...series.keys, ...series.sum, ...(series.max ?? []), ...(series.min ?? []), ...(series.last ?? [])]
  const arrays = columns.map((column) =>
    rows.map((row) => (summed.has(column) && (row[column] === 0 || row[column] === '0') ? null : (row[column] ?? null))),
  )
  const given = columns.map((column, index) => `$${index + 3}::${typeOf(column)}[]`)
  await query(
    `insert into ${tableOf(series, step)} (at, step, server, ${columns.join(', ')})
     select to_timestamp($1), ${step}, $2, r.* from unnest(${given.join(', ')}) as r`,
    [bucket, server, ...arrays],
  )
}
