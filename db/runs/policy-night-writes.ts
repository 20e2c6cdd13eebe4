import { and, eq, isNull } from 'drizzle-orm'
import { writeAudit } from '../console/audit'
import { consoleDb } from '../console/client'
import { PROCTOR } from '../console/roles'
import { maintenancePolicy, policyNight } from '../console/schema'
import type { ConsoleWriter } from '../console/writer'
import { countLines } from './confirm'
import { insertPlanned } from './insert-planned'
import type { PlannedCommand } from './planner'
import { described, type OnNight, pauseNow, runsOfNight } from './policies'
import type { NightLeft, NightOutcome } from './policy-types'
import { announceRuns, queueReady } from './run-queue'
import { isFinal } from './run-states'
import { logRun, moveRun } from './runs'
import { windowWords } from './window-times'

/** How a night ends. */
export interface Ended {
  outcome: NightOutcome
  reason: string | null
  left: NightLeft[]
}

/** Ends a night, once, with its line in the audit. */
export const endNight = (on: OnNight, ended: Ended): Promise<void> => consoleDb().transaction((tx) => endWithin(on, ended, tx))

async function endWithin({ policy, night }: OnNight, { outcome, reason, left }: Ended, tx: ConsoleWriter): Promise<void> {
  const goesOn = and(eq(policyNight.id, night.id), isNull(policyNight.endedAt))
  const ended = await tx
    .update(policyNight)
    .set({ endedAt: new Date(), outcome, reason, left })
    .where(goesOn)
    .returning({ id: policyNight.id })
  if (ended.length === 0) return // another worker has
  const runs = (await runsOfNight(night.id, tx)).map(({ id }) => String(id))
  const names = left.map(({ schemaname, relname, reason: why }) => `${schemaname}.${relname}: ${why}`)
  const { serverId, database } = policy
  const detail = { policy: policy.id, ...described(night), outcome, ...(reason && { reason }), runs, left: names }
  await writeAudit({ by: PROCTOR, action: 'policy.night-ended', serverId, database, detail }, tx)
}

/** Says what a night waits for. */
export async function noteWait({ night }: OnNight, reason: string): Promise<void> {
  if (night.reason === reason) return
  await consoleDb()
    .update(policyNight)
    .set({ reason })
    .where(and(eq(policyNight.id, night.id), isNull(policyNight.endedAt)))
}

/** Whoever confirmed the policy may not any more: nothing of it happens until somebody confirms it again. */
export const pauseInNight = (on: OnNight, reason: string): Promise<void> =>
  consoleDb().transaction(async (tx) => {
    const its = and(eq(maintenancePolicy.id, on.policy.id), isNull(maintenancePolicy.pausedAt))
    const [policy] = await tx.select().from(maintenancePolicy).where(its).for('update')
    if (policy) await pauseNow(policy, { by: PROCTOR, reason }, tx)
    await endWithin(on, { outcome: 'refused', reason, left: [] }, tx)
  })

/** Cancels the run that waits for its turn; it may have begun just now, and then goes on. */
export const cancelQueued = ({ policy, runs }: OnNight, { reason, outcome }: Ended): Promise<void> =>
  consoleDb().transaction(async (db) => {
    const waits = runs.find(({ state }) => state === 'queued')
    if (!waits) return
    const run = await moveRun(String(waits.id), 'cancelled', { endedAt: new Date() }, { from: 'queued', db })
    if (!run) return
    const message = outcome === 'time' ? "The policy's night ended before its turn came." : `The policy's night ended: ${reason}.`
    await logRun(run.id, 'info', message, db)
    const { serverId, database } = policy
    const detail = { whileIn: 'queued', problem: { kind: 'conflict', message } }
    await writeAudit({ by: PROCTOR, action: 'run.cancelled', serverId, database, runId: run.id, detail }, db)
  })

/**
 * Queues the next run of a night, unless somebody was faster: another worker, or whoever paused or changed the policy. Run, audit and
 * queue in one transaction.
 */
export async function queueOf(on: OnNight, planned: PlannedCommand): Promise<void> {
  await queueReady() // it needs connections of its own
  await consoleDb().transaction(async (tx) => {
    const { policy, window, night, runs } = on
    const [now] = await tx.select().from(maintenancePolicy).where(eq(maintenancePolicy.id, policy.id)).for('update')
    const [still] = await tx.select().from(policyNight).where(eq(policyNight.id, night.id))
    const before = await runsOfNight(night.id, tx)
    const isSame = now && !now.pausedAt && !now.removedAt && now.confirmedAt.getTime() === policy.confirmedAt.getTime()
    if (!isSame || !still || still.endedAt || before.length !== runs.length || before.some(({ state }) => !isFinal(state))) return
    const { serverId, database, confirmedBy } = policy
    const terms = { serverId, database, confirmedBy, batchId: null, windowId: window.id, nightId: night.id }
    const made = await insertPlanned(planned, terms, tx)
    await tx.update(policyNight).set({ reason: null }).where(eq(policyNight.id, night.id)) // it waits for nothing any more
    await announceRuns(serverId, 1, tx)
    const detail = {
      command: made.command,
      object: `${made.object.schemaname}.${made.object.relname}`,
      statements: made.plan.statements,
      window: `${window.name}: ${windowWords(window)}`,
      policy: policy.id,
      confirmedBy,
    }
    await writeAudit({ by: PROCTOR, action: 'run.confirmed', serverId, database, runId: made.id, detail }, tx)
    const message = `${countLines(made.preflight)}, by the policy that ${confirmedBy} confirmed, for the window ${window.name}`
    await logRun(made.id, 'info', message, tx)
  })
}
