import { consoleDb } from '../../db/console/client'
import type { Actor } from '../../db/console/roles'
import { user } from '../../db/console/schema'
import { confirmRuns } from '../../db/runs/confirm'
import { planCommand } from '../../db/runs/planner'
import type { Run } from '../../db/runs/run-types'
import type { Target } from '../../db/server/target'

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
