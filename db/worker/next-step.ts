import { relationStates } from '../commands/facts/state'
import { partitionLeaves } from '../commands/partitions/leaves'
import type { Step } from '../commands/plan'
import { planCommand } from '../runs/planner'
import type { Run } from '../runs/run-types'
import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'

/**
 * Looks at a step right before its statement is sent: why it is left out, in words; null: it is sent. What was dropped or detached since
 * it was confirmed is left out, as PostgreSQL's own walk over the partitions leaves it out; nothing that was not confirmed takes its place.
 * Errors: conflict where a check stops it, or where the object of the run is gone altogether; and what the server says.
 */
export async function whyLeftOut(
  run: Run,
  target: Target,
  { name, oid, partition, again, unlessGone }: Step,
  statement: string,
): Promise<Result<string | null>> {
  if (partition !== undefined) {
    const leaves = await runRead(target, partitionLeaves, { oid: run.object.oid })
    if (!leaves.ok) return leaves
    if (leaves.value.length === 0) {
      const states = await runRead(target, relationStates, { oids: [run.object.oid] })
      if (!states.ok) return states
      if (states.value.length === 0) return failed('conflict', `${run.object.schemaname}.${run.object.relname} was dropped meanwhile`)
    }
    if (!leaves.value.some((leaf) => leaf.oid === oid)) return ok('it was dropped, detached or rebuilt meanwhile')
  }
  if (unlessGone && oid !== undefined) {
    const states = await runRead(target, relationStates, { oids: [oid] })
    if (!states.ok) return states
    if (states.value[0]?.relname !== name) return ok(states.value.length === 0 ? 'it was dropped meanwhile' : 'it has another name now')
  }
  if (!again) return ok(null)
  const planned = await planCommand(target, again.command, again.input, { estimates: false })
  if (!planned.ok) return planned.problem.kind === 'conflict' ? ok(planned.problem.message) : planned
  if (!planned.value.plan.statements.includes(statement)) return ok('it has another name now')
  const stop = planned.value.preflight.find(({ status }) => status === 'stop')
  return stop ? failed('conflict', `${stop.title}. ${stop.detail}`) : ok(null)
}
