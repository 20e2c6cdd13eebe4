import type { QueryResultRow } from 'pg'
import { makeClient } from './connect'
import { look } from './look'
import { PIN_SESSION } from './pin'
import { failed, ok, type Problem, problemFrom, type Result } from './problem'
import type { Target } from './target'

const CONNECT_MS = 10_000

/** One connection of its own for one run: never from a pool, never through a transaction pooler. */
export interface Session {
  pid: number
  /** backend_start in UTC with microseconds: tells this session from a later one with the same pid. */
  backendStart: string
  /** Sends one statement by itself, as it stands. Errors: what the server says; unreachable when the connection is lost. */
  execute: (statement: string) => Promise<Result<QueryResultRow[]>>
  /** Severs the connection from this side: for a backend that is known to be gone. A pending execute() fails. */
  abandon: () => void
  close: () => Promise<void>
}

/** NOTICE, WARNING and INFO lines, as psql prints them. */
type OnNotice = (line: string) => void

const WHO_AM_I = /* sql */ `
select /* proctor:session */ pg_backend_pid() as pid, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as backend_start
  from pg_stat_activity where pid = pg_backend_pid()`

/** Opens a session, pinned for as long as it lives, whose application_name is its marker in pg_stat_activity. Errors: unreachable. */
export async function openSession(target: Target, applicationName: string, onNotice: OnNotice): Promise<Result<Session>> {
  const client = makeClient(target, { as: applicationName, timeoutMs: CONNECT_MS })
  client.on('error', () => undefined) // the statement that is under way fails with it
  client.on('notice', ({ severity, message, detail }) => onNotice(`${severity}:  ${message ?? ''}${detail ? `\nDETAIL:  ${detail}` : ''}`))
  const attempt = async <T>(work: () => Promise<T>): Promise<Result<T>> => {
    try {
      return ok(await work())
    } catch (error) {
      return { ok: false, problem: problemFrom(error) }
    }
  }
  const opened = await attempt(async () => {
    await client.connect()
    await client.query(PIN_SESSION)
    const { rows } = await client.query<{ pid: number; backend_start: string }>(WHO_AM_I)
    return rows[0]
  })
  if (!opened.ok || !opened.value) {
    client.end().catch(() => undefined)
    return opened.ok ? failed('unreachable', 'The server did not say who this session is') : opened
  }
  const { pid, backend_start: backendStart } = opened.value
  let abandoned: (problem: Problem) => void
  const severed = new Promise<Result<never>>((resolve) => {
    abandoned = (problem) => resolve({ ok: false, problem })
  })
  return ok({
    pid,
    backendStart,
    execute: (statement) => Promise.race([attempt(async () => (await client.query(statement)).rows), severed]),
    abandon: () => {
      abandoned({ kind: 'unreachable', message: 'The backend is gone; the connection to it was cut' })
      client.end().catch(() => undefined)
    },
    close: () => client.end().catch(() => undefined),
  })
}

const CANCEL = /* sql */ `
select /* proctor:cancel-run */ pg_cancel_backend(pid) as sent
  from pg_stat_activity
 where pid = $1 and to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') = $2 and application_name = $3`

/**
 * pg_cancel_backend for exactly the session that was opened under this marker; false when it is gone.
 * Errors: unreachable, insufficient_privilege.
 */
export async function cancelSession(
  target: Target,
  session: Pick<Session, 'pid' | 'backendStart'>,
  marker: string,
): Promise<Result<boolean>> {
  try {
    const { rows } = await look(target, (ask) => ask(CANCEL, [session.pid, session.backendStart, marker]))
    return ok(rows[0]?.sent === true)
  } catch (error) {
    return { ok: false, problem: problemFrom(error) }
  }
}
