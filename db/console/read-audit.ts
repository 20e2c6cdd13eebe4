import { and, desc, eq, gte, ilike, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { jsonWithoutSecrets, statementWithoutSecrets } from '../server/secrets/without-secrets'
import { consoleDb } from './client'
import { audit, server } from './schema'

/** What the audit may be asked for; it all stands in the page's address. Days are UTC, both included. */
export const auditFilter = z.object({
  actor: z.string().max(200).optional().catch(undefined),
  action: z.string().max(100).optional().catch(undefined),
  server: z.string().max(200).optional().catch(undefined),
  run: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .catch(undefined),
  search: z.string().max(200).optional().catch(undefined),
  from: z.iso.date().optional().catch(undefined),
  to: z.iso.date().optional().catch(undefined),
})

type AuditFilter = z.output<typeof auditFilter>

export interface AuditEntry {
  id: string
  at: string
  actor: string
  action: string
  /** The address that it was done from; null: not known, or by Proctor itself. */
  from: string | null
  serverName: string | null
  database: string | null
  runId: string | null
  /** The exact statements that were confirmed, as the entry itself keeps them; empty for everything else. */
  statements: string[]
  detail: Record<string, unknown>
}

/** Entries, newest first, from before the entry `before`. */
export async function readAudit(filter: AuditFilter, limit: number, before?: string): Promise<AuditEntry[]> {
  const rows = await consoleDb()
    .select({ entry: audit, serverName: server.name })
    .from(audit)
    .leftJoin(server, eq(server.id, audit.serverId))
    .where(and(...conditions(filter), before === undefined ? undefined : lt(audit.id, BigInt(before))))
    .orderBy(desc(audit.id))
    .limit(limit)
  return rows.map(({ entry: { detail, ...entry }, serverName }) => ({
    id: String(entry.id),
    at: entry.at.toISOString(),
    actor: entry.actor,
    action: entry.action,
    from: typeof detail.from === 'string' ? detail.from : null,
    serverName: serverName ?? entry.serverId,
    database: entry.database,
    runId: entry.runId === null ? null : String(entry.runId),
    // What was written down once is never rewritten; older entries may hold what is withheld today.
    statements: statementsOf(detail).map(statementWithoutSecrets),
    detail: jsonWithoutSecrets(detail),
  }))
}

const noted = z.array(z.string())

function statementsOf({ statements }: Record<string, unknown>): string[] {
  const found = noted.safeParse(statements)
  return found.success ? found.data : []
}

/** Who and what there is to filter by. */
export async function auditChoices(): Promise<{ actors: string[]; actions: string[] }> {
  const [actors, actions] = await Promise.all([
    consoleDb().selectDistinct({ name: audit.actor }).from(audit).orderBy(audit.actor).limit(200),
    consoleDb().selectDistinct({ name: audit.action }).from(audit).orderBy(audit.action).limit(200),
  ])
  return { actors: actors.map(({ name }) => name), actions: actions.map(({ name }) => name) }
}

/** How many entries the filter lets through. */
export async function countAudit(filter: AuditFilter): Promise<number> {
  return consoleDb().$count(audit, and(...conditions(filter)))
}

function conditions({ actor, action, server: serverId, run: runId, search, from, to }: AuditFilter): (SQL | undefined)[] {
  const words = search && `%${search.replace(/[\\%_]/g, '\\$&')}%`
  return [
    actor ? eq(audit.actor, actor) : undefined,
    action ? eq(audit.action, action) : undefined,
    serverId ? eq(audit.serverId, serverId) : undefined,
    runId ? eq(audit.runId, BigInt(runId)) : undefined,
    from ? gte(audit.at, new Date(`${from}T00:00:00Z`)) : undefined,
    to ? lte(audit.at, new Date(`${to}T23:59:59.999Z`)) : undefined,
    words ? or(ilike(sql`${audit.detail}::text`, words), ilike(audit.actor, words)) : undefined,
  ]
}
