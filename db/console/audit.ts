import { consoleDb } from './client'
import { audit } from './schema'
import type { ConsoleWriter } from './writer'

interface AuditInsert {
  /** Who: an e-mail address, or "proctor" for what the console does by itself. */
  actor: string
  /** What, as noun.verb: run.confirmed, run.succeeded, run.refused … */
  action: string
  serverId?: string
  database?: string
  runId?: string
  detail: Record<string, unknown>
}

/** Appends a line; inside the caller's transaction where one is given. */
export async function writeAudit({ runId, ...entry }: AuditInsert, db: ConsoleWriter = consoleDb()): Promise<void> {
  await db.insert(audit).values({ ...entry, runId: runId === undefined ? null : BigInt(runId) })
}
