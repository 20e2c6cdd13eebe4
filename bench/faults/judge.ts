import { setTimeout as sleep } from 'node:timers/promises'
import { recordedTarget } from '../../db/console/servers'
import { isFinal } from '../../db/runs/run-states'
import type { Run } from '../../db/runs/run-types'
import { planAndConfirm } from '../../test/support/confirm-run'
import { type Case, markOf } from './case'
import type { House } from './house'
import { orphanFiles } from './orphans'
import type { Server } from './server'

/** After a fault the truth has to be told within this; so much longer it is waited for, so that what comes late is told as late. */
export const LIMIT_MS = 120_000
const PATIENCE_MS = LIMIT_MS + 30_000

/** What the columns count. Each holds what is wrong, in words; empty when nothing is. */
export const COUNTS = {
  wrong: 'executed on the wrong server',
  doubled: 'doubled',
  told: 'told wrongly',
  ended: 'ended by another console',
  leftovers: 'leftovers untold',
  lost: 'lost',
} as const

export type Count = keyof typeof COUNTS

export type Verdict = Record<Count, string[]> & {
  what: string
  /** How the run ended, as it says. */
  state: string
  /** From the end of the fault until the run said how it ended; ms. */
  truthMs: number
}

export const verdictOf = (what: string, state: string, truthMs = 0): Verdict => ({
  what,
  state,
  truthMs,
  wrong: [],
  doubled: [],
  told: [],
  ended: [],
  leftovers: [],
  lost: [],
})

/** What is true of a fault and is not held against the run. */
export interface Allowed {
  /** The server is gone for good, or is another one: then "lost" is the truth. */
  lost?: boolean
  /** What the run does may be sent again, since the try before it changed nothing. */
  tries?: boolean
  /** The object cannot be looked at any more: its database is gone. */
  noObject?: boolean
}

interface Told extends Pick<Run, 'state' | 'problem' | 'receipt' | 'retry'> {
  id: string
}

/** A statement of the console's own, a stack or a parameter list: for its log, never for a reader. */
const INTERNAL =
  /Failed query|\bparams: |(select|insert into|update|delete from) "|node_modules|\.ts:\d+|\bat (async )?[\w.]+ \(|timeout exceeded when trying|timeout expired|pgboss/i

/** Compares what a run says of itself with what the servers say: objects, sessions, files, and the log of their statements. */
export async function judge(house: House, one: Case, faultEnd: number, allowed: Allowed = {}): Promise<Verdict> {
  const { run, what, server, others, console, watched } = one
  const ended = await Promise.race([watched.ended, sleep(PATIENCE_MS, undefined, { ref: false })])
  const [told] = await console.query<Told>('select id, state, problem, receipt, retry from run where id = $1', [run.id])
  if (!told) return { ...verdictOf(what.name, 'gone'), told: ['the run is gone'] }
  const verdict = verdictOf(what.name, told.state, ended ? Math.max(0, ended.at - faultEnd) : PATIENCE_MS)
  const saysOver = ended && !(ended.state === 'lost' && allowed.lost) // "lost" says that nobody can see what became of it
  if (saysOver && ended.goingOn.length > 0) verdict.told.push(`says ${ended.state} while it goes on: ${ended.goingOn.join(', ')}`)
  if (!isFinal(told.state)) verdict.lost.push(`stuck in ${told.state}`)
  if (told.state === 'lost' && !allowed.lost) verdict.lost.push(told.problem?.message ?? 'lost')

  const sent = await statementsOf(one, server)
  for (const other of others) if ((await statementsOf(one, other)) > 0) verdict.wrong.push(`sent to port ${other.port}`)
  const tries = allowed.tries ? (told.retry?.tries ?? 0) + 1 : 1
  if (sent > tries) verdict.doubled.push(`sent ${sent} times`)
  verdict.told.push(...(await internals(one, told)))
  if (allowed.noObject) return verdict

  const ask = <T extends object>(sql: string, values?: unknown[]) => server.query<T>(one.database, sql, values)
  const isDone = (await markOf(ask, what.work.mark(one.nth))) !== one.before
  // Written and not yet taken: told where the way back is offered.
  const half = isDone && told.state !== 'succeeded' && told.receipt?.undo !== undefined
  if (told.state !== 'lost' && isFinal(told.state) && !half && (told.state === 'succeeded') !== isDone)
    verdict.told.push(`says ${told.state} (${told.problem?.message ?? 'no problem'}), but it was ${isDone ? '' : 'not '}done`)
  if (!isFinal(told.state)) return verdict
  await judgeLeftovers(house, one, told, verdict)
  return verdict
}

/** How often a server noted the statement of the run, from a session of that run. */
export async function statementsOf({ what, database, nth, run }: Case, server: Server): Promise<number> {
  const text = `statement: ${what.work.statement(nth)}`
  const marker = new RegExp(`proctor run ${run.id}[ @]`)
  const lines = (await server.log()).split('\n')
  return lines.filter((line) => line.includes(`@${database} `) && line.includes(text) && marker.test(line)).length
}

async function internals({ console, run }: Case, { problem }: Told): Promise<string[]> {
  const lines = await console.query<{ text: string }>(
    `select message as text from run_log where run_id = $1 union all select detail::text from audit where run_id = $1`,
    [run.id],
  )
  const all = [...lines.map(({ text }) => text), JSON.stringify(problem)]
  return all.flatMap((text) => (INTERNAL.test(text) ? [`tells the console's own workings: ${text.slice(0, 300)}`] : []))
}

async function judgeLeftovers(house: House, one: Case, { state, receipt, problem }: Told, verdict: Verdict): Promise<void> {
  const { server, database, console, serverId } = one
  const there = await server.query<{ oid: number; relname: string }>(
    database,
    `select c.oid::int as oid, c.relname from pg_index join pg_class c on c.oid = indexrelid where indrelid = 't'::regclass and not indisvalid`,
  )
  const told = receipt?.leftovers ?? []
  for (const { oid, relname } of there) if (!told.some((left) => left.oid === oid)) verdict.leftovers.push(`${relname} was not told`)
  const invalid = new Set(there.map(({ oid }) => oid))
  for (const { oid, relname } of told) if (oid > 0 && !invalid.has(oid)) verdict.leftovers.push(`${relname} is not there`)
  const all = JSON.stringify([receipt, problem])
  for (const { file, bytes } of await orphanFiles(server, database))
    if (!all.includes(file)) verdict.leftovers.push(`the file ${file} of ${bytes} bytes was not told (${state})`)
  for (const { oid, relname } of there) {
    const removed = await house.as(console, () => remove(serverId, database, oid)).catch((error) => String(error))
    if (removed !== null) verdict.leftovers.push(`${relname} could not be dropped: ${removed}`)
    else await untilGone(one, oid, relname, verdict)
  }
}

async function remove(serverId: string, database: string, oid: number): Promise<string | null> {
  const target = await recordedTarget(serverId, database)
  if (!target.ok) return target.problem.message
  await planAndConfirm(target.value, 'drop-leftover-index', { oid })
  return null
}

async function untilGone({ server, database }: Case, oid: number, relname: string, verdict: Verdict): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(250)) {
    if ((await server.query(database, 'select from pg_class where oid = $1', [oid])).length === 0) return
  }
  verdict.leftovers.push(`${relname} was not dropped`)
}
