import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** What the key of the audit's lines is, and by which name a line says that it was this one. */
export interface AuditKey {
  key: Buffer
  /** Tells keys apart and gives nothing of them away. */
  id: string
}

/** One line as the console wrote it: what its MAC covers. */
export interface AuditLine {
  id: string
  /** In UTC, to the microsecond: 2026-11-28T14:02:15.123000Z */
  at: string
  actor: string
  action: string
  serverId: string | null
  database: string | null
  runId: string | null
  detail: unknown
  /** Of the line before, which covers all that stands before it. */
  prevHash: string
}

/**
 * The key that HKDF-SHA256 (RFC 5869) derives from PROCTOR_SECRET for this use alone. It never reaches the console
 * database: not as a parameter, not as a setting. Errors: throws when PROCTOR_SECRET is missing; the launcher always sets it.
 */
export function auditKey(secret = process.env.PROCTOR_SECRET): AuditKey {
  if (!secret) throw new Error('PROCTOR_SECRET is not set: start the console with npm start')
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'proctor: lines of the audit', 32))
  return { key, id: createHash('sha256').update('name of ').update(key).digest('hex').slice(0, 16) }
}

/** HMAC-SHA256 over all of a line and, by prevHash, over all lines before it. Hexadecimal. */
export function auditMac(line: AuditLine, { key }: AuditKey): string {
  const { id, at, actor, action, serverId, database, runId, detail, prevHash } = line
  const covered = ['audit line 1', id, at, actor, action, serverId, database, runId, detail, prevHash]
  return createHmac('sha256', key).update(canonical(covered)).digest('hex')
}

/** In a time that tells nothing of where they differ. */
export function macFits(mac: string, line: AuditLine, key: AuditKey): boolean {
  const [given, right] = [Buffer.from(mac), Buffer.from(auditMac(line, key))]
  return given.length === right.length && timingSafeEqual(given, right)
}

/** JSON whose names are in order: jsonb keeps no order of its own. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const named = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${named.map(([name, entry]) => `${JSON.stringify(name)}:${canonical(entry)}`).join(',')}}`
}
