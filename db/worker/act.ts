import type { Ready } from '../runs/check-again'
import type { Run, RunProgress } from '../runs/run-types'
import { findRun } from '../runs/runs'
import { ok, type Result } from '../server/problem'
import type { Target } from '../server/target'
import { phasesAt } from './phases'
import type { RunHold } from './run-hold'

/** Whether a statement is for a shell and no SQL, as psql writes that. */
export const isShell = (statement: string): boolean => statement.startsWith('\\! ')

/** query_canceled, as a cancelled statement has it. */
export const CANCELLED = '57014'

interface Acted {
  result: Result<unknown>
  progress: RunProgress
}

/** What a command does beside SQL, once its statements are through; nothing for most. From here on no cancel stops it. */
export async function act(run: Run, hold: RunHold, target: Target, { command, before }: Ready, progress: RunProgress): Promise<Acted> {
  if (!command.act) return { result: ok(null), progress }
  if ((await hold.patiently(() => findRun(run.id)))?.state === 'cancelling')
    return { result: { ok: false, problem: { kind: 'timeout', message: 'Cancelled', sqlstate: CANCELLED } }, progress }
  for (const statement of run.plan.statements.filter(isShell)) await hold.log('info', statement)
  let now = progress
  const phase = async (name: string) => {
    const at = new Date().toISOString()
    now = { ...now, at, phases: phasesAt(now.phases, name, at) }
    await hold.write({ patch: { progress: now }, lines: [{ level: 'info', message: name.toLowerCase() }] })
  }
  const result = await command.act(target, before, phase, hold.left)
  return { result, progress: now }
}
