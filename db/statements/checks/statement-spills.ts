import type { Check, Past, PastStatement, SeenRange } from '../../checks/define-check'
import { formatBytes, formatCount } from '../../domain/format'
import { keyOf } from '../../domain/statement-key'
import { ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { readStatements } from '../read-statements'
import { statementSettings } from '../reads/statements'
import { nameStatements } from '../statement-names'

const HOUR_MS = 3_600_000
const MB = 1024 * 1024
/** A call that writes less than this beside its memory is over before anybody notices. */
const SPILLS_BYTES = MB

export const statementSpills: Check = {
  name: 'statement-spills',
  about: 'Statements that write 1 MB or more of temporary blocks per call because they exceed work_mem',
  look: async (target, past) => {
    const settings = await runRead(target, statementSettings, {})
    if (!settings.ok) return settings
    const blockSize = settings.value[0]?.block_size ?? 8192
    const seen = await lately(target, past)
    if (!seen.ok) return seen
    const found = seen.value.statements
      .map((one) => ({ one, written: one.tempWritten * blockSize }))
      .filter(({ one, written }) => one.calls > 0 && written / one.calls >= SPILLS_BYTES)
      .sort((a, b) => b.written - a.written)
    const names = await nameStatements(found.map(({ one }) => one))
    return ok(
      found.map(({ one, written }) => ({
        kind: 'statement',
        ...{ queryid: one.queryid, userid: one.userid, dbid: one.dbid, toplevel: one.toplevel },
        seen: seen.value.seen,
        title: `A ${one.toplevel ? '' : 'nested '}statement of ${one.rolname} spills: ${names.get(keyOf(one))}`,
        evidence: `${formatBytes(written / one.calls)} of temporary blocks written per call, ${formatBytes(written)} in ${formatCount(one.calls, 'call')} ${seen.value.when}. Threshold: ${formatBytes(SPILLS_BYTES)} per call. Its plan shows what needs the memory: a sort, a hash, or too many rows.`,
        trust: { kind: 'exact' },
        severity: 'warn',
        fix: null,
        sql: null,
      })),
    )
  },
}

/** The last hour where it was sampled; else what the server has counted, while it counts at all. */
async function lately(
  target: Target,
  past: Past | undefined,
): Promise<Result<{ statements: PastStatement[]; when: string; seen: SeenRange | null }>> {
  if (past?.statements) {
    const now = Date.now()
    const [from, to] = [new Date(now - HOUR_MS), new Date(now)]
    const sampled = await past.statements(target.database, from, to)
    return ok({ statements: sampled, when: 'within the last hour', seen: { from: from.toISOString(), to: to.toISOString() } })
  }
  const counted = await readStatements(target, null)
  if (!counted.ok)
    return counted.problem.kind === 'missing_extension' || counted.problem.sqlstate === '55000'
      ? ok({ statements: [], when: '', seen: null })
      : counted
  const rows = counted.value.rows.flatMap(({ queryid, datname, own, ...row }) =>
    queryid === null || own || datname !== target.database
      ? []
      : [
          {
            ...{ queryid, userid: row.userid, dbid: row.dbid, toplevel: row.toplevel, rolname: row.rolname, query: row.query },
            calls: Number(row.calls),
            total: row.total_exec_time,
            squares: row.exec_time_squares,
            tempWritten: Number(row.temp_blks_written),
          },
        ],
  )
  return ok({ statements: rows, when: 'since its counts were last reset', seen: null })
}
