'use server'

import { z } from 'zod'
import { noted } from '@/app/noted'
import { operatorOfAction } from '@/app/session'
import { told } from '@/app/told'
import type { GuideChosen } from '@/db/console/schema-guide'
import { recordedTarget, serverIsReadOnly } from '@/db/console/servers'
import { type Guide, readGuide } from '@/db/guide/find-guide'
import { GUIDE_QUERY_NAMES } from '@/db/guide/queries/guide-query'
import { GUIDE_QUERIES } from '@/db/guide/queries/registry'
import { type GuideOutcome, runGuideQuery } from '@/db/guide/run-query'
import { findStudents, type GuideStudent, rolesOf, studentOf } from '@/db/guide/students'
import { keepGuideRun } from '@/db/history/guide-runs'
import { meetCluster } from '@/db/runs/meet-cluster'
import { failed, ok, type Result } from '@/db/server/problem'
import type { Target } from '@/db/server/target'
import { guidePlace, rowsIn } from './workload-reads'

const place = { server: z.string().max(200), database: z.string().min(1).max(63), schema: z.string().min(1).max(63) }
const asked = z.object({
  ...place,
  query: z.enum(GUIDE_QUERY_NAMES),
  form: z.enum(['corrected', 'printed']),
  scope: z.enum(['one', 'all']),
  /** null: the one with most courses. */
  student: z.uuid().nullable(),
  since: z.union([z.object({ days: z.int().min(1).max(36_500) }), z.object({ date: z.iso.date() })]).nullable(),
  role: z.string().min(1).max(63),
  rows: z.union([z.literal(10), z.literal(50), z.literal(100)]),
})
const search = z.object({ ...place, search: z.string().max(200) })

export type GuideAsk = z.input<typeof asked>
type SearchAsk = z.input<typeof search>

/**
 * Runs one form of a query of the guide, read-only and rolled back, keeps what came of it, and writes down who did. Errors:
 * insufficient_privilege for a viewer, conflict for a server marked read-only, as runGuideQuery.
 */
export const runGuide = told(async (ask: GuideAsk): Promise<Result<GuideOutcome>> => {
  const user = await operatorOfAction(ask)
  if (!user.ok) return user
  const given = asked.safeParse(ask)
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  const { server: serverId, database, schema, query, form, scope, student, since, role, rows } = given.data
  const ran = async (): Promise<Result<{ chosen: GuideChosen; outcome: GuideOutcome }>> => {
    const found = await guideThere(serverId, database, schema)
    if (!found.ok) return found
    const { target, guide } = found.value
    const who = GUIDE_QUERIES[query].takes === 'student' && scope === 'one' ? await oneStudent(target, guide, student) : ok(null)
    if (!who.ok) return who
    const choices = { role, rows }
    const value = GUIDE_QUERIES[query].takes === 'since' ? beginOf(since) : (who.value?.id ?? null)
    const outcome = await runGuideQuery(target, guide, { query, form, scope, value, choices })
    if (!outcome.ok) return outcome
    const chosen = { student: who.value, since, ...choices }
    const { executionMs, queryid } = outcome.value
    const run = { query, form, scope, chosen, by: user.value.name || user.value.email, executionMs, queryid, outcome: outcome.value }
    await keepGuideRun(await guidePlace({ server: serverId, database }, schema), { ...run, at: '', tableRows: rowsIn(guide) })
    return ok({ chosen, outcome: outcome.value })
  }
  const result = await ran()
  const detail = { schema, query, form, scope }
  const kept = await noted(
    { by: user.value, action: result.ok ? 'guide.ran' : 'guide.refused', serverId, database, detail },
    result,
    (came) => ({
      ms: came.outcome.executionMs,
      ...(came.outcome.problem && { ended: came.outcome.problem.message }),
    }),
  )
  return kept.ok ? ok(kept.value.outcome) : kept
})

/** Students and roles to choose from; reads tables of users, as the queries do. Errors: as runGuide. */
export const findGuideStudents = told(async (ask: SearchAsk): Promise<Result<{ students: GuideStudent[]; roles: string[] }>> => {
  const user = await operatorOfAction(ask)
  if (!user.ok) return user
  const given = search.safeParse(ask)
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  const { server: serverId, database, schema } = given.data
  const read = async (): Promise<Result<{ students: GuideStudent[]; roles: string[] }>> => {
    const found = await guideThere(serverId, database, schema)
    if (!found.ok) return found
    const students = await findStudents(found.value.target, found.value.guide, given.data.search)
    if (!students.ok) return students
    const roles = await rolesOf(found.value.target, found.value.guide)
    return roles.ok ? ok({ students: students.value, roles: roles.value }) : roles
  }
  const result = await read()
  return noted({ by: user.value, action: result.ok ? 'guide.searched' : 'guide.refused', serverId, database, detail: { schema } }, result)
})

/** It is run for real, so on the recorded cluster only, and nowhere that is marked read-only. */
async function guideThere(serverId: string, database: string, schema: string): Promise<Result<{ target: Target; guide: Guide }>> {
  const target = await recordedTarget(serverId, database)
  if (!target.ok) return target
  if (await serverIsReadOnly(serverId)) return failed('conflict', 'This server is marked read-only in Proctor: nothing is run on it')
  const met = await meetCluster(target.value)
  if (!met.ok) return met
  const guide = await readGuide(target.value, schema)
  if (!guide.ok) return guide
  return guide.value?.schema === schema
    ? ok({ target: target.value, guide: guide.value })
    : failed('conflict', `The tables of the guide are not in schema ${schema} of ${database}`)
}

async function oneStudent(target: Target, guide: Guide, id: string | null): Promise<Result<{ id: string; name: string }>> {
  if (id !== null) return studentOf(target, guide, id)
  const found = await findStudents(target, guide, '')
  if (!found.ok) return found
  const [first] = found.value
  return first ? ok({ id: first.id, name: first.name }) : failed('conflict', 'Nobody is enrolled in a course')
}

const DAY_MS = 86_400_000

const beginOf = (since: GuideChosen['since']): string =>
  since === null ? '-infinity' : 'days' in since ? new Date(Date.now() - since.days * DAY_MS).toISOString() : `${since.date}T00:00:00Z`
