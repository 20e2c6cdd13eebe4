import { consoleDb } from '../console/client'
import type { Actor } from '../console/roles'
import type { Run } from '../console/run-types'
import { user } from '../console/schema'
import type { Target } from '../server/target'
import { confirmRuns } from './confirm'
import { planCommand } from './planner'

/** Who confirms and cancels in the tests. */
export const DBA: Actor = { email: 'dba@example.org', role: 'operator', from: '192.0.2.1' }

/** Gives somebody the account that the worker asks for before it begins a run. */
export async function enrol({ email, role }: Actor): Promise<void> {
  await consoleDb().insert(user).values({ id: email, name: email, email, role }).onConflictDoNothing()
}

/** For tests and benches: plans one command and confirms exactly that, as the dialog does. */
export async function planAndConfirm(target: Target, command: string, input: Record<string, unknown>, actor = DBA): Promise<Run> {
  const planned = await planCommand(target, command, input)
  if (!planned.ok) throw new Error(planned.problem.message)
  const { statements, phrase } = planned.value.plan
  const { serverId, database } = target
  await enrol(actor)
  const runs = await confirmRuns({
    serverId,
    database,
    commands: [{ command, input, statements, cluster: planned.value.cluster }],
    phrase,
    actor,
  })
  if (!runs.ok) throw new Error(runs.problem.message)
  return runs.value[0] as Run
}
