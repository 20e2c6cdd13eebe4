import { consoleDb } from './client'
import { type By, PROCTOR } from './roles'
import { audit } from './schema'
import type { ConsoleWriter } from './writer'

interface AuditInsert {
  /** Who, and from where; PROCTOR for what the console does by itself. */
  by: By
  /** What, as noun.verb: run.confirmed, run.succeeded, run.refused … */
  action: string
  serverId?: string
  database?: string
  runId?: string
  detail: Record<string, unknown>
}

/** Appends a line; inside the caller's transaction where one is given. The only way into the audit. */
export async function writeAudit({ by, runId, detail, ...entry }: AuditInsert, db: ConsoleWriter = consoleDb()): Promise<void> {
  const noted = by === PROCTOR ? detail : { from: by.from, ...detail }
  await db.insert(audit).values({ ...entry, actor: by.email, detail: noted, runId: runId === undefined ? null : BigInt(runId) })
}
