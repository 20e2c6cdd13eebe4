import { and, eq, isNull, sql } from 'drizzle-orm'
import { writeAudit } from '../console/audit'
import { consoleDb } from '../console/client'
import { type Actor, refusal } from '../console/roles'
import { maintenancePolicy } from '../console/schema'
import { recordedTarget, serverIsReadOnly } from '../console/servers'
import type { PolicyRule } from '../domain/policy-rule'
import { policySentences } from '../domain/policy-words'
import { grantToKnow } from '../server/cluster'
import { failed, ok, type Result } from '../server/problem'
import { windowAsShown } from './maintenance-windows'
import { meetCluster } from './meet-cluster'
import { described } from './policies'
import { type WindowTimes, windowWords } from './window-times'

/** A policy as somebody confirms it: the rule, and what was shown of it. */
export interface ConfirmedPolicy {
  serverId: string
  database: string
  /** The policy that it changes; null: a new one. */
  id: string | null
  rule: PolicyRule
  /** As it was shown. */
  window: { id: string } & WindowTimes
  /** The sentences that were shown. */
  sentences: string[]
  /** What was typed: the name of the database. */
  phrase: string
  actor: Actor
}

/**
 * The gate of policies. Keeps a rule that somebody has read in words and typed the phrase for, bound to the cluster that answers now; a refusal
 * is written into the audit. Errors: insufficient_privilege (a viewer, or a role that cannot tell the cluster), conflict (the window or the
 * wording is another by now, the server is marked read-only), invalid_input (wrong phrase, no such policy), another_cluster, unreachable.
 */
export async function confirmPolicy(confirmed: ConfirmedPolicy): Promise<Result<{ id: string }>> {
  const decided = await decide(confirmed)
  if (decided.ok) return decided
  const { serverId, database, actor, rule } = confirmed
  await writeAudit({
    by: actor,
    action: 'policy.refused',
    serverId,
    database,
    detail: { ...described({ rule }), problem: decided.problem },
  })
  return decided
}

async function decide({
  serverId,
  database,
  id,
  rule,
  window,
  sentences,
  phrase,
  actor,
}: ConfirmedPolicy): Promise<Result<{ id: string }>> {
  const problem = refusal(actor, 'operator')
  if (problem) return { ok: false, problem }
  if (policySentences(rule).join('\n') !== sentences.join('\n'))
    return failed('conflict', 'The rule is not the one that was shown. Look at it again.')
  if (phrase !== database) return failed('invalid_input', `What was typed is not "${database}"`)
  const target = await recordedTarget(serverId, database)
  if (!target.ok) return target
  if (await serverIsReadOnly(serverId)) return failed('conflict', 'This server is marked read-only in Proctor: no policy can act on it.')
  const met = await meetCluster(target.value, { fresh: true })
  if (!met.ok) return met
  if (!met.value)
    return failed('insufficient_privilege', 'A policy acts on one cluster alone, and the role of Proctor may not tell which one this is.', {
      fix: `${grantToKnow(target.value.user)};`,
    })
  const { systemIdentifier } = met.value
  return consoleDb().transaction(async (tx) => {
    const opens = await windowAsShown(serverId, window, tx)
    if (!opens.ok) return opens
    const terms = { windowId: opens.value.id, rule, systemIdentifier, confirmedBy: actor.email, confirmedAt: new Date() }
    const detail = { ...described({ rule }), window: `${opens.value.name}: ${windowWords(opens.value)}`, cluster: systemIdentifier }
    // One after another: a confirmation that is sent twice makes one policy.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('proctor policies ' || ${serverId}, 0))`)
    const alike = await tx
      .select()
      .from(maintenancePolicy)
      .where(and(of(serverId, database), eq(maintenancePolicy.windowId, window.id)))
    if (alike.some((one) => one.id !== id && one.rule.kind === rule.kind))
      return failed('conflict', 'This window has a policy of this kind for this database already. Change that one.')
    if (id === null) {
      const [made] = await tx
        .insert(maintenancePolicy)
        .values({ serverId, database, ...terms })
        .returning({ id: maintenancePolicy.id })
      if (!made) throw new Error('INSERT … RETURNING gave no row')
      await writeAudit({ by: actor, action: 'policy.confirmed', serverId, database, detail: { policy: made.id, ...detail } }, tx)
      return ok(made)
    }
    const its = and(eq(maintenancePolicy.id, id), of(serverId, database))
    const [before] = await tx.select().from(maintenancePolicy).where(its).for('update')
    if (!before) return failed('invalid_input', 'There is no such policy')
    await tx
      .update(maintenancePolicy)
      .set({ ...terms, pausedAt: null, pausedBy: null, pauseReason: null })
      .where(its)
    const was = { ...described(before), confirmedBy: before.confirmedBy }
    await writeAudit({ by: actor, action: 'policy.changed', serverId, database, detail: { policy: id, ...detail, before: was } }, tx)
    return ok({ id })
  })
}

const of = (serverId: string, database: string) =>
  and(eq(maintenancePolicy.serverId, serverId), eq(maintenancePolicy.database, database), isNull(maintenancePolicy.removedAt))
