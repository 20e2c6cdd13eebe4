import { identifier } from '../server/identifiers'
import { failed, ok, type Problem, type Result } from '../server/problem'
import type { Target } from '../server/target'
import { type Explained, explainStatement, hasPlan } from './explain-statement'
import { readStatements } from './read-statements'
import type { SquashedList } from './squashed-lists'

/** A statement of pg_stat_statements with the plan of its normalised text, or with the reason why there is none. */
interface PlannedStatement {
  queryid: string | null
  /** Normalised, as pg_stat_statements keeps it. */
  query: string | null
  /** Who spent most on it: names in it are looked up as in his sessions. */
  rolname: string
  calls: number
  /** ms of all calls. */
  total_exec_time: number
  ok: boolean
  problem: Problem | null
  /** EXPLAIN (FORMAT JSON), as PostgreSQL wrote it. */
  plan: unknown
  explained: Explained | null
  /** Lists of which the text keeps the first value alone, and with how many each was planned. */
  lists: SquashedList[]
}

interface TopPlans {
  statements: PlannedStatement[]
  /** Commands that are as costly and have no plan: COMMIT, VACUUM, CALL … */
  commands: string[]
  /** Why there are no texts, or fewer. */
  withheld: Problem | null
}

/**
 * The plans of the `count` statements of the target's database that took the most time since pg_stat_statements counts; nothing is run.
 * Users and levels of one queryid are added up. Without what has no plan, and without Proctor's own. Errors: as the read.
 */
export async function explainTop(target: Target, count: number): Promise<Result<TopPlans>> {
  const read = await readStatements(target, null)
  if (!read.ok) return read
  const { rows, withheld } = read.value
  const costliest = rows
    .filter(({ datname, own }) => datname === target.database && own !== true)
    .sort((a, b) => b.total_exec_time - a.total_exec_time)
  const byId = new Map<string, Omit<PlannedStatement, 'ok' | 'problem' | 'plan' | 'explained' | 'lists'>>()
  for (const { queryid, query, rolname, calls, total_exec_time } of costliest) {
    const known = byId.get(queryid ?? rolname)
    if (known) Object.assign(known, { calls: known.calls + Number(calls), total_exec_time: known.total_exec_time + total_exec_time })
    else byId.set(queryid ?? rolname, { queryid, query, rolname, calls: Number(calls), total_exec_time })
  }
  const statements: PlannedStatement[] = []
  const commands: string[] = []
  for (const one of [...byId.values()].sort((a, b) => b.total_exec_time - a.total_exec_time)) {
    if (statements.length === count) break
    if (one.query !== null && !(await hasPlan(one.query))) {
      commands.push(/^\S+/.exec(one.query)?.[0].toUpperCase() ?? '')
      continue
    }
    const explained = await planOf(target, one)
    statements.push({
      ...one,
      ok: explained.ok,
      problem: explained.ok ? null : explained.problem,
      plan: explained.ok ? JSON.parse(explained.value.json) : null,
      explained: explained.ok ? explained.value : null,
      lists: explained.ok ? explained.value.lists : [],
    })
  }
  return ok({ statements, commands: [...new Set(commands)], withheld })
}

async function planOf(target: Target, { query, queryid, rolname }: { query: string | null; queryid: string | null; rolname: string }) {
  if (query !== null && queryid !== null) return explainStatement(target, { query, rolname, analyze: null })
  const message = `Its text is not seen: what ${rolname} runs is shown to members of pg_read_all_stats only`
  return failed('insufficient_privilege', message, { fix: `GRANT pg_read_all_stats TO ${identifier(target.user)};` })
}
