import { z } from 'zod'
import { announcedPid, makeClient } from './connect'
import { CONNECT_MS } from './connection-fault'
import { type ConnectionProblem, diagnose } from './diagnosis'
import { OLDEST_MAJOR } from './facts'
import { parseRow } from './parse-rows'
import { beginPinned } from './pin'
import { type PoolMode, poolModeOf } from './pooler'
import { ok } from './problem'
import type { Target } from './target'

/** What a test found when it got in. */
export interface Connected {
  version: string
  major: number
  role: string
  isSuperuser: boolean
  inRecovery: boolean
  /** TLSv1.3 with its cipher; null when nothing is encrypted. */
  tls: string | null
  /** How the pooler that is between lends sessions of the server; null where none is. */
  pooler: PoolMode | 'unknown' | null
  /** From the first packet to the answer, in ms. */
  milliseconds: number
}

type ConnectionTest = { ok: true; value: Connected } | { ok: false; problem: ConnectionProblem }

const TEST_SQL = /* sql */ `
select /* proctor:test-connection */ current_setting('server_version') as version,
       current_setting('server_version_num')::int as version_num,
       current_user::text as role,
       pg_backend_pid() as pid,
       coalesce((select rolsuper from pg_roles where rolname = current_user), false) as is_superuser,
       pg_is_in_recovery() as in_recovery,
       (select version || ', ' || cipher from pg_stat_ssl where pid = pg_backend_pid() and ssl) as tls`

const testRow = z.object({
  version: z.string(),
  version_num: z.number(),
  role: z.string(),
  pid: z.number(),
  is_superuser: z.boolean(),
  in_recovery: z.boolean(),
  tls: z.string().nullable(),
})

/**
 * Connects once, outside of every pool, and says in words what stands in the way. Takes at most ten seconds, where a pooler is
 * between at most half a minute.
 */
export async function testConnection(target: Target): Promise<ConnectionTest> {
  const started = performance.now()
  try {
    const client = makeClient(target, { as: 'proctor connection test', timeoutMs: CONNECT_MS, answerMs: CONNECT_MS })
    try {
      await client.connect()
      await client.query(beginPinned({ statement_timeout: CONNECT_MS }))
      const { rows } = await client.query(TEST_SQL)
      await client.query('commit /* proctor */')
      const row = parseRow(testRow, rows[0])
      const major = Math.floor(row.version_num / 10_000)
      if (major < OLDEST_MAJOR) return { ok: false, problem: tooOld(row.version) }
      const { version, role, tls, is_superuser: isSuperuser, in_recovery: inRecovery } = row
      const milliseconds = Math.round(performance.now() - started)
      const mode = row.pid === announcedPid(client) ? ok(null) : await poolModeOf(client, target)
      return {
        ok: true,
        value: { version, major, role, isSuperuser, inRecovery, tls, pooler: mode.ok ? mode.value : 'unknown', milliseconds },
      }
    } finally {
      client.end().catch(() => undefined)
    }
  } catch (error) {
    return { ok: false, problem: diagnose(error, target) }
  }
}

const tooOld = (version: string): ConnectionProblem => ({
  kind: 'unsupported_version',
  fault: 'too_old',
  message: `The server is PostgreSQL ${version}, older than ${OLDEST_MAJOR}, the oldest that Proctor works on.`,
  hint: `Upgrade it; the PostgreSQL project no longer fixes versions before ${OLDEST_MAJOR} either.`,
})
