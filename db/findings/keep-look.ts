import { and, desc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Cadence, Finding } from '../checks/define-check'
import { consoleDb } from '../console/client'
import { run } from '../console/schema'
import { checkLook, finding } from '../console/schema-findings'
import type { ConsoleWriter } from '../console/writer'
import type { Problem } from '../server/problem'
import { type Change, flapMs, type Known, lifeAfter } from './life'
import { bySubject } from './subject'

/** A list that nobody reads to its end is not kept: so many of a check in one database, the worst first. */
export const MOST_KEPT = 50

/** What was looked at: a cluster, as far as it tells its identifier, and one of its databases, or '' for the server as a whole. */
export interface Looked {
  serverId: string
  cluster: string
  database: string
}

/** What one check found in a look, all of it, worst first; or why it could not look. */
export interface CheckLook {
  check: string
  cadence: Cadence
  findings: readonly Finding[]
  problem: Problem | null
  /** ms. */
  duration: number
}

/**
 * Keeps a look, in one transaction: when each check looked, and what became of its findings. A check that could not look ends none.
 * Errors: throws what the console database says.
 */
export async function keepLook(of: Looked, looks: readonly CheckLook[], at: Date): Promise<void> {
  await consoleDb().transaction(async (tx) => {
    await adoptUntold(of, tx)
    for (const look of looks) {
      const total = look.findings.length
      const tried = { triedAt: at, duration: look.duration, problem: look.problem }
      const done = look.problem === null ? { ...tried, lookedAt: at, total } : tried
      const before = look.problem === null ? await lastLook(of, look.check, tx) : null
      await tx
        .insert(checkLook)
        .values({ ...of, check: look.check, total: 0, ...done })
        .onConflictDoUpdate({ target: [checkLook.serverId, checkLook.cluster, checkLook.database, checkLook.check], set: done })
      if (look.problem === null) await live(of, look, { at, before: before ?? at }, tx)
    }
  })
}

/** A cluster that has not told its identifier until now is the one that was looked at before it did. */
async function adoptUntold({ serverId, cluster }: Looked, tx: ConsoleWriter): Promise<void> {
  if (cluster === '') return
  await tx.execute(sql`delete from check_look l where server_id = ${serverId} and cluster = '' and exists
    (select from check_look o where o.server_id = l.server_id and o.cluster = ${cluster} and o.database = l.database and o.check_name = l.check_name)`)
  await tx.execute(sql`update check_look set cluster = ${cluster} where server_id = ${serverId} and cluster = ''`)
  await tx.execute(sql`update finding f set cluster = ${cluster} where server_id = ${serverId} and cluster = '' and not exists
    (select from finding o where o.server_id = f.server_id and o.cluster = ${cluster} and o.database = f.database
      and o.check_name = f.check_name and o.subject = f.subject and o.ended_at is null)`)
}

async function lastLook(of: Looked, check: string, tx: ConsoleWriter): Promise<Date | null> {
  const [row] = await tx
    .select({ at: checkLook.lookedAt })
    .from(checkLook)
    .where(
      and(
        eq(checkLook.serverId, of.serverId),
        eq(checkLook.cluster, of.cluster),
        eq(checkLook.database, of.database),
        eq(checkLook.check, check),
      ),
    )
  return row?.at ?? null
}

async function live(of: Looked, look: CheckLook, { at, before }: { at: Date; before: Date }, tx: ConsoleWriter): Promise<void> {
  const { check, cadence } = look
  const known = await knownOf(of, check, new Date(at.getTime() - flapMs(cadence)), tx)
  const seen = bySubject(look.findings)
  const changes = lifeAfter(known, seen, at, { cadence, most: MOST_KEPT })
  const ended = changes.flatMap((change) => (change.kind === 'ended' ? known.filter(({ id }) => id === change.id) : []))
  const runs = ended.length > 0 ? await runsSince(of, before, tx) : []
  for (const change of changes) {
    if (change.kind === 'ended') {
      const one = ended.find(({ id }) => id === change.id)
      const by = one && runs.find((candidate) => endedBy(candidate, one.found))
      await tx
        .update(finding)
        .set({ endedAt: at, lastSeenAt: before, endedRun: by?.id ?? null, endedBy: by?.confirmedBy ?? null })
        .where(eq(finding.id, change.id))
    } else await keep(of, check, change, at, tx)
  }
}

async function keep(of: Looked, check: string, change: Exclude<Change, { kind: 'ended' }>, at: Date, tx: ConsoleWriter): Promise<void> {
  const said = { found: change.found, severity: change.found.severity }
  if (change.kind === 'opened') {
    await tx.insert(finding).values({ ...of, check, subject: change.subject, ...said, openedAt: at, changedAt: at })
    return
  }
  await tx
    .update(finding)
    .set({
      ...said,
      ...(change.said && { changedAt: at }),
      ...(change.again && {
        endedAt: null,
        lastSeenAt: null,
        endedWhy: null,
        endedRun: null,
        endedBy: null,
        times: sql`${finding.times} + 1`,
      }),
      // What somebody said of it was said of a lesser one.
      ...(change.worse && { acknowledgedAt: null, acknowledgedBy: null, acknowledgedNote: null, snoozedUntil: null }),
    })
    .where(eq(finding.id, change.id))
}

/** The open findings of a check, and those that ended since: at most one a subject. */
async function knownOf(of: Looked, check: string, since: Date, tx: ConsoleWriter): Promise<Known[]> {
  const rows = await tx
    .select({ id: finding.id, subject: finding.subject, found: finding.found, endedAt: finding.endedAt })
    .from(finding)
    .where(
      and(
        eq(finding.serverId, of.serverId),
        eq(finding.cluster, of.cluster),
        eq(finding.database, of.database),
        eq(finding.check, check),
        or(isNull(finding.endedAt), gt(finding.endedAt, new Date(since.getTime() - 1))),
      ),
    )
    .orderBy(sql`${finding.endedAt} desc nulls first`)
  return [...Map.groupBy(rows, ({ subject }) => subject).values()].flatMap(([newest]) => newest ?? [])
}

type EndedRun = Awaited<ReturnType<typeof runsSince>>[number]

/** Runs that succeeded in a database since a look, or anywhere on the server where that was looked at; newest first. */
const runsSince = ({ serverId, database }: Looked, since: Date, tx: ConsoleWriter) =>
  tx
    .select({ id: run.id, command: run.command, input: run.input, object: run.object, confirmedBy: run.confirmedBy })
    .from(run)
    .where(
      and(
        eq(run.serverId, serverId),
        database === '' ? undefined : eq(run.database, database),
        inArray(run.state, ['succeeded']),
        gt(run.endedAt, since),
      ),
    )
    .orderBy(desc(run.endedAt))
    .limit(50)

/** Whether a run ended a finding: it is the command that the finding proposed, or it worked on the very relation. */
function endedBy({ command, input, object }: EndedRun, found: Finding): boolean {
  for (const way of [found.fix, found.also]) {
    if (!way || way.command !== command) continue
    const proposed = Object.entries(way.input as Record<string, unknown>)
    if (proposed.every(([name, value]) => JSON.stringify(input[name]) === JSON.stringify(value))) return true
  }
  return found.kind === 'relation' && object.schemaname === found.schemaname && object.relname === found.relname
}
