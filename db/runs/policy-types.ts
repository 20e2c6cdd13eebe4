import type { PreflightLine } from '../commands/define-command'
import type { PolicyRule } from '../domain/policy-rule'
import type { Trust } from '../server/trust'
import type { RunState } from './run-types'

/**
 * How a night ended. done: nothing is left. limit: of objects or bytes. time: nothing more would end in time. stopped: a preflight, or
 * what the server said. failed, cancelled: a run of it. refused: whoever confirmed it may not any more. paused, changed: by a person,
 * meanwhile. elsewhere: another cluster answers.
 */
export type NightOutcome = 'done' | 'limit' | 'time' | 'stopped' | 'failed' | 'cancelled' | 'refused' | 'paused' | 'changed' | 'elsewhere'

/** Something that the rule applies to and that was not done in a night. */
export interface NightLeft {
  schemaname: string
  relname: string
  /** count, bytes: the limit of the night. time: it would not end before the night does. gone: it cannot be planned any more. */
  because: 'count' | 'bytes' | 'time' | 'gone' | 'ended'
  reason: string
}

/** A night as pages show it. Moments are ISO 8601. */
export interface Night {
  id: number
  opensAt: string
  /** When its window closes: no other night begins before. */
  closesAt: string
  until: string
  endedAt: string | null
  outcome: NightOutcome | null
  reason: string | null
  left: NightLeft[]
  runs: { id: string; schemaname: string; relname: string; state: RunState; bytesBefore: number | null; bytesAfter: number | null }[]
}

/** A policy with what it means at this moment. Moments are ISO 8601. */
export interface Policy {
  id: string
  serverId: string
  database: string
  rule: PolicyRule
  systemIdentifier: string
  confirmedBy: string
  confirmedAt: string
  paused: { at: string; by: string; reason: string | null } | null
  window: { id: string; name: string; words: string; timeZone: string }
  /** The opening that is going on, else the next; one whose night has ended is over. */
  opensAt: string
  until: string
  open: boolean
  /** Its newest night. */
  night: Night | null
}

/** What a policy would do with one object on a night, planned as it is now. */
export interface NightStep {
  schemaname: string
  relname: string
  why: string
  bytes: number
  gain: number
  trust: Trust | null
  /** From past runs; null while there are none, or it was not planned. */
  seconds: { from: number; to: number } | null
  statements: string[]
  /** runs: it would run. left: it stays for another night. stops: the night would end at it. */
  verdict: 'runs' | 'left' | 'stops'
  reason: string | null
  /** Of its preflight, what does not pass. */
  lines: PreflightLine[]
}

/** A night that has not been yet. */
export interface NightPreview {
  opensAt: string
  until: string
  timeZone: string
  /** In the order in which they would run. */
  steps: NightStep[]
}
