import type { AuditEntry } from '@/db/console/read-audit'
import { script } from '../confirm/planned-sql'

const HEADER = ['id', 'at', 'actor', 'action', 'from', 'server', 'database', 'run', 'sql', 'detail']

/** RFC 4180: every field in quotes, lines ended by CRLF. */
export function auditCsv(entries: AuditEntry[], withHeader: boolean): string {
  const lines = entries.map(({ id, at, actor, action, from, serverName, database, runId, statements, detail }) =>
    [id, at, actor, action, from, serverName, database, runId, script(statements), JSON.stringify(detail)].map(field).join(','),
  )
  if (withHeader) lines.unshift(HEADER.map(field).join(','))
  return lines.map((line) => `${line}\r\n`).join('')
}

/** A spreadsheet takes a field that begins with = + - @ for a formula; an apostrophe before it makes it text. */
function field(value: string | null): string {
  const text = value ?? ''
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}
