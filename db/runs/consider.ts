import type { PreflightLine } from '../commands/define-command'
import { formatAge, formatBytes } from '../domain/format'
import type { PolicyRule } from '../domain/policy-rule'
import type { Candidate } from '../maintenance/policies'
import type { Problem } from '../server/problem'
import type { Target } from '../server/target'
import { type PlannedCommand, planCommand } from './planner'
import type { NightLeft } from './policy-types'

/** How far a night is. */
export interface SoFar {
  /** Objects, and bytes of them before the work. */
  count: number
  bytes: number
  /** The earliest moment at which the next one begins, and the one from which nothing begins. */
  at: Date
  until: Date
}

/** What becomes of a candidate. `planned` wherever it was planned. */
export type Considered =
  | { verdict: 'runs'; planned: PlannedCommand }
  | { verdict: 'left'; because: NightLeft['because']; reason: string; planned?: PlannedCommand }
  | { verdict: 'stops'; reason: string; planned: PlannedCommand }
  | { verdict: 'problem'; problem: Problem }

const left = (because: NightLeft['because'], reason: string, planned?: PlannedCommand): Considered => ({
  verdict: 'left',
  because,
  reason,
  planned,
})

/**
 * Whether a candidate may begin now: by the limits of the night, then as the planner plans it at this moment, by what past runs took, by
 * its preflight. The dry run and the night itself ask here. Nothing changes.
 */
export async function consider(target: Target, rule: PolicyRule, candidate: Candidate, soFar: SoFar): Promise<Considered> {
  const over = overLimit(rule, candidate, soFar)
  if (over) return over
  const planned = await planCommand(target, candidate.command, candidate.input)
  if (planned.ok) return judge(rule, planned.value, soFar)
  // What was dropped or rebuilt by somebody meanwhile is no reason to end the night.
  return planned.problem.kind === 'conflict' ? left('gone', planned.problem.message) : { verdict: 'problem', problem: planned.problem }
}

function overLimit({ most, mostBytes }: PolicyRule, { bytes }: Candidate, { count, bytes: before }: SoFar): Considered | null {
  if (bytes > mostBytes) return left('bytes', `its ${formatBytes(bytes)} are more than the ${formatBytes(mostBytes)} of a night`)
  if (count >= most) return left('count', `the limit of ${most} a night is reached`)
  if (before + bytes <= mostBytes) return null
  const reason = `its ${formatBytes(bytes)} and the ${formatBytes(before)} before it are more than ${formatBytes(mostBytes)} a night`
  return left('bytes', reason)
}

/** Pure. */
export function judge(rule: PolicyRule, planned: PlannedCommand, { at, until }: SoFar): Considered {
  const { plan, preflight } = planned
  const seconds = plan.prediction?.seconds
  const leftMs = until.getTime() - at.getTime()
  if (leftMs <= 0) return left('time', 'no time is left', planned)
  if (seconds && seconds.to * 1000 > leftMs) {
    const reason = `past runs say up to ${formatAge(seconds.to)}, and ${formatAge(Math.floor(leftMs / 1000))} are left`
    return left('time', reason, planned)
  }
  // Nobody is there to type it.
  if (plan.alwaysTyped) return { verdict: 'stops', reason: `${plan.title} has to be confirmed each time`, planned }
  const ends = preflight.find((line) => line.status === 'stop' || (line.status === 'warn' && !rule.allowWarnings))
  return ends ? { verdict: 'stops', reason: reasonOf(ends), planned } : { verdict: 'runs', planned }
}

const reasonOf = ({ status, title, detail }: PreflightLine): string =>
  `${status === 'warn' ? 'A check warns, which the policy does not accept: ' : ''}${title}. ${detail}`
