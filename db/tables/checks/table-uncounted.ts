import type { Check } from '../../checks/define-check'
import { analyzeTableRequest } from '../../commands/analyze-table/request'
import { formatBytes, formatCount } from '../../domain/format'
import { qualified } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { tables } from '../reads/tables'
import { type TableFinding, tableFindings } from '../table-health'

/** Our own choice: of a smaller table the planner guesses well enough from its pages. */
const LEAST_BYTES = 8_388_608

/**
 * Without statistics the planner takes its defaults for the truth (manual, 24.1.3). After pg_upgrade (before 18) or a reset, autovacuum
 * knows of no change and comes only after as many as its threshold: silent once there are so many, as it then is autovacuum's turn.
 */
export const tableUncounted: Check = {
  name: 'table-uncounted',
  about: 'Tables that were never analyzed and will not be by autovacuum for now: the planner guesses',
  look: async (target) => {
    const read = await runRead(target, tables, {})
    if (!read.ok) return read
    const uncounted = new Set(read.value.flatMap((row) => (row.uncounted ? row.relid : [])))
    return ok(
      tableFindings(read.value)
        .filter(({ relid }) => uncounted.has(relid))
        .flatMap((table) => {
          const why = whyNever(table)
          return why === null ? [] : [{ table, why }]
        })
        .sort((a, b) => Number(b.table.live) - Number(a.table.live) || (b.table.bytes ?? 0) - (a.table.bytes ?? 0))
        .map(({ table: { relid, schemaname, relname, live, bytes }, why }) => ({
          kind: 'relation',
          what: 'table',
          schemaname,
          relname,
          oid: relid,
          title: `${qualified(schemaname, relname)} was never analyzed`,
          evidence: `${Number(live) > 0 ? `About ${formatCount(live, 'row')}` : formatBytes(bytes ?? 0)}, and no statistics on them. ${why}`,
          trust: { kind: 'exact' },
          severity: 'warn',
          fix: analyzeTableRequest({ oid: relid }),
          sql: `ANALYZE ${qualified(schemaname, relname)};`,
        })),
    )
  },
}

/** Why autovacuum will not analyze a table that nobody ever has; null where it will, or where it is small. */
function whyNever({ kind, needs, autovacuum, bytes, live, modified, analyzeAt }: TableFinding): string | null {
  if (needs.some(({ command, act }) => command === 'analyze' && act))
    return kind === 'partitioned table' ? 'Autovacuum never analyzes a partitioned table itself.' : 'Autovacuum is off for it.'
  const isLost = kind === 'table' && autovacuum && Number(live) === 0 && (bytes ?? 0) >= LEAST_BYTES && Number(modified) <= (analyzeAt ?? 0)
  return isLost
    ? `The counters of its rows began at nought, as after pg_upgrade or a reset: autovacuum comes after ${Math.round(analyzeAt ?? 0).toLocaleString('en-US')} changes.`
    : null
}
