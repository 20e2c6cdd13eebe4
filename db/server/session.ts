import type { QueryConfig, QueryResultRow } from 'pg'
import { z } from 'zod'
import { type ClusterIdentity, expectCluster } from './cluster'
import { announcedPid, makeClient } from './connect'
import { CONNECT_MS } from './connection-fault'
import { look } from './look'
import { parseRow } from './parse-rows'
import { beginPinned, PIN_SESSION } from './pin'
import { poolModeOf, unfitForRuns } from './pooler'
import { ok, type Problem, problemFrom, type Result } from './problem'
import { SET_FOR_RUN } from './run-settings'
import { textWithoutSecrets } from './secrets/without-secrets'
import type { Target } from './target'

/** One connection of its own for one run: never from a pool, never through a transaction pooler. */
export interface Session {
  pid: number
  /** backend_start in UTC with microseconds: tells this session from a later one with the same pid. */
  backendStart: string
  /** Which cluster answers, where the target says which one must. */
  cluster: ClusterIdentity | null
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

const whoAmI = z.object({ pid: z.number(), backend_start: z.string() })

/**
 * Opens a session, pinned and set for a run for as long as it lives, whose application_name is its marker in pg_stat_activity. Before
 * anything is set it is known to be one session of the server, and before it is handed out to be on the cluster that was meant.
 * Errors: unreachable, conflict where a pooler would not keep it, another_cluster.
 */
export async function openSession(target: Target, applicationName: string, onNotice: OnNotice): Promise<Result<Session>> {
  const client = makeClient(target, { as: applicationName, timeoutMs: CONNECT_MS, answerMs: CONNECT_MS })
  client.on('notice', ({ severity, message, detail }) =>
    onNotice(textWithoutSecrets(`${severity}:  ${message ?? ''}${detail ? `\nDETAIL:  ${detail}` : ''}`)),
  )
  const attempt = async <T>(work: () => Promise<T>): Promise<Result<T>> => {
    try {
      return ok(await work())
    } catch (error) {
      return { ok: false, problem: problemFrom(error) }
    }
  }
  const opened = await attempt(async () => {
    await client.connect()
    const unfit = unfitForRuns(await poolModeOf(client, target), target)
    if (unfit) return { ok: false as const, problem: unfit }
    await client.query(PIN_SESSION)
    await client.query(SET_FOR_RUN)
    await client.query(beginPinned({}))
    const cluster = target.cluster ? await expectCluster((text) => client.query(text), target.cluster, target.user) : null
    const { rows } = await client.query(WHO_AM_I)
    await client.query('commit /* proctor */')
    return ok({ ...parseRow(whoAmI, rows[0]), cluster })
  })
  const me = opened.ok ? opened.value : opened
  if (!me.ok) {
    client.end().catch(() => undefined)
    return me
  }
  const { pid, backend_start: backendStart, cluster } = me.value
  const isPooled = pid !== announcedPid(client)
  let abandoned: (problem: Problem) => void
  const severed = new Promise<Result<never>>((resolve) => {
    abandoned = (problem) => resolve({ ok: false, problem })
  })
  return ok({
    pid,
    backendStart,
    cluster,
    execute: (statement) => Promise.race([attempt(async () => (await client.query({ text: statement, query_timeout: 0 })).rows), severed]),
    abandon: () => {
      abandoned({ kind: 'unreachable', message: 'The backend is gone; the connection to it was cut' })
      client.end().catch(() => undefined)
    },
    close: async () => {
      // Not every pooler in session mode resets what it gets back (PgBouncer, server_reset_query).
      if (isPooled) await client.query(RESET_ALL).catch(() => undefined)
      await client.end().catch(() => undefined)
    },
  })
}

const RESET_ALL: QueryConfig & { query_timeout: number } = { text: 'reset all', query_timeout: CONNECT_MS }

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
