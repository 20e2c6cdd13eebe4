import { readIndexList } from '@/app/[server]/db/[database]/indexes/index-reads'
import { readTableList } from '@/app/[server]/db/[database]/tables/table-reads'
import type { Found } from '@/components/shell/found'
import { sampledRow } from '@/db/history/sampled-row'
import { statementTotals } from '@/db/history/statements'
import { ok, type Result } from '@/db/server/problem'
import { PARAMETER_NAMES } from '@/db/settings/registry'
import type { Place } from './place'

/** As many of each kind. */
const MOST = 5
/** Statements are looked for in what was sampled within a day. */
const DAY_MS = 86_400_000

/** What of a database has a text in its name: for the palette. A kind that cannot be read is left out. */
export async function findByName(place: Place, text: string): Promise<Result<Found>> {
  const to = new Date()
  const range = { from: new Date(to.getTime() - DAY_MS), to }
  const [indexes, tables, totals] = await Promise.all([
    readIndexList(place, { q: text, limit: MOST, sort: 'size' }),
    readTableList(place, { q: text, limit: MOST, sort: 'size' }),
    statementTotals(place.server, range, { filter: { datname: place.database, search: text }, limit: MOST }),
  ])
  if (!indexes.ok && !tables.ok) return indexes
  return ok({
    indexes: indexes.ok ? indexes.value.rows.filter((row) => 'indexrelid' in row) : [],
    tables: tables.ok ? tables.value.rows : [],
    statements: totals.statements
      .map((total) => sampledRow(total, ''))
      .flatMap(({ key, query }) => (query === null ? [] : [{ key, query }])),
    settings: PARAMETER_NAMES.filter((name) => name.includes(text.toLowerCase())).slice(0, MOST),
  })
}
