import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { countedRows } from '../statements/counted-rows'
import { statementSettings } from '../statements/reads/statements'
import { countedOnce, countedRow, type QueryRow, sorted, sumUp } from '../statements/statement-rows'
import { databaseTime, filterOf, type StatementAsk } from './list-statements'
import { sampledRow } from './sampled-row'
import { firstStatementSample, statementWindow } from './statement-words'
import { statementTotals } from './statements'

/** What an export tells beside the rows. */
export interface ExportAbout {
  server: string
  database: string
  /** When it was made; all moments are ISO 8601 in UTC. */
  at: string
  /** samples: what the worker stored. reset: what the server has counted since its last reset, in `from`. */
  source: 'samples' | 'reset'
  from: string | null
  to: string
  /** Seconds of that time that were sampled; null for what the server counted itself. */
  sampledSeconds: number | null
  blockSizeBytes: number
  /** Execution time of everything that the filter lets through; of the top level alone where nested statements are counted too. */
  totalMs: number
  /** The same of all statements of the chosen databases, whatever else the filter leaves out: share_of_time_ratio is of this. */
  databaseMs: number
}

export interface ExportedQuery {
  row: QueryRow
  /** As the server has it; null: never seen. */
  text: string | null
}

type ExportAsk = Pick<StatementAsk, 'range' | 'reset' | 'sort' | 'dir' | 'q' | 'user' | 'app' | 'db' | 'min'>

/** More statements than pg_stat_statements ever holds over the longest range. */
const ALL = 1_000_000

/** All statements that the filter lets through, in the order of the list, with their whole texts and without short names. Errors: as the list. */
export async function exportStatements(target: Target, ask: ExportAsk): Promise<Result<{ queries: ExportedQuery[]; about: ExportAbout }>> {
  const { serverId: server, database } = target
  const [settings, first] = await Promise.all([runRead(target, statementSettings, {}), firstStatementSample(server)])
  const known = settings.ok ? settings.value[0] : undefined
  const about = { server, database, at: new Date().toISOString(), blockSizeBytes: known?.block_size ?? 8192 }
  const inOrder = (queries: ExportedQuery[]) => {
    const texts = new Map(queries.map(({ row, text }) => [row, text]))
    const rows = sorted([...texts.keys()], ask.sort, ask.dir)
    return rows.map((row) => ({ row, text: texts.get(row) ?? null }))
  }
  if (ask.reset || first === null) {
    const counted = await countedRows(target, ask)
    if (!counted.ok) return counted
    const queries = inOrder(counted.value.passed.map((row) => ({ row: countedRow(row, ''), text: row.query })))
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
  const { range } = ask
  const [{ covered, all, statements }, window] = await Promise.all([
    statementTotals(server, range, { filter: filterOf(ask, database), limit: ALL }),
    statementWindow(server, range),
  ])
  const databaseMs = await databaseTime(server, range, filterOf(ask, database), all.total_exec_time)
  return ok({
    queries: inOrder(statements.map((total) => ({ row: sampledRow(total, ''), text: total.query }))),
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
