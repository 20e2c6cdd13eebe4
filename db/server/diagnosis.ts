import { DatabaseError } from 'pg'
import {
  byNetwork,
  type ConnectionFault,
  droppedWords,
  noAnswer,
  refusesTransactions,
  type Said,
  STATEMENT_POOLING,
} from './connection-fault'
import { LinkFault } from './link-fault'
import { clipped, isPooler, POOLER_REFUSES, type Problem } from './problem'
import type { Target } from './target'

export interface ConnectionProblem extends Problem {
  fault: ConnectionFault
}

/**
 * What stood in the way of a connection, in words for whoever adds the server. The server's or the system's own message stands in
 * `hint` where it says more: in the server's language, so nothing is told by its words, only by SQLSTATE and by the routine that
 * raised it (manual, 53.8). Errors: throws on what is a bug.
 */
export function diagnose(error: unknown, target: Target): ConnectionProblem {
  if (error instanceof AggregateError && error.errors.length > 0) return diagnose(error.errors[0], target)
  if (!(error instanceof Error)) throw error
  const said =
    error instanceof DatabaseError ? byServer(error, target) : error instanceof LinkFault ? byLink(error, target) : byNetwork(error, target)
  if (!said) throw error
  const [fault, message, hint] = said
  const sqlstate = error instanceof DatabaseError ? { sqlstate: error.code } : {}
  const kind = fault === 'may_not_connect' ? 'insufficient_privilege' : fault === 'wrong_answer' ? 'sql_error' : 'unreachable'
  return { kind, fault, message, ...(hint ? { hint: clipped(hint) } : {}), ...sqlstate }
}

function byLink({ fault, message, hint }: LinkFault, { host, port }: Target): Said {
  if (fault === 'no_answer') return [fault, noAnswer(host, port)]
  if (fault === 'lost') return ['not_postgresql', droppedWords(host, port)]
  return [fault, message, hint]
}

/** The server answered, and refused; codes of the manual's appendix A. */
function byServer(error: DatabaseError, target: Target): Said {
  if (refusesTransactions(error)) return ['statement_pooling', STATEMENT_POOLING.message, STATEMENT_POOLING.hint]
  const { code, message, routine } = error
  const { user, database, password } = target
  switch (code) {
    case '28P01':
      return [
        'wrong_password',
        `The password of role "${user}" is wrong, or there is no such role: the server does not say which.`,
        message,
      ]
    case '28000':
      return refusedRole(routine, message, target)
    case '3D000':
      return [
        'no_such_database',
        `There is no database "${database}" ${isPooler(error) ? 'in the pooler here' : 'on this server'}.`,
        message,
      ]
    case '42501':
      return ['may_not_connect', `Role "${user}" has no CONNECT privilege on database "${database}".`, message]
    case '53300':
      return [
        'too_many_connections',
        'The server has no free connection: max_connections, or the limit of the role or database, is reached.',
        message,
      ]
    case '55000':
      if (routine !== 'CheckMyDatabase') break
      return ['may_not_connect', `Database "${database}" takes no connections (ALLOW_CONNECTIONS false).`, message]
    case '57P03':
      return ['starting_up', 'The server accepts no connections now: it is starting up, shutting down or in recovery.', message]
  }
  if (isPooler(error)) return ['pooler', POOLER_REFUSES, message]
  if (code === '08P01' || code === undefined) return ['not_postgresql', 'What answers on this port is not PostgreSQL.', message]
  return [
    'other',
    password === undefined ? `The server refuses the connection (no password was given).` : 'The server refuses the connection.',
    message,
  ]
}

/**
 * invalid_authorization_specification. ClientAuthentication raises it for what pg_hba.conf says, InitializeSessionUserId where a role
 * is missing and where it has NOLOGIN, which only the server's own words tell apart; auth_failed for peer, ident, certificates.
 */
function refusedRole(routine: string | undefined, message: string, { user, ssl }: Target): Said {
  switch (routine) {
    case 'ClientAuthentication':
      return ['hba_refusal', hbaWords(ssl !== undefined && ssl !== false), message]
    case 'InitializeSessionUserId':
      return ['may_not_connect', `Role "${user}" is not on this server, or has NOLOGIN; the server's own words say which.`, message]
    default:
      return ['may_not_connect', `The server does not accept role "${user}" with this connection.`, message]
  }
}

function hbaWords(encrypted: boolean): string {
  const words = 'The pg_hba.conf of the server lets nobody in from here as this role into this database'
  return encrypted
    ? `${words}. Add an entry and reload it.`
    : `${words} without TLS. Choose TLS mode require or stronger if it has an entry hostssl, or add an entry.`
}
