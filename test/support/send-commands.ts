import { openSession } from '../../db/server/session'
import type { Target } from '../../db/server/target'
import { prepare } from './test-command'

/** Plans and checks commands as the console does, then sends their statements as a run does. False: one of them may not run. */
export async function runs(target: Target, commands: [string, object][]): Promise<boolean> {
  for (const [name, input] of commands) {
    const planned = await prepare(target, name, input).catch(() => null)
    if (!planned || planned.preflight.some(({ status }) => status === 'stop')) return false
    await send(target, planned.plan.statements)
  }
  return true
}

/** What passes the preflight runs: throws when the server refuses one of the statements. */
export async function send(target: Target, statements: string[]): Promise<void> {
  const session = await openSession(target, 'proctor run of a test', () => undefined)
  if (!session.ok) throw new Error(session.problem.message)
  for (const statement of statements) {
    const sent = await session.value.execute(statement)
    if (!sent.ok) throw new Error(`${statement}: ${sent.problem.message}`)
  }
  await session.value.close()
}
