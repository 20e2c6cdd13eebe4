'use server'

import { z } from 'zod'
import { targetOf } from '@/app/place'
import { operatorOfAction, userOfAction } from '@/app/session'
import { readKey } from '@/components/queries/query-key'
import { type Explained, explainStatement } from '@/db/checks/explain-statement'
import { writeAudit } from '@/db/console/audit'
import { findStatement } from '@/db/console/history/find-statement'
import { requestSample } from '@/db/console/history/statement-words'
import { serverIsReadOnly } from '@/db/console/servers'
import { failed, ok, type Result } from '@/db/target/problem'
import { textOf } from './query-detail'

const place = { server: z.string().max(200), database: z.string().max(200) }
const statement = z.object({ ...place, key: z.string().max(80), rolname: z.string().max(200), datname: z.string().max(200) })
const analysis = z.object({
  values: z.array(z.string().max(100_000).nullable()).max(1_000),
  timeoutSeconds: z.int().min(1).max(300),
  confirmed: z.array(z.string().max(1_000)).max(200),
})

export type ExplainOf = z.input<typeof statement>
export type AnalyzeOf = z.input<typeof analysis>

/** The generic plan of a statement; nothing runs. Errors: as explainStatement. */
export async function explainPlan(of: ExplainOf): Promise<Result<Explained>> {
  const user = await userOfAction()
  if (!user.ok) return user
  return explained(of, null)
}

/** Runs a SELECT under EXPLAIN ANALYZE, read-only and rolled back, and writes down who did. Errors: as explainStatement. */
export async function explainAnalyze(of: ExplainOf, how: AnalyzeOf): Promise<Result<Explained>> {
  const user = await operatorOfAction()
  if (!user.ok) return user
  const given = statement.extend(analysis.shape).safeParse({ ...how, ...of })
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  const { values, timeoutSeconds, confirmed, ...asked } = given.data
  const result = (await serverIsReadOnly(asked.server))
    ? failed('conflict', 'This server is marked read-only in Proctor: plans only, nothing is run on it')
    : await explained(asked, { values, timeoutMs: timeoutSeconds * 1000, confirmed })
  await writeAudit({
    actor: user.value.email,
    action: result.ok ? 'query.analyzed' : 'query.refused',
    serverId: asked.server,
    database: asked.datname,
    // Values may be personal; what was run is found by its key.
    detail: { query: asked.key, confirmed, ...(result.ok ? { ms: result.value.plan.executionMs } : { problem: result.problem.message }) },
  })
  return result
}

async function explained(of: ExplainOf, analyze: Parameters<typeof explainStatement>[1]['analyze']): Promise<Result<Explained>> {
  const given = statement.safeParse(of)
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  const key = readKey(given.data.key)
  if (!key) return failed('invalid_input', 'No statement has this key')
  const text = await textOf(given.data, key, await findStatement(given.data.server, key))
  if (!text.ok) return text
  if (text.value.cut) return failed('invalid_input', 'Its text is longer than what is kept of it')
  const target = await targetOf({ server: given.data.server, database: given.data.datname })
  return target.ok ? explainStatement(target.value, { query: text.value.query, rolname: given.data.rolname, analyze }) : target
}

/** Asks the worker to sample this server now, instead of at its next turn. */
export async function sampleNow(server: string): Promise<Result<null>> {
  const user = await operatorOfAction()
  if (!user.ok) return user
  const given = z.string().max(200).safeParse(server)
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  await requestSample(given.data)
  return ok(null)
}
