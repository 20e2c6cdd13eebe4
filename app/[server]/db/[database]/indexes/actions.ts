'use server'

import { z } from 'zod'
import { noted } from '@/app/noted'
import { targetOf } from '@/app/place'
import { operatorOfAction, userOfAction } from '@/app/session'
import { told } from '@/app/told'
import type { LastCheck } from '@/components/indexes/health-check'
import { recordMeasurements } from '@/db/console/health-checks'
import { type IndexScriptKind, indexScript as scriptOf } from '@/db/indexes/index-script'
import { measureIndex } from '@/db/indexes/measure-index'
import { failed, ok, type Result } from '@/db/server/problem'
import { runHealthCheck } from '@/db/worker/health-check'
import { asLastCheck, readIndexList } from './index-reads'

const place = z.object({ server: z.string(), database: z.string() })
const script = place.extend({
  kind: z.enum(['rebuild', 'drop', 'undo']) satisfies z.ZodType<IndexScriptKind>,
  ids: z.array(z.int().nonnegative()).max(500).nullable(),
})

/** How many statements "all" holds at most: what a person can still look through. */
const MOST = 500

/**
 * SQL to copy; nothing runs. ids null: every bloated index for a rebuild, every unused, redundant or invalid
 * one for a drop and its undo. Errors: as indexScript.
 */
export const indexScript = told(
  async (
    server: string,
    database: string,
    kind: IndexScriptKind,
    ids: number[] | null,
  ): Promise<Result<{ sql: string; statements: number }>> => {
    const user = await userOfAction(server, database, kind, ids)
    if (!user.ok) return user
    const given = script.safeParse({ server, database, kind, ids })
    if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
    const target = await targetOf(given.data)
    if (!target.ok) return target
    const wanted = given.data.ids === null ? await allOf(given.data) : ok(given.data.ids)
    const made = wanted.ok ? await scriptOf(target.value, kind, wanted.value) : wanted
    const asked = { by: user.value, action: 'script.made', serverId: server, database, detail: { kind } }
    return noted(asked, made, ({ statements }) => ({ count: statements }))
  },
)

async function allOf({ server, database, kind }: z.output<typeof script>): Promise<Result<number[]>> {
  const verdicts = kind === 'rebuild' ? (['bloated'] as const) : (['unused', 'redundant', 'invalid'] as const)
  const ids: number[] = []
  for (const verdict of verdicts) {
    const list = await readIndexList({ server, database }, { verdict, limit: MOST })
    if (!list.ok) return list
    // Of the invalid ones only what is a leftover is to be dropped.
    const there = list.value.rows.filter((row) => row.verdict !== 'missing')
    const asked = there.filter(({ invalid }) => invalid === null || invalid.action === 'drop')
    ids.push(...asked.map(({ indexrelid }) => indexrelid))
  }
  return ok(ids.slice(0, MOST))
}

/** Runs the two health functions on the server, measures what matters most, and records what was found. */
export const healthCheck = told(async (server: string, database: string): Promise<Result<LastCheck>> => {
  const user = await operatorOfAction(server, database)
  if (!user.ok) return user
  const given = place.safeParse({ server, database })
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  const target = await targetOf(given.data)
  if (!target.ok) return target
  const asked = { by: user.value, action: 'health.checked', serverId: server, database }
  const check = await noted(asked, await runHealthCheck(target.value, user.value.email), ({ durationMs, problems }) => ({
    durationMs,
    problems: problems.length,
  }))
  return check.ok ? ok(asLastCheck(check.value)) : check
})

/** Measures one index by its pages and keeps the result. Errors: as measureIndex. */
export const measureAgain = told(async (server: string, database: string, indexrelid: number): Promise<Result<null>> => {
  const user = await operatorOfAction(server, database, indexrelid)
  if (!user.ok) return user
  const given = place.extend({ indexrelid: z.int().nonnegative() }).safeParse({ server, database, indexrelid })
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  const target = await targetOf(given.data)
  if (!target.ok) return target
  const asked = { by: user.value, action: 'index.measured', serverId: server, database, detail: { indexrelid } }
  const measured = await noted(asked, await measureIndex(target.value, indexrelid), ({ method }) => ({ method }))
  if (!measured.ok) return measured
  await recordMeasurements(server, database, [{ ...measured.value, indexrelid, measuredAt: new Date().toISOString() }])
  return ok(null)
})
