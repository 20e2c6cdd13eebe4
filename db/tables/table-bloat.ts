import { type Bloat, bloatOf } from '../indexes/bloat'
import type { Row } from '../server/define-read'
import type { Trust } from '../server/trust'
import type { tableBloatEstimate } from './reads/table-bloat-estimate'

type Estimated = Row<typeof tableBloatEstimate>

/** What a rewrite of a table would give back: its heap, and its TOAST table where that is large enough to be looked at. */
export interface TableBloat {
  heap: Bloat | null
  toast: (Bloat & { relname: string; bytes: number | null }) | null
}

/** A rewrite takes an AccessExclusiveLock, and half-empty pages fill again: below half it is not worth that. */
export const LEAST_SHARE = 0.5
/** As for indexes: a smaller one nobody notices. */
export const LEAST_BYTES = 1024 ** 2

/** Whether it is worth a rewrite even where the estimate is as far off as its ± says. */
export function worthRewriting({ bloatBytes, bloatRatio, trust }: Bloat): boolean {
  return bloatBytes !== null && bloatRatio !== null && bloatBytes >= LEAST_BYTES && bloatRatio - doubt(trust) >= LEAST_SHARE
}

const doubt = (trust: Trust): number => (trust.kind === 'estimated' ? trust.plusMinus / 100 : 0)

/** The bloat of each table by its OID; small tables are not among the rows. */
function tableBloat(rows: readonly Estimated[]): Map<number, TableBloat> {
  const found = new Map<number, TableBloat>()
  for (const row of rows) {
    const one = found.get(row.owner) ?? { heap: null, toast: null }
    if (row.relkind === 't') one.toast = { ...bloatOf(row), relname: row.relname, bytes: row.bytes }
    else one.heap = bloatOf(row)
    found.set(row.owner, one)
  }
  return found
}

/** A table of a list, and what it is a partition of. */
interface Table {
  relid: number
  kind: 'table' | 'materialized view' | 'partitioned table' | 'partition'
  root: number | null
}

/** The tables with their bloat; a partitioned one with that of its partitions together. */
export function withBloat<T extends Table>(tables: readonly T[], rows: readonly Estimated[]): (T & { bloat: TableBloat | null })[] {
  const known = tableBloat(rows)
  const parts = Map.groupBy(
    tables.filter(({ kind }) => kind === 'partition'),
    ({ root }) => root,
  )
  const of = (table: Table): TableBloat | null =>
    table.kind === 'partitioned table'
      ? together((parts.get(table.relid) ?? []).map(({ relid }) => known.get(relid)))
      : (known.get(table.relid) ?? null)
  return tables.map((table) => ({ ...table, bloat: of(table) }))
}

function together(parts: readonly (TableBloat | undefined)[]): TableBloat | null {
  const known = parts.filter((part) => part !== undefined)
  return known.length === 0 ? null : { heap: sum(known.flatMap(({ heap }) => (heap ? [heap] : []))), toast: null }
}

/** What is known of them, with the widest ±; withheld only where nothing is. */
function sum(heaps: Bloat[]): Bloat | null {
  const told = heaps.filter(({ bloatBytes, bloatRatio }) => bloatBytes !== null && bloatRatio !== null)
  const [first] = heaps
  if (told.length === 0) return first ?? null
  const bloatBytes = told.reduce((total, heap) => total + (heap.bloatBytes ?? 0), 0)
  const bytes = told.reduce((total, heap) => total + (heap.bloatRatio ? (heap.bloatBytes ?? 0) / heap.bloatRatio : 0), 0)
  const plusMinus = Math.max(...told.map(({ trust }) => 100 * doubt(trust)))
  return {
    bloatBytes,
    bloatRatio: bytes > 0 ? bloatBytes / bytes : 0,
    trust: plusMinus > 0 ? { kind: 'estimated', plusMinus } : { kind: 'exact' },
  }
}
