import { serverFacts } from '../target/facts'
import { forgetReads } from '../target/run-read'
import type { Target } from '../target/target'
import type { Known, Plan, PreflightLine } from './define-command'
import { COMMANDS } from './registry'

/** For tests: nothing is known but what the server says. */
export const KNOWN: Known = { rebuilt: {}, past: null, freeBytes: async () => null }

/** Plans and checks a command as the console would. */
export async function prepare(
  target: Target,
  name: string,
  input: unknown,
  known = KNOWN,
): Promise<{ plan: Plan; preflight: PreflightLine[] }> {
  forgetReads()
  const server = await serverFacts(target)
  if (!server.ok) throw new Error(server.problem.message)
  const prepared = await COMMANDS.get(name)?.prepare(target, server.value, input)
  if (!prepared?.ok) throw new Error(prepared?.problem.message ?? `no command ${name}`)
  const plan = prepared.value.plan(known)
  if (!plan.ok) throw new Error(plan.problem.message)
  const preflight = await prepared.value.preflight(known, plan.value)
  if (!preflight.ok) throw new Error(preflight.problem.message)
  return { plan: plan.value, preflight: preflight.value }
}
