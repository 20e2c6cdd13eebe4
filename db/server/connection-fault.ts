import type { DatabaseError } from 'pg'
import type { Target } from './target'

/** How long a server may take to let us in. */
export const CONNECT_MS = 5_000

/** Why a server cannot be used, finer than a problem's kind: what somebody who adds it must fix. */
export type ConnectionFault =
  | 'host_unknown'
  | 'host_unreachable'
  | 'port_refused'
  | 'no_answer'
  | 'not_postgresql'
  | 'lost'
  | 'pooler'
  | 'wrong_answer'
  | 'wrong_password'
  | 'password_missing'
  | 'password_unprotected'
  | 'method_unknown'
  | 'not_proven'
  | 'hba_refusal'
  | 'no_such_database'
  | 'may_not_connect'
  | 'too_many_connections'
  | 'starting_up'
  | 'tls_not_offered'
  | 'certificate_not_trusted'
  | 'certificate_wrong_name'
  | 'certificate_expired'
  | 'certificate_not_yet_valid'
  | 'too_old'
  | 'statement_pooling'
  | 'other'

/**
 * PgBouncer with pool_mode = statement, which refuses BEGIN. Its own errors have no place in the source of PostgreSQL, and are in no
 * other language (PgBouncer's manual, pool_mode).
 */
export const refusesTransactions = ({ code, routine, message }: DatabaseError): boolean =>
  code === '08P01' && routine === undefined && message.includes('statement pooling mode')

/** Names cannot be pinned there, and nothing is read at one moment. */
export const STATEMENT_POOLING = {
  message: 'Connected through a pooler in statement mode, which allows no transactions: Proctor cannot read the server through it.',
  hint: "Give the server's own address, often the same host with port 5432, or a pool in transaction or session mode.",
}

export type Said = [fault: ConnectionFault, message: string, hint?: string]

/** Codes of libuv and OpenSSL, as Node hands them on. */
export function byNetwork(
  { code, message, syscall }: NodeJS.ErrnoException,
  { host, port }: Pick<Target, 'host' | 'port'>,
): Said | undefined {
  switch (code) {
    case 'ENOTFOUND':
      return ['host_unknown', `No address is known for the host name "${host}": DNS has no such name.`]
    case 'EAI_AGAIN':
      return ['host_unknown', `The name "${host}" cannot be looked up: DNS does not answer.`]
    case 'ECONNREFUSED':
      return [
        'port_refused',
        `${host} answers, but nothing listens on port ${port}.`,
        'Check listen_addresses and port of the server, and any firewall.',
      ]
    case 'ENOENT':
      return ['port_refused', `There is no socket of a server on port ${port} in ${host}.`]
    case 'ENOTDIR':
      return ['host_unknown', `${host} is a file: a host that begins with / is the directory in which a server has its socket.`]
    case 'EACCES':
    case 'EPERM':
      return ['host_unreachable', `The account of the console may not open a connection to ${host}, port ${port}.`, message]
    case 'ENAMETOOLONG':
      return ['host_unknown', `${host} is too long for the directory of a socket: systems take about 100 bytes.`]
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return ['host_unreachable', `There is no route to ${host}: the network reports it unreachable.`, message]
    case 'ETIMEDOUT':
      return ['no_answer', noAnswer(host, port)]
    case 'ECONNRESET':
    case 'EPIPE':
    case 'EPROTO':
      return ['not_postgresql', droppedWords(host, port), message]
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [
        'certificate_wrong_name',
        `The server's certificate is not for "${host}".`,
        `${message}. Use the name in the certificate as host, or TLS mode verify-ca.`,
      ]
    case 'CERT_HAS_EXPIRED':
      return ['certificate_expired', "The server's certificate, or that of its authority, has expired."]
    case 'CERT_NOT_YET_VALID':
      return ['certificate_not_yet_valid', "The server's certificate is not valid yet; check the clocks of both machines."]
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
  if (/^ERR_(SSL|OSSL|TLS)_/.test(code ?? '')) return ['other', 'The TLS handshake failed.', message]
  // Whatever else the system has against such an address (EINVAL, ELOOP …): no call of ours, so no bug of ours.
  if (syscall === 'connect' || syscall === 'getaddrinfo') return ['other', `Cannot connect to ${host}, port ${port}.`, message]
  return undefined
}

export const noAnswer = (host: string, port: number): string =>
  `${host} did not answer on port ${port} within ${CONNECT_MS / 1000} s: a firewall drops the packets, or the machine is down.`

/** Of a connection that was made and closed before anybody was let in. */
export const droppedWords = (host: string, port: number): string =>
  `${host} took the connection to port ${port} and dropped it: not PostgreSQL, or a proxy with no server behind it.`
