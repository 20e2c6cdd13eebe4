import { DatabaseError } from 'pg'
import { byNetwork, type ConnectionFault, refusesTransactions, type Said, STATEMENT_POOLING } from './connection-fault'
import type { Problem } from './problem'
import type { Target } from './target'

export interface ConnectionProblem extends Problem {
  fault: ConnectionFault
}

/**
 * What node-postgres threw while it connected, in words for whoever adds the server. The server's or the
 * system's own message stands in `hint` where it says more. Errors: throws on what is a bug.
 */
export function diagnose(error: unknown, target: Target): ConnectionProblem {
  if (error instanceof AggregateError && error.errors.length > 0) return diagnose(error.errors[0], target)
  if (!(error instanceof Error)) throw error
  const said = error instanceof DatabaseError ? byServer(error, target) : byNetwork(error as NodeJS.ErrnoException, target)
  if (!said) throw error
  const [fault, message, hint] = said
  const sqlstate = error instanceof DatabaseError ? { sqlstate: error.code } : {}
  const kind = fault === 'may_not_connect' ? 'insufficient_privilege' : 'unreachable'
  return { kind, fault, message, ...(hint ? { hint } : {}), ...sqlstate }
}

/** The server answered, and refused; codes of the manual's appendix A. */
function byServer(error: DatabaseError, { user, database, password }: Target): Said {
  if (refusesTransactions(error)) return ['statement_pooling', STATEMENT_POOLING.message, STATEMENT_POOLING.hint]
  const { code, message } = error
  switch (code) {
    case '28P01':
      return [
        'wrong_password',
        `The password of role "${user}" is wrong, or there is no such role: the server does not say which.`,
        message,
      ]
    case '28000':
      if (message.includes('pg_hba.conf')) return ['hba_refusal', hbaWords(message), message]
      if (message.includes('does not exist')) return ['no_such_role', `There is no role "${user}" on this server.`, message]
      return ['may_not_connect', `Role "${user}" may not log in.`, message]
    case '3D000':
      return ['no_such_database', `There is no database "${database}" on this server.`, message]
    case '42501':
      return ['may_not_connect', `Role "${user}" has no CONNECT privilege on database "${database}".`, message]
    case '53300':
      return [
        'too_many_connections',
        'The server has no connection to spare: max_connections, or the limit of the role or database, is reached.',
        message,
      ]
    case '57P03':
      return ['starting_up', 'The server is there but takes no connections now: it starts up, shuts down or recovers.', message]
    case '08P01':
    case undefined:
      return ['not_postgresql', 'What answers on this port does not speak as PostgreSQL does.', message]
    default:
      return [
        'other',
        password === undefined ? `The server refuses the connection (no password was given).` : 'The server refuses the connection.',
        message,
      ]
  }
}

/** "no pg_hba.conf entry for host …, no encryption", "pg_hba.conf rejects connection …" */
function hbaWords(message: string): string {
  const plain = /no encryption|SSL off/.test(message)
  const words = 'The pg_hba.conf of the server lets nobody in from here as this role into this database'
  return plain ? `${words} without TLS. Choose TLS mode require or stronger, or add an entry.` : `${words}. Add an entry and reload it.`
}
