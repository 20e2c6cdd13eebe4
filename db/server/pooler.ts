import type { Client } from 'pg'
import { z } from 'zod'
import { announcedPid, makeClient } from './connect'
import { CONNECT_MS } from './connection-fault'
import { parseRow } from './parse-rows'
import { beginPinned } from './pin'
import { failed, ok, type Problem, problemFrom, type Result } from './problem'
import type { Target } from './target'

/**
 * How a pooler between Proctor and a server lends its sessions: one for as long as the connection lasts, or another for each
 * transaction (PgBouncer, pool_mode). One that lends them for a single statement takes no BEGIN: nobody looks through it.
 */
export type PoolMode = 'session' | 'transaction'

const DIRECT =
  "A run needs one session from beginning to end. Give the server's own address on its page under Servers (often the same host with port 5432 in place of 6432 or 6543), or a pool in session mode."

/** How often the two connections take turns: others may use the pool at the same time. */
const ROUNDS = 4

/**
 * How the pooler that `client` goes through lends its sessions; null where there is none. A second connection keeps a transaction
 * open, and with it a session: where that is the one that served `client` a moment ago, or `client` is served by another from then
 * on, sessions are lent by the transaction. Leaves nothing behind.
 * Errors: what `client` meets; conflict where the second connection gets no session, as in a pool that has but one.
 */
export async function poolModeOf(client: Client, target: Target): Promise<Result<PoolMode | null>> {
  const first = await servedBy(client).then(ok, (error) => ({ ok: false as const, problem: problemFrom(error) }))
  return !first.ok ? first : first.value === announcedPid(client) ? ok(null) : modeBeside(client, first.value, target)
}

async function modeBeside(client: Client, first: number, target: Target): Promise<Result<PoolMode>> {
  const second = makeClient(target, { as: 'proctor', timeoutMs: CONNECT_MS, answerMs: CONNECT_MS })
  try {
    await second.connect()
    for (let round = 0; round < ROUNDS; round++) {
      if ((await begin(second)) === first || (await servedBy(client)) !== first) return ok('transaction')
      await second.query('commit /* proctor */')
      // Twice: of two sessions that are lent in turn, the other one is due then.
      if ((await servedBy(client)) !== first || (await servedBy(client)) !== first) return ok('transaction')
    }
    return ok('session')
  } catch (error) {
    const { message } = problemFrom(error)
    const unknown = `${target.host}:${target.port} is a pooler that may not keep a session for a run`
    return failed('conflict', `${unknown}: ${message}`, { hint: DIRECT })
  } finally {
    second.end().catch(() => undefined)
  }
}

/** The same, on a connection of its own. */
export async function askPoolMode(target: Target): Promise<Result<PoolMode | null>> {
  const client = makeClient(target, { as: 'proctor', timeoutMs: CONNECT_MS, answerMs: CONNECT_MS })
  try {
    await client.connect()
    return await poolModeOf(client, target)
  } catch (error) {
    return { ok: false, problem: problemFrom(error) }
  } finally {
    client.end().catch(() => undefined)
  }
}

/** Opens a transaction; the pid of the session that serves it. */
async function begin(client: Client): Promise<number> {
  await client.query(beginPinned({ statement_timeout: CONNECT_MS }))
  const { rows } = await client.query('select /* proctor:pooler */ pg_backend_pid() as pid')
  return parseRow(z.object({ pid: z.number() }), rows[0]).pid
}

async function servedBy(client: Client): Promise<number> {
  const pid = await begin(client)
  await client.query('commit /* proctor */')
  return pid
}

/** Why a run must not go through what is between; null: nothing is, or it keeps a session for as long as it is asked to. */
export function unfitForRuns(mode: Result<PoolMode | null>, { host, port }: Target): Problem | null {
  if (!mode.ok) return mode.problem
  if (mode.value !== 'transaction') return null
  return failed('conflict', `${host}:${port} is a pooler that lends a session of the server for one transaction only`, { hint: DIRECT })
    .problem
}
