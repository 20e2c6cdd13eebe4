import type { AuditEntry } from '@/db/console/read-audit'
import { duration } from '../format'
import { auditWords } from './audit-words'

type Detail = Record<string, unknown>

/** What somebody had Proctor do or took out of it, in a sentence; `came`: what it came to, or why it did not. */
const SENTENCES: Record<string, (detail: Detail, came: string | undefined) => string> = {
  'data.exported': ({ what, format, rows, filter }, came) => {
    const named = what === 'audit' ? 'entries of the audit' : what
    const file = `as ${String(format).toUpperCase()}${filterWords(filter)}`
    return came === undefined ? `${rows} ${named} ${file}` : `${String(named)} ${file}: ${came}`
  },
  'script.made': ({ kind, count }, came) => came ?? `SQL to copy, ${kind} of ${count === 1 ? 'one index' : `${count} indexes`}`,
  'server.tested': ({ host, port, user, version, tls, durationMs }, came) =>
    `${host}:${port} as ${user}: ${came ?? `PostgreSQL ${version}, ${tls ? `TLS (${tls})` : 'not encrypted'}, took ${duration(Number(durationMs))}`}`,
  'health.checked': ({ durationMs, problems }, came) =>
    came ??
    `Health check of all indexes, took ${duration(Number(durationMs))}${problems ? `, ${problems} parts could not be looked at` : ''}`,
  'index.measured': ({ indexrelid, method }, came) => `Index with OID ${indexrelid}: ${came ?? `measured by ${method}`}`,
  'sample.requested': (_, came) => came ?? 'Asked for a sample before its turn',
  'audit.sealed': ({ upTo, formerKey }) =>
    `From here on entries carry the key of the present PROCTOR_SECRET. Those up to #${upTo} ${formerKey ? 'carry that of another' : 'carry none'}; this entry covers them.`,
}

function filterWords(filter: unknown): string {
  if (typeof filter !== 'object' || filter === null) return ''
  const set = Object.entries(filter).flatMap(([name, value]) =>
    value === null || value === '' ? [] : [`${name} ${JSON.stringify(value)}`],
  )
  return set.length === 0 ? '' : `, filtered by ${set.join(', ')}`
}

/** What an entry noted, for people: a sentence where there is one for its action, else its facts in a line. */
export function auditSentence({ action, detail }: Pick<AuditEntry, 'action' | 'detail'>): string {
  const sentence = Object.hasOwn(SENTENCES, action) ? SENTENCES[action] : undefined
  return sentence ? sentence(detail, typeof detail.problem === 'string' ? detail.problem : undefined) : auditWords(detail)
}
