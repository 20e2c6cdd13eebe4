import { and, eq, gt, inArray, isNotNull, isNull, or } from 'drizzle-orm'
import type { Cadence, Check, Finding } from '../checks/define-check'
import { CHECKS } from '../checks/registry'
import { consoleDb } from '../console/client'
import { checkAsk, finding } from '../console/schema-findings'
import type { Server } from '../console/servers'
import type { Problem } from '../server/problem'
import { clusterOf } from './cluster-of'
import { cadenceOf, type LookRow, lastLooks, placeOfCheck } from './due'
import { CADENCE_MS, type FindingState, stateOf } from './life'

/** Null: a look found it gone. */
export type EndedWhy = (typeof finding.$inferSelect)['endedWhy']

/** What became of a finding. Moments are ISO 8601. */
export interface FindingLife {
  id: number
  state: FindingState
  openedAt: string
  changedAt: string
  /** How often it came back soon after it had ended, plus one. */
  times: number
  acknowledged: { by: string; at: string; note: string | null } | null
  snoozed: { by: string; at: string; until: string; reason: string } | null
  /** `run`: the one that ended it, confirmed by `by`; null: it went without one. */
  ended: { at: string; run: string | null; by: string | null; why: EndedWhy } | null
}

export type KeptFinding = Finding & { life: FindingLife }

/** A check as it last looked, and what it has open. */
export interface CheckState {
  name: string
  about: string
  cadence: Cadence
  /** When it last could look; null: it never has. */
  lookedAt: string | null
  /** Why it could not, the last time; null where it could, or never tried. */
  problem: Problem | null
  /** How many it found; more than are kept, it may be. */
  total: number
  /** Open, worst first. */
  findings: KeptFinding[]
}

/** What is known of a database and its server without asking it. */
export interface CheckedState {
  checks: CheckState[]
  /** Ended within the last day, the last first. */
  ended: (KeptFinding & { check: string; database: string })[]
  /** A look was asked for and has not ended. */
  asked: boolean
}

const DAY_MS = 24 * 3_600_000
const MOST_ENDED = 20
/** How much later than planned a look may be before a page asks for it: workers have a queue. */
const SLACK_MS = 30_000

export const RANK: Record<Finding['severity'], number> = { bad: 0, warn: 1, info: 2 }

/** Reads it, all from the console database. Errors: throws what that says. */
export async function readCheckedState(server: Server, database: string, now = new Date()): Promise<CheckedState> {
  const cluster = clusterOf(server)
  // What ended because it is gone is told wherever the server is looked at: there is no page of its own any more.
  const here = and(
    eq(finding.serverId, server.id),
    or(and(eq(finding.cluster, cluster), inArray(finding.database, ['', database])), isNotNull(finding.endedWhy)),
  )
  const [looks, rows, asks] = await Promise.all([
    lastLooks(server.id, cluster),
    consoleDb()
      .select()
      .from(finding)
      .where(and(here, or(isNull(finding.endedAt), gt(finding.endedAt, new Date(now.getTime() - DAY_MS)))))
      .orderBy(finding.id),
    consoleDb()
      .select({ database: checkAsk.database })
      .from(checkAsk)
      .where(and(eq(checkAsk.serverId, server.id), eq(checkAsk.database, database))),
  ])
  const open = Map.groupBy(
    rows.filter(({ endedAt }) => endedAt === null),
    ({ check }) => check,
  )
  const lookOf = lookIn(looks, database)
  const checks = CHECKS.map((check): CheckState => {
    const look = lookOf(check)
    const findings = (open.get(check.name) ?? []).map((row) => kept(row, now)).sort((a, b) => RANK[a.severity] - RANK[b.severity])
    return {
      name: check.name,
      about: check.about,
      cadence: cadenceOf(check),
      lookedAt: look?.lookedAt?.toISOString() ?? null,
      problem: look?.problem ?? null,
      total: Math.max(findings.length, look?.problem ? 0 : (look?.total ?? 0)),
      findings,
    }
  })
  const ended = rows
    .filter(({ endedAt, check }) => endedAt !== null && CHECKS.some(({ name }) => name === check))
    .sort((a, b) => Number(b.endedAt) - Number(a.endedAt))
    .slice(0, MOST_ENDED)
    .map((row) => ({ ...kept(row, now), check: row.check, database: row.database }))
  return { checks, ended, asked: asks.length > 0 }
}

const lookIn = (looks: LookRow[], database: string) => {
  const byPlace = new Map(looks.map((look) => [`${look.check} ${look.database}`, look]))
  return (check: Check): LookRow | undefined => byPlace.get(`${check.name} ${placeOfCheck(check, database)}`)
}

/** Whether some check has not looked for longer than it should, or never: then a page asks for a look. */
export async function isOverdue(server: Server, database: string, now = new Date()): Promise<boolean> {
  const lookOf = lookIn(await lastLooks(server.id, clusterOf(server)), database)
  return CHECKS.some((check) => {
    const tried = lookOf(check)?.triedAt.getTime()
    return tried === undefined || now.getTime() - tried > CADENCE_MS[cadenceOf(check)] + SLACK_MS
  })
}

function kept(row: typeof finding.$inferSelect, now: Date): KeptFinding {
  const { acknowledgedAt, acknowledgedBy, acknowledgedNote, snoozedAt, snoozedBy, snoozedUntil, snoozeReason, endedAt } = row
  const snoozed = snoozedUntil !== null && snoozedUntil > now
  return {
    ...row.found,
    life: {
      id: row.id,
      state: stateOf(row, now),
      openedAt: row.openedAt.toISOString(),
      changedAt: row.changedAt.toISOString(),
      times: row.times,
      acknowledged: acknowledgedAt && { by: acknowledgedBy ?? '', at: acknowledgedAt.toISOString(), note: acknowledgedNote },
      snoozed: snoozed
        ? { by: snoozedBy ?? '', at: (snoozedAt ?? now).toISOString(), until: snoozedUntil.toISOString(), reason: snoozeReason ?? '' }
        : null,
      ended: endedAt && {
        at: endedAt.toISOString(),
        run: row.endedRun === null ? null : String(row.endedRun),
        by: row.endedBy,
        why: row.endedWhy,
      },
    },
  }
}
