import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { writeAudit } from '../console/audit'
import { consoleDb } from '../console/client'
import type { By } from '../console/roles'
import { finding } from '../console/schema-findings'
import { failed, ok, type Result } from '../server/problem'

/** What a person says of findings: seen and being dealt with; not to be shown until; or that neither holds any more. */
export type Said =
  | { kind: 'acknowledge'; note: string | null }
  | { kind: 'snooze'; until: Date; reason: string }
  | { kind: 'take back'; what: 'acknowledgement' | 'snooze' }

/** A snooze is no way to switch a check off: longer than this nothing sleeps, ms. */
export const LONGEST_SNOOZE_MS = 92 * 24 * 3_600_000

const ACTION: Record<Said['kind'], string> = {
  acknowledge: 'finding.acknowledged',
  snooze: 'finding.snoozed',
  'take back': 'finding.reopened',
}

/**
 * Notes what somebody says of findings of one server, with its line in the audit; all of them, or none.
 * Errors: invalid_input for a snooze that ends in the past, or too late, or has no reason; conflict when one of them has ended meanwhile.
 */
export async function sayOfFindings(serverId: string, ids: readonly number[], said: Said, by: By, now = new Date()): Promise<Result<null>> {
  if (said.kind === 'snooze') {
    const left = said.until.getTime() - now.getTime()
    if (!(left > 0 && left <= LONGEST_SNOOZE_MS)) return failed('invalid_input', 'A snooze ends in the future, at most 92 days from now')
    if (said.reason.trim() === '') return failed('invalid_input', 'A snooze needs a reason')
  }
  return consoleDb().transaction(async (tx) => {
    const these = and(eq(finding.serverId, serverId), inArray(finding.id, [...ids]), isNull(finding.endedAt))
    const title = sql<string>`${finding.found} ->> 'title'`
    const rows = await tx.select({ check: finding.check, database: finding.database, title }).from(finding).where(these).for('update')
    const [first] = rows
    if (!first || rows.length < new Set(ids).size) return failed('conflict', 'The finding has ended meanwhile')
    await tx
      .update(finding)
      .set(columnsOf(said, by, now))
      .where(these)
    const detail = {
      check: [...new Set(rows.map(({ check }) => check))].join(', '),
      findings: rows.length,
      first: first.title,
      ...(said.kind === 'acknowledge' && { note: said.note }),
      ...(said.kind === 'snooze' && { until: said.until, reason: said.reason }),
      ...(said.kind === 'take back' && { what: said.what }),
    }
    await writeAudit({ by, action: ACTION[said.kind], serverId, database: first.database || undefined, detail }, tx)
    return ok(null)
  })
}

function columnsOf(said: Said, { email }: By, now: Date): Partial<typeof finding.$inferInsert> {
  switch (said.kind) {
    case 'acknowledge':
      return { acknowledgedAt: now, acknowledgedBy: email, acknowledgedNote: said.note?.trim() || null }
    case 'snooze':
      return { snoozedAt: now, snoozedBy: email, snoozedUntil: said.until, snoozeReason: said.reason.trim() }
    case 'take back':
      return said.what === 'snooze'
        ? { snoozedAt: null, snoozedBy: null, snoozedUntil: null, snoozeReason: null }
        : { acknowledgedAt: null, acknowledgedBy: null, acknowledgedNote: null }
  }
}
