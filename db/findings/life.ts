import type { Cadence, Finding } from '../checks/define-check'

/** ms between two looks. */
export const CADENCE_MS: Record<Cadence, number> = { minute: 60_000, hour: 3_600_000 }

/** What comes back within so many looks was never away: it goes on as the finding that it was, with who acknowledged it. */
const FLAPS_LOOKS = 3

/** How long after its end a finding goes on when it comes back, in ms. */
export const flapMs = (cadence: Cadence): number => FLAPS_LOOKS * CADENCE_MS[cadence]

/** A finding that is open, or that ended so lately that it may go on. */
export interface Known {
  id: number
  subject: string
  found: Finding
  endedAt: Date | null
}

/** What a look makes of the findings of one check. */
export type Change =
  | { kind: 'opened'; subject: string; found: Finding }
  /** Seen again; `again`: it had ended. `worse`: its severity rose, so what somebody said of it no longer holds. `said`: other words or numbers. */
  | { kind: 'goes on'; id: number; found: Finding; again: boolean; worse: boolean; said: boolean }
  | { kind: 'ended'; id: number }

const RANK: Record<Finding['severity'], number> = { info: 0, warn: 1, bad: 2 }

/**
 * The life of a check's findings, after a look that could look: what was not seen has ended, what is seen goes on, what is new is opened.
 * A look that could not look says nothing, and is not handed in. Findings of one look that change nothing are in no change.
 * `known`: at most one a subject, the open one, else the one that ended last. `most`: no more are opened than that; those that are known go on.
 */
export function lifeAfter(
  known: readonly Known[],
  seen: ReadonlyMap<string, Finding>,
  at: Date,
  { cadence, most }: { cadence: Cadence; most: number },
): Change[] {
  const before = new Map(known.map((one) => [one.subject, one]))
  const changes: Change[] = []
  const goesOn = (one: Known | undefined): one is Known =>
    one !== undefined && (one.endedAt === null || at.getTime() - one.endedAt.getTime() <= flapMs(cadence))
  let open = known.filter((one) => seen.has(one.subject) && goesOn(one)).length
  for (const [subject, found] of seen) {
    const one = before.get(subject)
    if (goesOn(one)) {
      const again = one.endedAt !== null
      const worse = RANK[found.severity] > RANK[one.found.severity]
      const said = isSaidOtherwise(one.found, found)
      if (again || said || !isSame(one.found, found)) changes.push({ kind: 'goes on', id: one.id, found, again, worse, said })
    } else if (open < most) {
      open++
      changes.push({ kind: 'opened', subject, found })
    }
  }
  for (const one of known) if (one.endedAt === null && !seen.has(one.subject)) changes.push({ kind: 'ended', id: one.id })
  return changes
}

const isSaidOtherwise = (a: Finding, b: Finding): boolean => a.severity !== b.severity || a.title !== b.title || a.evidence !== b.evidence

/** As jsonb gives it back, which orders keys its own way. */
const isSame = (a: Finding, b: Finding): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, entry]) => [key, sorted(entry)]))
}

/** When something is so; the moments are ISO 8601 in what travels, Dates in rows. */
interface Said {
  openedAt: Date
  endedAt: Date | null
  acknowledgedAt: Date | null
  snoozedUntil: Date | null
}

export type FindingState = 'new' | 'open' | 'acknowledged' | 'snoozed' | 'ended'

/** For so long a finding that nobody has acknowledged counts as new, in ms. */
const NEW_MS = 24 * 3_600_000

/** What a finding is at a moment: a snooze ends by itself, and what was acknowledged before it is so again. */
export function stateOf({ openedAt, endedAt, acknowledgedAt, snoozedUntil }: Said, now: Date): FindingState {
  if (endedAt !== null) return 'ended'
  if (snoozedUntil !== null && snoozedUntil > now) return 'snoozed'
  if (acknowledgedAt !== null) return 'acknowledged'
  return now.getTime() - openedAt.getTime() < NEW_MS ? 'new' : 'open'
}
