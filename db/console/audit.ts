import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { auditKey, auditMac } from './audit-key'
import { consoleDb } from './client'
import { redactText } from './redact'
import { type By, PROCTOR } from './roles'
import { audit } from './schema'
import type { ConsoleWriter } from './writer'

export interface AuditInsert {
  /** Who, and from where; PROCTOR for what the console does by itself. */
  by: By
  /** What, as noun.verb: run.confirmed, run.succeeded, run.refused … */
  action: string
  serverId?: string
  database?: string
  runId?: string
  /** Secrets in its texts are redacted, whatever they are. */
  detail: Record<string, unknown>
}

/** Appends a line; inside the caller's transaction where one is given. The only way into the audit. */
export const writeAudit = (entry: AuditInsert, db?: ConsoleWriter): Promise<void> =>
  db ? append(entry, db) : consoleDb().transaction((tx) => append(entry, tx))

const place = z.object({ id: z.string(), prev_hash: z.string() })

/**
 * Number and place are taken under the lock that the trigger takes as well (drizzle/console/0004_audit_chain.sql), which is
 * held to the end of the transaction: of many writers on many machines each sees the line of the one before. The MAC is
 * made here, over what this process wants to write and not over what the database says of it.
 */
async function append({ by, action, serverId, database, runId, detail }: AuditInsert, db: ConsoleWriter): Promise<void> {
  await lockAudit(db)
  const { rows } = await db.execute(sql`
    select nextval(pg_get_serial_sequence('audit', 'id'))::text as id,
           coalesce((select hash from audit order by audit.id desc limit 1), repeat('0', 64)) as prev_hash`)
  const { id, prev_hash: prevHash } = place.parse(rows[0])
  const at = new Date()
  const written = {
    actor: storableText(by.email),
    action,
    serverId: serverId === undefined ? null : storableText(serverId),
    database: database === undefined ? null : storableText(database),
    detail: storable(by === PROCTOR ? detail : { from: by.from, ...detail }) as Record<string, unknown>,
  }
  const key = auditKey()
  const mac = auditMac({ ...written, id, at: at.toISOString().replace('Z', '000Z'), runId: runId ?? null, prevHash }, key)
  await db
    .insert(audit)
    .overridingSystemValue()
    .values({ ...written, id: BigInt(id), at, runId: runId === undefined ? null : BigInt(runId), mac, macKey: key.id })
}

/** Until the end of the transaction nobody else appends. */
export const lockAudit = (db: ConsoleWriter): Promise<unknown> =>
  db.execute(sql`select pg_advisory_xact_lock(hashtextextended('proctor audit chain', 0))`)

/** As jsonb keeps it: JSON without NUL and halves of characters, which it refuses, and without secrets. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(redactText(value))
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map((entry) => storable(entry) ?? null)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'object' || value === null) return value
  const named = Object.entries(value).filter(([, entry]) => entry !== undefined)
  return Object.fromEntries(named.map(([name, entry]) => [storableText(name), storable(entry)]))
}

const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '␀')
