import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { refusesTransactions } from '../server/connection-fault'
import { StartRefusal } from './start-refusal'

/** How often the others take and give back a session: of several that are lent in turn each comes up. */
const ROUNDS = 4
/** A pooler with no session to spare lets us wait. */
const ANSWER_MS = 5_000

const PAUSE_MS = 100

const HOLDER = /* sql */ `
select pid from pg_locks where locktype = 'advisory' and granted and ((classid::int8 << 32) | objid::int8) = $1 and objsubid = 1`

const STATE = /* sql */ `
select pg_backend_pid() as pid, current_setting('proctor.kept', true) as kept,
       exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and granted
                  and ((classid::int8 << 32) | objid::int8) = $1 and objsubid = 1) as locked`

interface State {
  pid: number
  kept: string | null
  locked: boolean
}

/**
 * Refuses a console database that is reached by way of a pooler which lends a session of the server for a transaction or a statement:
 * Proctor's locks would stay behind in sessions that others get, and what it listens for would never come. While other connections are
 * busy, one connection must stay with one session; only then a setting and a lock are made in it, and must still be there.
 * Leaves nothing behind. Errors: StartRefusal; what the server says otherwise.
 */
export async function refuseLentSessions(url: string): Promise<void> {
  const clients = Array.from({ length: 3 }, () => newClient(url))
  const [own, ...others] = clients as [Client, ...Client[]]
  const key = String(Math.floor(Math.random() * Number.MAX_SAFE_INTEGER))
  const token = randomUUID()
  const state = async (): Promise<State> => (await own.query<State>(STATE, [key])).rows[0] as State
  try {
    for (const client of clients) await client.connect()
    const { pid } = await state()
    if (!(await holds(others, async () => (await state()).pid === pid))) throw lends(url)
    await own.query(`select set_config('proctor.kept', $1, false), pg_try_advisory_lock($2)`, [token, key])
    const isKept = await holds(others, async () => {
      const now = await state()
      return now.pid === pid && now.kept === token && now.locked
    })
    if (!isKept) {
      await own.query(`select set_config('proctor.kept', '', false), pg_advisory_unlock($1)`, [key])
      throw lends(url)
    }
    await own.end()
    if (!(await isGone(others, key))) throw keeps(url)
  } catch (error) {
    if (error instanceof DatabaseError && refusesTransactions(error)) throw lends(url)
    if (error instanceof Error && error.message === 'Query read timeout') throw lends(url)
    throw error
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
  }
}

function newClient(url: string): Client {
  const client = new Client({
    connectionString: url,
    application_name: 'proctor start',
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
  })
  client.on('error', () => undefined) // what was asked fails
  return client
}

/** Whether it is so each time, with one and two of the others in a transaction, which each end and begin again. */
async function holds(others: Client[], isSo: () => Promise<boolean>): Promise<boolean> {
  for (let round = 0; round < ROUNDS; round++) {
    for (const other of others) {
      await other.query('begin')
      await other.query('select 1')
      if (!(await isSo())) return false
    }
    for (const other of others) {
      await other.query('commit')
      if (!(await isSo()) || !(await isSo())) return false
    }
  }
  return true
}

/** A worker that dies is known by its locks being gone; whoever has the session that keeps ours is ended with it. */
async function isGone([other]: Client[], key: string): Promise<boolean> {
  for (let waited = 0; waited < ANSWER_MS; waited += PAUSE_MS) {
    const { rows } = (await other?.query<{ pid: number }>(HOLDER, [key])) ?? { rows: [] }
    if (rows.length === 0) return true
    await sleep(PAUSE_MS)
  }
  await other?.query(`select pg_terminate_backend(pid) from (${HOLDER}) as holder`, [key])
  return false
}

function keeps(url: string): StartRefusal {
  const { host } = new URL(url)
  return new StartRefusal(
    `${host} is a pooler that hands a session of the server on as it was left, locks and all, so that a dead worker's would never be free; ` +
      "set server_reset_query = DISCARD ALL, or give the server's own address.",
  )
}

function lends(url: string): StartRefusal {
  const { host } = new URL(url)
  return new StartRefusal(
    `${host} is a pooler that lends a session of the server for one transaction or statement, and Proctor keeps locks and listens in its sessions; ` +
      "give the server's own address (often port 5432 in place of 6432 or 6543), or a pool in session mode.",
  )
}
