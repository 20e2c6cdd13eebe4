import { z } from 'zod'
import { look } from './look'
import { parseRow } from './parse-rows'
import { ok, problemFrom, type Result } from './problem'
import type { Target } from './target'

/** The oldest major that the console works on. */
export const OLDEST_MAJOR = 14

/** What decides which variant of a read serves, and what the role may see. */
export interface ServerFacts {
  /** server_version_num: 180004 is 18.4. */
  versionNum: number
  major: number
  /** 18.4, as the server says it. */
  version: string
  /** Installed extensions of this database, by name, with their version. */
  extensions: Record<string, string>
  /** The schema that each of them lives in. */
  extensionSchemas: Record<string, string>
  isSuperuser: boolean
  role: string
  inRecovery: boolean
  /** Whether it uses the privileges of a role that is granted to it without SET ROLE. */
  inherits: boolean
  /** Roles that are granted to it directly, and whose privileges it does not use. */
  dormant: string[]
  /** A pooler is between, in whatever mode. */
  isPooled: boolean
}

/** SQL: the columns that say whether the role uses what is granted to it. */
export const INHERITANCE = /* sql */ `coalesce((select rolinherit from pg_roles where rolname = current_user), true) as inherits,
       array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles me on me.oid = m.member
              where me.rolname = current_user and not pg_has_role(g.oid, 'usage')) as dormant`

const FACTS_SQL = /* sql */ `
select /* proctor:facts */ current_setting('server_version_num')::int as version_num,
       current_setting('server_version') as version,
       current_user::text as role,
       pg_backend_pid() as pid,
       coalesce((select rolsuper from pg_roles where rolname = current_user), false) as is_superuser,
       ${INHERITANCE},
       pg_is_in_recovery() as in_recovery,
       coalesce((select json_object_agg(extname, extversion) from pg_extension), '{}') as extensions,
       coalesce((select json_object_agg(extname, nspname) from pg_extension e join pg_namespace n on n.oid = e.extnamespace), '{}') as schemas`

const factsRow = z.object({
  version_num: z.number(),
  version: z.string(),
  role: z.string(),
  pid: z.number(),
  is_superuser: z.boolean(),
  inherits: z.boolean(),
  dormant: z.array(z.string()),
  in_recovery: z.boolean(),
  extensions: z.record(z.string(), z.string()),
  schemas: z.record(z.string(), z.string()),
})

const KEEP_MS = 10_000
const known = new Map<string, { at: number; facts: Promise<Result<ServerFacts>> }>()

/** The facts of a server, asked at most every ten seconds. Errors: unreachable, unsupported_version. */
export function serverFacts(target: Target): Promise<Result<ServerFacts>> {
  const key = JSON.stringify([target.serverId, target.cluster?.systemIdentifier, target.host, target.port, target.database, target.user])
  const found = known.get(key)
  if (found && performance.now() - found.at < KEEP_MS) return found.facts
  const facts = askFacts(target)
  known.set(key, { at: performance.now(), facts })
  facts.then(
    (result) => !result.ok && known.delete(key),
    () => known.delete(key),
  )
  return facts
}

/** Forgets what was known: after CREATE EXTENSION, or when a server came back. */
export const forgetFacts = (): void => known.clear()

async function askFacts(target: Target): Promise<Result<ServerFacts>> {
  try {
    const { rows, announced } = await look(target, async (ask, announced) => ({ rows: (await ask(FACTS_SQL)).rows, announced }))
    const row = parseRow(factsRow, rows[0])
    const major = Math.floor(row.version_num / 10_000)
    if (major < OLDEST_MAJOR) {
      const message = `PostgreSQL ${row.version} is older than ${OLDEST_MAJOR}, the oldest that Proctor works on`
      return { ok: false, problem: { kind: 'unsupported_version', message } }
    }
    return ok({
      versionNum: row.version_num,
      major,
      version: row.version,
      extensions: row.extensions,
      extensionSchemas: row.schemas,
      isSuperuser: row.is_superuser,
      role: row.role,
      inherits: row.inherits,
      dormant: row.dormant,
      inRecovery: row.in_recovery,
      isPooled: row.pid !== announced,
    })
  } catch (error) {
    return { ok: false, problem: problemFrom(error) }
  }
}
