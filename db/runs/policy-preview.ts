import { recordedTarget } from '../console/servers'
import type { PolicyRule } from '../domain/policy-rule'
import { ok, type Result } from '../server/problem'
import { consider, type SoFar } from './consider'
import { readCandidates } from './policy-reads'
import { nightAt } from './policy-times'
import type { NightPreview, NightStep } from './policy-types'
import type { WindowTimes } from './window-times'

interface Previewed {
  serverId: string
  database: string
  rule: PolicyRule
  times: WindowTimes
  /** What a night that is going on has done already. */
  done?: Pick<SoFar, 'count' | 'bytes'>
}

/**
 * What a policy would do when its window opens next, or goes on doing now, if everything stayed as it is: the same planner and preflights
 * as on the night. Nothing changes. Errors: as the reads, and what the server says to a plan.
 */
export async function previewNight({ serverId, database, rule, times, done }: Previewed, now = new Date()): Promise<Result<NightPreview>> {
  const target = await recordedTarget(serverId, database)
  if (!target.ok) return target
  const candidates = await readCandidates(target.value, rule)
  if (!candidates.ok) return candidates
  const { opensAt, until, open } = nightAt(times, rule.until, now)
  const soFar: SoFar = { count: 0, bytes: 0, ...done, at: open ? now : opensAt, until }
  const steps: NightStep[] = []
  let ended: string | null = null
  for (const candidate of candidates.value) {
    const { schemaname, relname, why, bytes, gain, trust } = candidate
    const step = { schemaname, relname, why, bytes, gain, trust, seconds: null, statements: [], lines: [] }
    if (ended !== null) {
      steps.push({ ...step, verdict: 'left', reason: ended })
      continue
    }
    const considered = await consider(target.value, rule, candidate, soFar)
    if (considered.verdict === 'problem') return { ok: false, problem: considered.problem }
    const { plan, preflight = [] } = considered.planned ?? {}
    const seconds = plan?.prediction?.seconds ?? null
    const lines = preflight.filter(({ status }) => status !== 'pass')
    const reason = considered.verdict === 'runs' ? null : considered.reason
    steps.push({ ...step, seconds, lines, statements: plan?.statements ?? [], verdict: considered.verdict, reason })
    if (considered.verdict === 'stops') ended = `the night would end at ${relname}`
    if (considered.verdict !== 'runs') continue
    soFar.count += 1
    soFar.bytes += bytes
    soFar.at = new Date(soFar.at.getTime() + (seconds?.to ?? 0) * 1000)
  }
  return ok({ opensAt: opensAt.toISOString(), until: until.toISOString(), timeZone: times.timeZone, steps })
}
