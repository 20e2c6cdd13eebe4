import process from 'node:process'
import { planNotes } from '../db/domain/plan-notes'
import type { Problem, Result } from '../db/server/problem'
import type { Target } from '../db/server/target'
import { explainTop } from '../db/statements/explain-top'
import { cell } from './print-table'

/** Plans more than these take minutes; pg_stat_statements holds 5,000 by default. */
const MOST = 1_000

/** The N of --top. Throws one sentence about what cannot be. */
export function chosenCount(top: string): number {
  const count = Number(top)
  if (!Number.isInteger(count) || count < 1 || count > MOST) throw new Error(`--top wants a number from 1 to ${MOST}, not "${top}"`)
  return count
}

/** Prints the plans of the costliest statements. False: one of them has none. */
export async function explain(
  target: Target,
  { count, json }: { count: number; json: boolean },
  { orGiveUp, say }: { orGiveUp: <T>(result: Result<T>) => T; say: (problem: Problem) => string },
): Promise<boolean> {
  const { statements, commands, withheld } = orGiveUp(await explainTop(target, count))
  if (withheld) process.stderr.write(`Without texts: ${cell(say(withheld))}\n`)
  if (commands.length > 0) process.stderr.write(`Left out, as commands have no plan: ${commands.map(cell).join(', ')}\n`)
  const rows = statements.map(({ explained, problem, ...one }) => ({ ...one, problem: problem && cell(say(problem)), explained }))
  if (json) {
    const shown = rows.map(({ explained, ...one }) => ({
      ...one,
      assumed: explained?.assumed ?? [],
      statement: explained?.statement ?? null,
    }))
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`)
  } else if (rows.length === 0) process.stdout.write('No statement of this database was counted.\n')
  else
    for (const { queryid, query, calls, total_exec_time, problem, explained } of rows) {
      const heading = `${queryid ?? 'unknown'}: ${Math.round(total_exec_time)} ms in ${calls} ${calls === 1 ? 'call' : 'calls'}`
      const body = explained ? [...explained.plan.text.split('\n').map(cell), ...planNotes(explained)] : [`Not planned: ${problem}`]
      process.stdout.write(`${heading}\n${cell(query)}\n${body.map((line) => `  ${line}\n`).join('')}\n`)
    }
  return rows.every((one) => one.ok)
}
