'use server'

import { z } from 'zod'
import { noted } from '@/app/noted'
import { mayRun, operatorOfAction, type User, userOfAction } from '@/app/session'
import { told } from '@/app/told'
import { analyzedSql, plannedSql } from '@/db/console/analyzed-sql'
import { writeAudit } from '@/db/console/audit'
import { findServer, recordedTarget, serverIsReadOnly } from '@/db/console/servers'
import { requestSample } from '@/db/history/statement-words'
import { meetCluster } from '@/db/runs/meet-cluster'
import { failed, ok, type Result } from '@/db/server/problem'
import { type Explained, explainStatement } from '@/db/statements/explain-statement'
import { rewrittenStatement } from '@/db/statements/statement-hints'
import { mayPlan } from '@/db/statements/who-plans'
import { type Asked, textAsked } from './asked-text'

const place = { server: z.string().max(200), database: z.string().max(200) }
const statement = z.object({ ...place, key: z.string().max(80), rolname: z.string().max(200), datname: z.string().max(200) })
const analysis = z.object({
  values: z.array(z.string().max(100_000).nullable()).max(1_000),
  timeoutSeconds: z.int().min(1).max(300),
  confirmed: z.array(z.string().max(1_000)).max(200),
})

type ExplainOf = z.input<typeof statement> & { example?: boolean; hint?: string }
export type AnalyzeOf = z.input<typeof analysis>

/**
 * The generic plan of a statement, or the plan of its last example, with its constants, or of either as a hint writes it; nothing runs. Errors:
 * as mayPlan, as explainStatement; conflict for a hint that is there no more.
 */
export const explainPlan = told(async (of: ExplainOf): Promise<Result<Explained>> => {
  const user = await userOfAction(of)
  if (!user.ok) return user
  const given = statement.extend({ example: z.boolean().default(false), hint: z.string().max(80).optional() }).safeParse(of)
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  const asked = await textAsked(given.data)
  const meant = asked.ok && given.data.example ? ofExample(asked.value) : asked
  const wanted = meant.ok && given.data.hint !== undefined ? await ofHint(meant.value, given.data.hint) : meant
  const planned = wanted.ok ? await planFor(user.value, wanted.value) : wanted
  const text = planned.ok ? planned.value.statement : wanted.ok ? wanted.value.query : null
  const { server: serverId, datname: database, key: query } = given.data
  const detail = { query, statements: text === null ? [] : plannedSql(text) }
  return noted({ by: user.value, action: planned.ok ? 'query.planned' : 'query.refused', serverId, database, detail }, planned)
})

/** Runs a SELECT under EXPLAIN ANALYZE, read-only and rolled back, and writes down who did. Errors: as explainStatement. */
export const explainAnalyze = told(async (wanted: ExplainOf, how: AnalyzeOf): Promise<Result<Explained>> => {
  const user = await operatorOfAction(wanted, how)
  if (!user.ok) return user
  const given = statement.extend(analysis.shape).safeParse({ ...how, ...wanted })
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  const { values, timeoutSeconds, confirmed, ...of } = given.data
  const asked = await textAsked(of)
  const analyze = { values, timeoutMs: timeoutSeconds * 1000, confirmed }
  const result = !asked.ok
    ? asked
    : (await serverIsReadOnly(of.server))
      ? failed('conflict', 'This server is marked read-only in Proctor: plans only, nothing is run on it')
      : await analyzed(asked.value, analyze)
  const text = result.ok ? result.value.statement : asked.ok ? asked.value.query : null
  await writeAudit({
    by: user.value,
    action: result.ok ? 'query.analyzed' : 'query.refused',
    serverId: of.server,
    database: of.datname,
    detail: {
      query: of.key,
      confirmed,
      statements: text === null ? [] : analyzedSql(text, values),
      ...(result.ok ? { ms: result.value.plan.executionMs } : { problem: result.problem.message }),
    },
  })
  return result
})

/** It is run for real, so on the recorded cluster only. */
async function analyzed(asked: Asked, analyze: NonNullable<Parameters<typeof explainStatement>[1]['analyze']>): Promise<Result<Explained>> {
  const target = await recordedTarget(asked.target.serverId, asked.target.database)
  if (!target.ok) return target
  const met = await meetCluster(target.value)
  return met.ok ? explainStatement(target.value, { ...asked, analyze }) : met
}

async function planFor(user: User, asked: Asked): Promise<Result<Explained>> {
  const may = await mayPlan(asked.target, mayRun(user))
  return may.ok ? explainStatement(asked.target, { ...asked, analyze: null }) : may
}

const ofExample = (asked: Asked): Result<Asked> =>
  asked.example === null
    ? failed('conflict', 'No example of this statement with its constants was seen')
    : ok({ ...asked, query: asked.example })

/** The text that a hint on it gives: the browser sends the hint's name, and never SQL. */
async function ofHint(asked: Asked, id: string): Promise<Result<Asked>> {
  const query = await rewrittenStatement(asked.target, { query: asked.query, rolname: asked.rolname, id })
  return query.ok ? ok({ ...asked, query: query.value, example: null }) : query
}

/** Asks the worker to sample this server now, instead of at its next turn. */
export const sampleNow = told(async (server: string): Promise<Result<null>> => {
  const user = await operatorOfAction(server)
  if (!user.ok) return user
  const given = z.string().max(200).safeParse(server)
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  if (!(await findServer(given.data))) return failed('invalid_input', `There is no server "${given.data}"`)
  await requestSample(given.data)
  return noted({ by: user.value, action: 'sample.requested', serverId: given.data }, ok(null))
})
