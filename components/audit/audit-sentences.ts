import type { AuditEntry } from '@/db/console/read-audit'
import { duration } from '../format'
import { moment } from '../format-time'
import { auditWords } from './audit-messages'
import { CLUSTER_SENTENCES } from './cluster-sentences'
import { POLICY_SENTENCES } from './policy-sentences'
import { SERVER_SENTENCES } from './server-sentences'

type Detail = Record<string, unknown>

/** What somebody had Proctor do or took out of it, in a sentence; `came`: what it came to, or why it did not. */
const SENTENCES: Record<string, (detail: Detail, came: string | undefined) => string> = {
  ...SERVER_SENTENCES,
  ...CLUSTER_SENTENCES,
  ...POLICY_SENTENCES,
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
    `Health check of all indexes, took ${duration(Number(durationMs))}${problems ? `, ${problems} parts could not be checked` : ''}`,
  'index.measured': ({ indexrelid, method }, came) => `Index with OID ${indexrelid}: ${came ?? `measured by ${method}`}`,
  'run.cancelled': ({ whileIn, problem }) => {
    const when = whileIn === 'queued' ? 'Cancelled before it started' : 'Cancelled while running'
    const { message } = typeof problem === 'object' && problem !== null ? (problem as Detail) : {}
    return typeof message === 'string' ? `${when}. ${message}` : when
  },
  'sample.requested': (_, came) => came ?? 'Requested a sample ahead of schedule',
  'checks.requested': (_, came) => came ?? 'Requested a look of all checks ahead of schedule',
  'finding.acknowledged': ({ note, ...of }) => `Acknowledged ${findingWords(of)}${note ? `: “${note}”` : ''}`,
  'finding.snoozed': ({ until, reason, ...of }) => `Snoozed ${findingWords(of)} until ${moment(String(until))}: “${reason}”`,
  'finding.reopened': ({ what, ...of }) => `Ended the ${what} of ${findingWords(of)}`,
  'console.started': ({ origin, formerEnd }) =>
    `The console was started: ${origin}${formerEnd === undefined ? '' : '; the previous one was killed, or its machine went down'}`,
  'console.stopped': ({ status }) => (status === undefined ? 'The console was stopped' : `The console ended with status ${status}`),
  'console.part-restarted': ({ part, ended, endedAt }) =>
    `The ${part} ended unexpectedly (${ended}) at ${moment(String(endedAt))}; the launcher restarted it`,
  'console.doubted': ({ console, because }) =>
    `Console ${console} may be a copy of another one, by its ${differenceWords(because)}: it contacts no server until an administrator decides`,
  'console.moved': ({ console, because, runs }) => `Console ${console} was moved (${differenceWords(because)})${endedWords(runs)}`,
  'console.copied': ({ console, copyOf, because, runs }) =>
    `Console ${console} from here on, a copy of ${copyOf} (${differenceWords(because)})${endedWords(runs)}`,
  'console.backed-up': ({ file, tables, secret }) => `Console backed up to ${file}: ${tables} tables, the secret ${secret}`,
  'console.restored': ({ backupOf, consoleId, version, secret, secondFactorsReset }) =>
    `Restored from the backup of ${moment(String(backupOf))}${consoleId ? `, of console ${consoleId}` : ''} (Proctor ${version}), under ${secret} secret${secondFactorsReset === undefined ? '' : `; second factors removed: ${secondFactorsReset}`}`,
  'audit.sealed': ({ upTo, formerKey }) =>
    `Entries from here on use the key of the current PROCTOR_SECRET. Those up to #${upTo} ${formerKey ? 'use the key of another' : 'have no key'}; this entry covers them.`,
}

const findingWords = ({ check, findings, first }: Detail): string =>
  `${check}: ${first}${Number(findings) > 1 ? `, and ${Number(findings) - 1} more` : ''}`

const differenceWords = (because: unknown): string =>
  Array.isArray(because) ? because.map(({ what }: { what?: unknown }) => String(what)).join(', ') : ''

const endedWords = (runs: unknown): string => (Array.isArray(runs) && runs.length > 0 ? `; ended runs ${runs.join(', ')}` : '')

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
