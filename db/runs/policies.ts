import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import type { EndedNight } from '../checks/define-check'
import { writeAudit } from '../console/audit'
import { consoleDb } from '../console/client'
import { type Actor, type By, PROCTOR, refusal } from '../console/roles'
import { maintenancePolicy, maintenanceWindow, policyNight, run } from '../console/schema'
import { roleNow } from '../console/users'
import type { ConsoleWriter } from '../console/writer'
import { policySentences } from '../domain/policy-words'
import { failed, ok, type Result } from '../server/problem'
import { nightAt } from './policy-times'
import type { Night, Policy } from './policy-types'
import { windowWords } from './window-times'

export type PolicyRow = typeof maintenancePolicy.$inferSelect
export type NightRow = typeof policyNight.$inferSelect

/** A policy that is there, and its window. */
export interface Standing {
  policy: PolicyRow
  window: typeof maintenanceWindow.$inferSelect
}

/** A policy on one of its nights. */
export interface OnNight extends Standing {
  night: NightRow
  runs: Awaited<ReturnType<typeof runsOfNight>>
}

const isThere = isNull(maintenancePolicy.removedAt)

/** The policies of a server, or of one of its databases, the oldest first. */
export async function standingPolicies(serverId: string, database?: string): Promise<Standing[]> {
  const of = database === undefined ? undefined : eq(maintenancePolicy.database, database)
  return consoleDb()
    .select({ policy: maintenancePolicy, window: maintenanceWindow })
    .from(maintenancePolicy)
    .innerJoin(maintenanceWindow, eq(maintenanceWindow.id, maintenancePolicy.windowId))
    .where(and(eq(maintenancePolicy.serverId, serverId), isThere, of))
    .orderBy(asc(maintenancePolicy.confirmedAt), asc(maintenancePolicy.id))
}

/** Servers that have policies, or a night that has not ended. */
export async function serversWithPolicies(): Promise<string[]> {
  const { rows } = await consoleDb().execute<{ id: string }>(sql`
    select s.id from server s
     where s.removed_at is null
       and exists (select from maintenance_policy p left join policy_night n on n.policy_id = p.id and n.ended_at is null
                    where p.server_id = s.id and (p.removed_at is null or n.id is not null))
     order by s.id`)
  return rows.map(({ id }) => id)
}

/** The policies of a database with their newest nights, as the page shows them. */
export async function listPolicies(serverId: string, database: string, now = new Date()): Promise<Policy[]> {
  const found = await standingPolicies(serverId, database)
  return Promise.all(found.map(async (one) => shown(one, await newestNight(one.policy.id), now)))
}

function shown({ policy, window }: Standing, night: Night | null, now: Date): Policy {
  const { id, serverId, database, rule, systemIdentifier, confirmedBy, confirmedAt, pausedAt, pausedBy, pauseReason } = policy
  const over = night?.endedAt ? new Date(Math.max(Date.parse(night.closesAt), now.getTime())) : now
  const { opensAt, until, open } = nightAt(window, rule.until, over)
  return {
    ...{ id, serverId, database, rule, systemIdentifier, confirmedBy, night },
    open: open && over <= now,
    confirmedAt: confirmedAt.toISOString(),
    paused: pausedAt && { at: pausedAt.toISOString(), by: pausedBy ?? '', reason: pauseReason },
    window: { id: window.id, name: window.name, words: windowWords(window), timeZone: window.timeZone },
    opensAt: opensAt.toISOString(),
    until: until.toISOString(),
  }
}

async function newestNight(policyId: string): Promise<Night | null> {
  const [row] = await consoleDb()
    .select()
    .from(policyNight)
    .where(eq(policyNight.policyId, policyId))
    .orderBy(desc(policyNight.id))
    .limit(1)
  if (!row) return null
  const { id, opensAt, closesAt, until, endedAt, outcome, reason, left } = row
  const runs = await runsOfNight(id, consoleDb())
  return {
    ...{ id, outcome, reason, left },
    opensAt: opensAt.toISOString(),
    closesAt: closesAt.toISOString(),
    until: until.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    runs: runs.map(({ id: runId, object: { schemaname, relname }, state, receipt, plan }) => ({
      ...{ id: String(runId), schemaname, relname, state },
      bytesBefore: receipt?.bytesBefore ?? plan.prediction?.bytesBefore ?? null,
      bytesAfter: receipt?.bytesAfter ?? null,
    })),
  }
}

/** The newest night of each policy of a database that is not paused, where that has ended. */
export async function endedNights(serverId: string, database: string): Promise<EndedNight[]> {
  const standing = await standingPolicies(serverId, database)
  const nights = await Promise.all(
    standing.map(async ({ policy }) => ({ policy, night: policy.pausedAt === null ? await newestNight(policy.id) : null })),
  )
  return nights.flatMap(({ policy: { id, rule }, night }) => {
    if (!night?.endedAt || !night.outcome) return []
    const { outcome, reason, opensAt, endedAt, runs } = night
    return { policy: id, kind: rule.kind, outcome, reason, opensAt, endedAt, runs: runs.length }
  })
}

/** The runs of a night, the first one first. */
export const runsOfNight = (nightId: number, db: ConsoleWriter) =>
  db.select().from(run).where(eq(run.nightId, nightId)).orderBy(asc(run.id))

