import { DatabaseError } from 'pg'
import { AnotherCluster, ClusterUnknown } from './cluster'
import { byNetwork, refusesTransactions, STATEMENT_POOLING } from './connection-fault'
import { LinkFault } from './link-fault'
import { textWithoutSecrets } from './secrets/without-secrets'

/** Why an expected thing did not happen. A panel, a row or a dialog shows it in the server's own words. */
type ProblemKind =
  | 'unsupported_version'
  | 'missing_extension'
  | 'insufficient_privilege'
  | 'timeout'
  | 'lock_not_available'
  | 'unreachable'
  | 'another_cluster'
  | 'conflict'
  | 'invalid_input'
  | 'sql_error'

export interface Problem {
  kind: ProblemKind
  /** One sentence; when it comes from a server it is that server's text, to be rendered as text. */
  message: string
  /** SQLSTATE, where a server answered. */
  sqlstate?: string
  hint?: string
  /** To fix it: the exact GRANT, CREATE EXTENSION or setting. */
  fix?: string
}

export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })

export const failed = (kind: ProblemKind, message: string, more: Partial<Problem> = {}): { ok: false; problem: Problem } => ({
  ok: false,
  problem: { kind, message, ...more },
})

/** SQLSTATE to kind; the codes are those of the manual's appendix A. */
const KIND_BY_SQLSTATE: Record<string, ProblemKind> = {
  '42501': 'insufficient_privilege',
  '55P03': 'lock_not_available',
  '57014': 'timeout', // query_canceled: statement_timeout, or a cancel
  '25P03': 'timeout', // idle_in_transaction_session_timeout
  '25P04': 'timeout', // transaction_timeout
  '28000': 'unreachable', // invalid_authorization_specification
  '28P01': 'unreachable', // invalid_password
  '3D000': 'unreachable', // no such database
  '53300': 'unreachable', // too_many_connections
  '57P01': 'unreachable', // admin_shutdown
  '57P02': 'unreachable', // crash_shutdown
  '57P03': 'unreachable', // cannot_connect_now
  '57P05': 'unreachable', // idle_session_timeout
}

/** So much of a server's text is looked through for secrets, and so much is handed on: it may be as long as it likes. */
const [MOST_READ, MOST_SHOWN] = [20_000, 2_000]

/** A message of a server as panels, logs and the audit may have it. */
export function clipped(text: string): string {
  const clean = textWithoutSecrets(text.slice(0, MOST_READ))
  return clean.length > MOST_SHOWN ? `${clean.slice(0, MOST_SHOWN)}…` : clean
}

/**
 * Whether it was not PostgreSQL that said it, but a pooler or proxy before it (PgBouncer, Odyssey, a provider's own): PostgreSQL names
 * file, line and routine with every error (manual, 53.8), they name none.
 */
export const isPooler = ({ file, line, routine }: DatabaseError): boolean =>
  file === undefined && line === undefined && routine === undefined

export const POOLER_REFUSES = 'A pooler or proxy in front of the server refused the connection.'

/**
 * Turns what a connection ended with, or a statement, into a problem. Anything that is neither a server's answer, nor a failure of
 * the network, nor what we gave a connection up for, is a bug and is thrown on.
 */
export function problemFrom(error: unknown): Problem {
  if (error instanceof DatabaseError) {
    if (refusesTransactions(error)) return { kind: 'unreachable', ...STATEMENT_POOLING, sqlstate: error.code }
    const hint = error.hint === undefined ? {} : { hint: clipped(error.hint) }
    const said = { message: clipped(error.message), sqlstate: error.code, ...hint }
    const kind = KIND_BY_SQLSTATE[error.code ?? ''] ?? 'sql_error'
    if (kind !== 'sql_error' || !isPooler(error)) return { kind, ...said }
    return { kind: 'unreachable', sqlstate: error.code, message: POOLER_REFUSES, hint: said.message }
  }
  if (error instanceof AnotherCluster) return { kind: 'another_cluster', message: error.message }
  if (error instanceof ClusterUnknown) return { kind: 'another_cluster', message: error.message, fix: error.fix }
  if (error instanceof LinkFault) {
    const { fault, message, hint } = error
    return { kind: fault === 'wrong_answer' ? 'sql_error' : 'unreachable', message, ...(hint && { hint: clipped(hint) }) }
  }
  if (error instanceof AggregateError && error.errors.length > 0) return problemFrom(error.errors[0])
  const said = error instanceof Error ? bySystem(error) : undefined
  if (said) return said
  throw error
}

/** What the system said of a connection, in words; it names where to itself. */
function bySystem(
  error: NodeJS.ErrnoException & { address?: string; hostname?: string; host?: string; port?: number },
): Problem | undefined {
  const host = error.hostname ?? error.address ?? error.host ?? 'the server'
  const said = byNetwork(error, { host, port: error.port ?? 5432 })
  if (!said) return undefined
  const wasOpen = error.syscall !== undefined && error.syscall !== 'connect' && error.syscall !== 'getaddrinfo'
  if (wasOpen) return { kind: 'unreachable', message: `The connection to the server was lost (${error.code}).` }
  const [, message, hint] = said
  return { kind: 'unreachable', message, ...(hint && { hint: clipped(hint) }) }
}
