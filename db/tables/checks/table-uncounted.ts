import type { Check } from '../../checks/define-check'
import { analyzeTableRequest } from '../../commands/analyze-table/request'
import { formatCount } from '../../domain/format'
import { qualified } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { tables } from '../reads/tables'
import { tableFindings } from '../table-health'

/** Without statistics the planner takes its defaults for the truth (manual, 24.1.3). */
export const tableUncounted: Check = {
  name: 'table-uncounted',
  about: 'Tables of 1,000 rows or more that were never analyzed and will not be by autovacuum: the planner guesses',
  look: async (target) => {
    const read = await runRead(target, tables, {})
    if (!read.ok) return read
    const uncounted = new Set(read.value.flatMap((row) => (row.uncounted ? row.relid : [])))
    const found = tableFindings(read.value).filter(
      ({ relid, needs }) => uncounted.has(relid) && needs.some(({ command, act }) => command === 'analyze' && act),
    )
    return ok(
      found
        .sort((a, b) => Number(b.live) - Number(a.live))
        .map(({ relid, schemaname, relname, live, kind }) => ({
          kind: 'relation',
          what: 'table',
          schemaname,
          relname,
          oid: relid,
          title: `${qualified(schemaname, relname)} was never analyzed`,
          evidence: `About ${formatCount(live, 'row')}, and no statistics on them. ${kind === 'partitioned table' ? 'Autovacuum never analyzes a partitioned table itself.' : 'Autovacuum is off for it.'}`,
          trust: { kind: 'exact' },
          severity: 'warn',
          mend: analyzeTableRequest({ oid: relid }),
          sql: `ANALYZE ${qualified(schemaname, relname)};`,
        })),
    )
  },
}