/** The rule under which a run was planned, and who confirmed that when; null for a run of a person. */
export async function policyOfRun(
  nightId: number | null,
): Promise<{ sentences: string[]; confirmedBy: string; confirmedAt: string } | null> {
  if (nightId === null) return null
  const [night] = await consoleDb().select().from(policyNight).where(eq(policyNight.id, nightId))
  if (!night) return null
  return { sentences: policySentences(night.rule), confirmedBy: night.confirmedBy, confirmedAt: night.confirmedAt.toISOString() }
}

/** How many policies use a window. */
export const policiesOfWindow = async (windowId: string, db: ConsoleWriter): Promise<number> =>
  (
    await db
      .select({ id: maintenancePolicy.id })
      .from(maintenancePolicy)
      .where(and(eq(maintenancePolicy.windowId, windowId), isThere))
  ).length

/** A policy that is there, locked against other changes of it until the transaction ends. */
async function locked(serverId: string, id: string, db: ConsoleWriter): Promise<Result<PolicyRow>> {
  const wanted = and(eq(maintenancePolicy.serverId, serverId), eq(maintenancePolicy.id, id), isThere)
  const [row] = await db.select().from(maintenancePolicy).where(wanted).for('update')
  return row ? ok(row) : failed('invalid_input', 'There is no such policy')
}

export const described = ({ rule }: Pick<PolicyRow, 'rule'>) => ({ kind: rule.kind, rule: policySentences(rule).join(' ') })

/** Pauses a policy: what it has queued is cancelled, what is going on goes on. Errors: invalid_input (no such policy, a viewer is insufficient_privilege). */
export function pausePolicy(serverId: string, id: string, by: Actor): Promise<Result<null>> {
  return changed(serverId, id, by, async (policy, tx) => {
    if (policy.pausedAt) return ok(null)
    await pauseNow(policy, { by, reason: null }, tx)
    return ok(null)
  })
}

/** Within the caller's transaction. `reason`: why the console does it by itself. */
export async function pauseNow(policy: PolicyRow, { by, reason }: { by: By; reason: string | null }, db: ConsoleWriter): Promise<void> {
  const paused = { pausedAt: new Date(), pausedBy: by.email, pauseReason: reason }
  await db.update(maintenancePolicy).set(paused).where(eq(maintenancePolicy.id, policy.id))
  const { serverId, database } = policy
  const detail = { policy: policy.id, ...described(policy), ...(reason && { reason }) }
  await writeAudit({ by, action: 'policy.paused', serverId, database, detail }, db)
}

/** Pauses all policies of the console, within the caller's transaction: until somebody who knows resumes them. */
export async function pauseAll(reason: string, db: ConsoleWriter): Promise<void> {
  const going = await db
    .select()
    .from(maintenancePolicy)
    .where(and(isThere, isNull(maintenancePolicy.pausedAt)))
    .for('update')
  for (const policy of going) await pauseNow(policy, { by: PROCTOR, reason }, db)
}

/** Resumes a policy under its former confirmation. Errors: as pausePolicy; conflict when whoever confirmed it may not any more. */
export function resumePolicy(serverId: string, id: string, by: Actor): Promise<Result<null>> {
  return changed(serverId, id, by, async (policy, tx) => {
    if (!policy.pausedAt) return ok(null)
    const refused = await refusedConfirmer(policy)
    if (refused) return failed('conflict', refused, { hint: 'Change the policy, which confirms it again.' })
    const none = { pausedAt: null, pausedBy: null, pauseReason: null }
    await tx.update(maintenancePolicy).set(none).where(eq(maintenancePolicy.id, id))
    const { database } = policy
    await writeAudit({ by, action: 'policy.resumed', serverId, database, detail: { policy: id, ...described(policy) } }, tx)
    return ok(null)
  })
}

/** Removes a policy; its nights and runs stay readable. Errors: as pausePolicy. */
export function removePolicy(serverId: string, id: string, by: Actor): Promise<Result<null>> {
  return changed(serverId, id, by, async (policy, tx) => {
    await tx.update(maintenancePolicy).set({ removedAt: new Date() }).where(eq(maintenancePolicy.id, id))
    const { database } = policy
    await writeAudit({ by, action: 'policy.removed', serverId, database, detail: { policy: id, ...described(policy) } }, tx)
    return ok(null)
  })
}

async function changed(
  serverId: string,
  id: string,
  by: Actor,
  work: (policy: PolicyRow, tx: ConsoleWriter) => Promise<Result<null>>,
): Promise<Result<null>> {
  const problem = refusal(by, 'operator')
  if (problem) return { ok: false, problem }
  return consoleDb().transaction(async (tx) => {
    const policy = await locked(serverId, id, tx)
    return policy.ok ? work(policy.value, tx) : policy
  })
}

/** Why whoever confirmed a policy may not any more, in a sentence; null when nothing is in the way. */
export async function refusedConfirmer({ confirmedBy: email }: Pick<PolicyRow, 'confirmedBy'>): Promise<string | null> {
  const role = await roleNow(email)
  if (role === null) return `${email}, who confirmed the policy, has no open account any more.`
  return refusal({ email, role }, 'operator')?.message ?? null
}
