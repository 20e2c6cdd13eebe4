import { DatabaseError } from 'pg'
import { byNetwork, CONNECT_MS, refusesTransactions, STATEMENT_POOLING } from './connection-fault'
import { textWithoutSecrets } from './secrets/without-secrets'

/** Why an expected thing did not happen. A panel, a row or a dialog shows it in the server's own words. */
type ProblemKind =
  | 'unsupported_version'
  | 'missing_extension'
  | 'insufficient_privilege'
  | 'timeout'
  | 'lock_not_available'
  | 'unreachable'
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
  /** What would lift it: the exact GRANT, CREATE EXTENSION or setting. */
  mend?: string
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

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'EAI_AGAIN',
  'ENOENT',
])

/**
 * Turns what node-postgres throws into a problem. Anything that is neither a server's answer nor a
 * network failure is a bug and is thrown on.
 */
export function problemFrom(error: unknown): Problem {
  if (error instanceof DatabaseError) {
    if (refusesTransactions(error)) return { kind: 'unreachable', ...STATEMENT_POOLING, sqlstate: error.code }
    const kind = KIND_BY_SQLSTATE[error.code ?? ''] ?? 'sql_error'
    const hint = error.hint && textWithoutSecrets(error.hint)
    return { kind, message: textWithoutSecrets(error.message), sqlstate: error.code, hint }
  }
  if (error instanceof AggregateError && error.errors.length > 0) return problemFrom(error.errors[0])
  if (error instanceof Error) {
    const code = (error as NodeJS.ErrnoException).code
    if (error.message === 'Query read timeout') return { kind: 'unreachable', message: 'The server has stopped answering' }
    if (/^timeout expired$|due to connection timeout$/.test(error.message)) {
      return { kind: 'unreachable', message: `The server does not answer within ${CONNECT_MS / 1000} s` }
    }
    const lost = /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/
    if ((code && NETWORK_CODES.has(code)) || lost.test(error.message) || /certificate|SSL|TLS/.test(error.message)) {
      return { kind: 'unreachable', ...(whyNotConnected(error) ?? { message: error.message || `Cannot reach the server (${code})` }) }
    }
  }
  throw error
}

/** What the system said of a connection that was never made, in words; it names where to itself. */
function whyNotConnected(error: NodeJS.ErrnoException & { address?: string; hostname?: string; port?: number }) {
  const host = error.hostname ?? error.address
  if (host === undefined || (error.syscall !== 'connect' && error.syscall !== 'getaddrinfo')) return undefined
  const [, message, hint] = byNetwork(error, { host, port: error.port ?? 5432, user: '' }) ?? []
  return message === undefined ? undefined : { message, ...(hint && { hint }) }
}
