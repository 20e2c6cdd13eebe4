import { type Place, targetOf } from '@/app/place'
import type { ExportAbout, ExportedQuery } from '@/components/queries/export-rows'
import { firstStatementSample, statementWindow } from '@/db/history/statement-words'
import { statementTotals } from '@/db/history/statements'
import { ok, type Result } from '@/db/server/problem'
import { runRead } from '@/db/server/run-read'
import { statementSettings } from '@/db/statements/reads/statements'
import { countedRows } from './counted-list'
import type { QueryAsk } from './live-params'
import { databaseTime, filterOf, rangeOf } from './query-reads'
import { countedOnce, countedRow, sampledRow, sorted, sumUp } from './query-rows'

type ExportAsk = Pick<QueryAsk, 'range' | 'from' | 'to' | 'reset' | 'sort' | 'dir' | 'q' | 'user' | 'app' | 'db' | 'min'>

/** More statements than pg_stat_statements ever holds over the longest range. */
const ALL = 1_000_000

/** All statements that the filter lets through, in the order of the list, with their whole texts. Errors: as the list. */
export async function readForExport(place: Place, ask: ExportAsk): Promise<Result<{ queries: ExportedQuery[]; about: ExportAbout }>> {
  const { server, database } = place
  const target = await targetOf(place)
  if (!target.ok) return target
  const [settings, first] = await Promise.all([runRead(target.value, statementSettings, {}), firstStatementSample(server)])
  const known = settings.ok ? settings.value[0] : undefined
  const about = { ...place, at: new Date().toISOString(), blockSizeBytes: known?.block_size ?? 8192 }
  const inOrder = (queries: ExportedQuery[]) => {
    const texts = new Map(queries.map(({ row, text }) => [row, text]))
    const rows = sorted([...texts.keys()], ask.sort, ask.dir)
    return rows.map((row) => ({ row, text: texts.get(row) ?? null }))
  }
  if (ask.reset || first === null) {
    const counted = await countedRows(target.value, database, ask)
    if (!counted.ok) return counted
    const queries = inOrder(counted.value.passed.map((row) => ({ row: countedRow(row), text: row.query })))
    const { total: totalMs } = sumUp(countedOnce(queries.map(({ row }) => row)))
    return ok({
      queries,
      about: {
        ...about,
        source: 'reset',
        from: counted.value.since,
        to: about.at,
        sampledSeconds: null,
        totalMs,
        databaseMs: counted.value.databaseMs,
      },
    })
  }
  const range = rangeOf(ask)
  const [{ covered, all, statements }, window] = await Promise.all([
    statementTotals(server, range, { filter: filterOf(ask, database), limit: ALL }),
    statementWindow(server, range),
  ])
  const databaseMs = await databaseTime(server, range, filterOf(ask, database), all.total_exec_time)
  return ok({
    queries: inOrder(statements.map((total) => ({ row: sampledRow(total), text: total.query }))),
    about: {
      ...about,
      source: 'samples',
      from: new Date(covered.from).toISOString(),
      to: new Date(covered.to).toISOString(),
      sampledSeconds: window.seconds,
      totalMs: all.total_exec_time,
      databaseMs,
    },
  })
}
