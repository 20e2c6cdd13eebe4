import { and, desc, eq, isNotNull, isNull, or } from 'drizzle-orm'
import { consoleDb } from '../console/client'
import { maintenancePolicy, maintenanceWindow, policyNight, run } from '../console/schema'
import { recordedTarget } from '../console/servers'
import type { ConsoleWriter } from '../console/writer'
import { type Candidate, nameOf } from '../maintenance/policies'
import { failed, ok, type Problem, type Result } from '../server/problem'
import type { Target } from '../server/target'
import { type Considered, consider } from './consider'
import { meetCluster } from './meet-cluster'
import { type NightRow, type OnNight, type PolicyRow, refusedConfirmer, runsOfNight, type Standing } from './policies'
import { cancelQueued, type Ended, endNight, noteWait, pauseInNight, queueOf } from './policy-night-writes'
import { readCandidates } from './policy-reads'
import { type NightTimes, nightAt } from './policy-times'
import type { NightLeft } from './policy-types'
import { openRuns } from './queue'
import { forgetBeforeLastRun } from './run-ends'
import { isFinal } from './run-states'
import { isOpen } from './window-times'

/**
 * Takes the policies of a server one step further: begins a night where a window has opened, queues its next run once the one before has
 * ended, ends it. All of it stands in rows, so that any worker may ask at any moment, and two at the same. soon: a run of a night is open,
 * after which the next one follows. later: a night waits for something else. Null: no night goes on.
 * Errors: throws on a fault of the console database; somebody asks again.
 */
export async function stepPolicies(serverId: string, now = new Date()): Promise<Pace> {
  const paces: Pace[] = []
  for (const standing of await policiesOf(serverId)) {
    const night = await nightOf(standing, now)
    if (!night) continue
    const runs = await runsOfNight(night.id, consoleDb())
    paces.push(await step({ ...standing, night, runs }, now))
  }
  return paces.find((pace) => pace === 'soon') ?? paces.find((pace) => pace === 'later') ?? null
}

export type Pace = 'soon' | 'later' | null

/** Those that are there, and those that were removed in the middle of a night. */
async function policiesOf(serverId: string): Promise<Standing[]> {
  const rows = await consoleDb()
    .selectDistinctOn([maintenancePolicy.id], { policy: maintenancePolicy, window: maintenanceWindow })
    .from(maintenancePolicy)
    .innerJoin(maintenanceWindow, eq(maintenanceWindow.id, maintenancePolicy.windowId))
    .leftJoin(policyNight, and(eq(policyNight.policyId, maintenancePolicy.id), isNull(policyNight.endedAt)))
    .where(and(eq(maintenancePolicy.serverId, serverId), or(isNull(maintenancePolicy.removedAt), isNotNull(policyNight.id))))
  return rows.sort((a, b) => a.policy.confirmedAt.getTime() - b.policy.confirmedAt.getTime())
}

/** The night that goes on, else one that begins now: once for each opening, and never outside of one. */
async function nightOf({ policy, window }: Standing, now: Date): Promise<NightRow | undefined> {
  const last = await newest(policy.id, consoleDb())
  const times = nightAt(window, policy.rule.until, now)
  if (isGoingOn(last) || !mayBegin(policy, times, last, now)) return isGoingOn(last) ? last : undefined
  // Of two workers at the same moment one begins it, and the other finds it.
  return consoleDb().transaction(async (tx) => {
    const [still] = await tx.select().from(maintenancePolicy).where(eq(maintenancePolicy.id, policy.id)).for('update')
    const found = await newest(policy.id, tx)
    if (isGoingOn(found) || !still || !mayBegin(still, times, found, now)) return isGoingOn(found) ? found : undefined
    const { rule, confirmedBy, confirmedAt } = still
    const { opensAt, closesAt, until } = times
    const begun = { policyId: policy.id, rule, confirmedBy, confirmedAt, opensAt, closesAt, until }
    const [made] = await tx.insert(policyNight).values(begun).onConflictDoNothing().returning()
    return made
  })
}

const isGoingOn = (night: NightRow | undefined): night is NightRow => night?.endedAt === null

/** Openings may overlap: until its window closes a night is the same one, and so are its limits. */
const mayBegin = ({ pausedAt, removedAt }: PolicyRow, { open, until }: NightTimes, last: NightRow | undefined, now: Date): boolean =>
  open && now < until && !pausedAt && !removedAt && !(last && last.closesAt > now)

async function newest(policyId: string, db: ConsoleWriter): Promise<NightRow | undefined> {
  const [last] = await db.select().from(policyNight).where(eq(policyNight.policyId, policyId)).orderBy(desc(policyNight.id)).limit(1)
  return last
}

async function step(on: OnNight, now: Date): Promise<Pace> {
  const open = on.runs.find(({ state }) => !isFinal(state))
  const ended = endOf(on, now)
  if (ended) {
    if (open && open.state !== 'queued') return 'soon' // what has begun goes on
    if (open) await cancelQueued(on, ended)
    await endNight(on, { ...ended, left: await leftAtEnd(on, ended) })
    return null
  }
  if (open) return 'soon'
  const refused = await refusedConfirmer(on.policy)
  if (refused) {
    await pauseInNight(on, refused)
    return null
  }
  const next = await nextOf(on, now)
  if (next.kind === 'waits') await noteWait(on, next.reason)
  if (next.kind === 'ends') await endNight(on, next.ended)
  if (next.kind === 'queues') await queueOf(on, next.planned)
  return next.kind === 'ends' ? null : next.kind === 'waits' ? 'later' : 'soon'
}

