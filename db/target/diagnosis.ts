import { DatabaseError } from 'pg'
import type { Problem } from './problem'
import type { Target } from './target'

/** How long a server may take to let us in. */
export const CONNECT_MS = 5_000

/** Why a server cannot be used, finer than a problem's kind: what somebody who adds it must mend. */
export type ConnectionFault =
  | 'host_unknown'
  | 'host_unreachable'
  | 'port_refused'
  | 'no_answer'
  | 'not_postgresql'
  | 'wrong_password'
  | 'password_missing'
  | 'hba_refusal'
  | 'no_such_database'
  | 'no_such_role'
  | 'may_not_connect'
  | 'too_many_connections'
  | 'starting_up'
  | 'tls_not_offered'
  | 'certificate_not_trusted'
  | 'certificate_wrong_name'
  | 'certificate_expired'
  | 'certificate_not_yet_valid'
  | 'too_old'
  | 'other'

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

type Said = [fault: ConnectionFault, message: string, hint?: string]

/** The server answered, and refused; codes of the manual's appendix A. */
function byServer({ code, message }: DatabaseError, { user, database, password }: Target): Said {
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

/** Codes of libuv and OpenSSL, as Node hands them on. */
function byNetwork({ code, message }: NodeJS.ErrnoException, { host, port, user }: Target): Said | undefined {
  switch (code) {
    case 'ENOTFOUND':
      return ['host_unknown', `No address is known for the host name "${host}": DNS has no such name.`]
    case 'EAI_AGAIN':
      return ['host_unknown', `The name "${host}" cannot be looked up: DNS does not answer.`]
    case 'ECONNREFUSED':
      return [
        'port_refused',
        `${host} is there, but nothing listens on port ${port}.`,
        'See listen_addresses and port of the server, and any firewall.',
      ]
    case 'ENOENT':
      return ['port_refused', `There is no socket of a server on port ${port} in ${host}.`]
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return ['host_unreachable', `No way leads to ${host}: the network says that it cannot be reached.`, message]
    case 'ETIMEDOUT':
      return ['no_answer', noAnswer(host, port)]
    case 'ECONNRESET':
    case 'EPIPE':
    case 'EPROTO':
      return [
        'not_postgresql',
        `${host} took the connection to port ${port} and dropped it: not PostgreSQL, or a proxy with no server behind it.`,
        message,
      ]
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [
        'certificate_wrong_name',
        `The server's certificate is not for "${host}".`,
        `${message}. Use the name in the certificate as host, or TLS mode verify-ca.`,
      ]
    case 'CERT_HAS_EXPIRED':
      return ['certificate_expired', "The server's certificate, or that of its authority, has expired."]
    case 'CERT_NOT_YET_VALID':
      return ['certificate_not_yet_valid', "The server's certificate is not valid yet; look at the clocks of both machines."]
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_SIGNATURE_FAILURE':
    case 'INVALID_CA':
    case 'CERT_UNTRUSTED':
      return [
        'certificate_not_trusted',
        "The server's certificate is not signed by the authority that was given (or, without one, by any that this machine trusts).",
        `${message}. Paste the certificate of the authority that signed the server's.`,
      ]
  }
  if (code?.startsWith('ERR_SSL_') || code?.startsWith('ERR_OSSL_')) return ['other', 'The TLS handshake failed.', message]
  if (/does not support SSL/.test(message))
    return ['tls_not_offered', 'The server offers no TLS (ssl = off), and the chosen mode asks for it.']
  if (/establishing an SSL connection/.test(message))
    return ['not_postgresql', 'What answers on this port does not speak as PostgreSQL does.', message]
  if (/must be a (non-empty )?string|password must be/.test(message))
    return ['password_missing', `The server asks for the password of role "${user}", and none was given.`]
  if (/timeout/i.test(message)) return ['no_answer', noAnswer(host, port)]
  if (/Connection terminated/.test(message))
    return [
      'not_postgresql',
      `${host} took the connection to port ${port} and dropped it: not PostgreSQL, or a proxy with no server behind it.`,
      message,
    ]
  return undefined
}

const noAnswer = (host: string, port: number): string =>
  `${host} did not answer on port ${port} within ${CONNECT_MS / 1000} s: a firewall drops the packets, or the machine is down.`