/** What a night that ran out of time, or met a run that failed, did not come to. Nothing where the server does not say. */
async function leftAtEnd({ policy, night, runs }: OnNight, { outcome }: Ended): Promise<NightLeft[]> {
  if (outcome !== 'time' && outcome !== 'failed' && outcome !== 'cancelled') return []
  const target = await targetOf(policy)
  const found = target.ok ? await readCandidates(target.value, night.rule) : target
  const done = doneOf(runs.filter(({ state }) => state === 'succeeded'))
  return found.ok
    ? found.value.filter((one) => !done.has(nameOf(one))).map((one) => leftOver(one, 'ended', 'the night ended before it was done'))
    : []
}

const doneOf = (runs: OnNight['runs']): Set<string> => new Set(runs.map(({ object }) => nameOf(object)))

/** Why a night is over, whatever is left to do; null: it goes on. Pure. */
function endOf({ policy, window, night, runs }: OnNight, now: Date): Ended | null {
  const last = runs.at(-1)
  if (policy.removedAt) return { outcome: 'changed', reason: 'the policy was removed', left: [] }
  if (policy.confirmedAt.getTime() !== night.confirmedAt.getTime())
    return { outcome: 'changed', reason: 'the policy was changed', left: [] }
  if (policy.pausedAt) return { outcome: 'paused', reason: `paused by ${policy.pausedBy}`, left: [] }
  if (last && isFinal(last.state) && last.state !== 'succeeded') {
    const outcome = last.state === 'cancelled' ? 'cancelled' : 'failed'
    return { outcome, reason: `run #${last.id}: ${last.problem?.message ?? last.state}`, left: [] }
  }
  if (now >= night.until || !isOpen(window, now)) return { outcome: 'time', reason: night.reason, left: [] }
  return null
}

type Next =
  | { kind: 'queues'; planned: Extract<Considered, { verdict: 'runs' }>['planned'] }
  | { kind: 'waits'; reason: string }
  | { kind: 'ends'; ended: Ended }

/** What passes by itself is waited for, as long as the night lasts. */
const PASSING: readonly Problem['kind'][] = ['unreachable', 'timeout', 'lock_not_available']

function because({ kind, message }: Problem): Next {
  if (PASSING.includes(kind)) return { kind: 'waits', reason: message }
  return { kind: 'ends', ended: { outcome: kind === 'another_cluster' ? 'elsewhere' : 'stopped', reason: message, left: [] } }
}

async function nextOf({ policy, night, runs }: OnNight, now: Date): Promise<Next> {
  const others = (await openRuns(now, eq(run.serverId, policy.serverId))).filter(({ held }) => !held)
  if (others.length > 0) return { kind: 'waits', reason: `run #${others[0]?.id} of the same server comes first` }
  const target = await targetOf(policy)
  if (!target.ok) return because(target.problem)
  await forgetBeforeLastRun(policy.serverId)
  const found = await readCandidates(target.value, night.rule)
  if (!found.ok) return because(found.problem)
  const done = doneOf(runs)
  const bytes = runs.reduce((sum, { plan, receipt }) => sum + (plan.prediction?.bytesBefore ?? receipt?.bytesBefore ?? 0), 0)
  const candidates = found.value.filter((one) => !done.has(nameOf(one)))
  const left: NightLeft[] = []
  for (const [at, candidate] of candidates.entries()) {
    const considered = await consider(target.value, night.rule, candidate, { count: runs.length, bytes, at: now, until: night.until })
    if (considered.verdict === 'problem') return because(considered.problem)
    if (considered.verdict === 'runs') return { kind: 'queues', planned: considered.planned }
    if (considered.verdict === 'stops') {
      const reason = `${candidate.relname}: ${considered.reason}`
      const rest = candidates.slice(at).map((one) => leftOver(one, 'ended', 'the night ended before'))
      return { kind: 'ends', ended: { outcome: 'stopped', reason, left: [...left, ...rest] } }
    }
    left.push(leftOver(candidate, considered.because, considered.reason))
  }
  const has = (...which: NightLeft['because'][]) => left.some((one) => which.includes(one.because))
  const outcome = has('time') ? 'time' : has('count', 'bytes') ? 'limit' : 'done'
  return { kind: 'ends', ended: { outcome, reason: null, left } }
}

const leftOver = ({ schemaname, relname }: Candidate, why: NightLeft['because'], reason: string): NightLeft => ({
  ...{ schemaname, relname, reason },
  because: why,
})

/** The server, if it is still the cluster that the policy was confirmed for. Errors: another_cluster, and as serverTarget. */
async function targetOf({ serverId, database, systemIdentifier }: Standing['policy']): Promise<Result<Target>> {
  const target = await recordedTarget(serverId, database)
  if (!target.ok) return target
  const meant = { ...target.value, cluster: { systemIdentifier } }
  const met = await meetCluster(meant, { fresh: true })
  if (!met.ok) return met
  return met.value ? ok(meant) : failed('another_cluster', 'Which cluster answers is not known.')
}
