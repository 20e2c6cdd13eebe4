import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { whyRefused } from './connection-keywords'
import { type ConnectionWords, readConnectionString } from './connection-string'
import { failed, ok, type Result } from './problem'
import type { Target } from './target'

/** TLS as libpq names it (manual, 34.19.1), weakest first. `allow` is taken as prefer: it encrypts where it can, too. */
export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof SSL_MODES)[number]

/** Where a server is and who asks, before anything was tried. */
export interface Address {
  host: string
  port: number
  user: string
  password?: string
  database: string
  sslmode: SslMode
  /** PEM of the authority that signed the server's certificate; the system's authorities when left out. */
  ca?: string
}

/**
 * Reads a connection string of libpq (manual, 34.1.1): the URI, or keyword = value pairs. Every keyword is honoured, or of no
 * consequence, or refused (connection-keywords.ts). Left out: host is localhost and user is postgres, for the console's own account
 * and directory of sockets say nothing about the server; dbname, port and sslmode as in libpq. A file that sslrootcert names is
 * handed back, not read.
 * Errors: invalid_input with what is wrong; no password is in it.
 */
export function parseAddress(text: string): Result<Address & { sslrootcert?: string }> {
  const read = readConnectionString(text.trim())
  if (!read.ok) return read
  const given = read.value
  for (const [keyword, value] of given) {
    const refused = whyRefused(keyword, value)
    if (refused) return failed('invalid_input', refused)
  }
  const host = hostOf(given)
  if (!host.ok) return host
  const port = portOf(given.get('port') || '5432')
  if (port === undefined) {
    return failed('invalid_input', 'The port must be a whole number from 1 to 65535. Write a / in a role or password as %2F')
  }
  const tls = tlsOf(given)
  if (!tls.ok) return tls
  const user = given.get('user') || 'postgres'
  const password = given.get('password') || undefined // libpq, too, asks for another in place of an empty one
  return ok({ host: host.value, port, user, password, database: given.get('dbname') || user, ...tls.value })
}

/** As libpq's parse_int_param: decimal, blanks and a plus sign are let pass. */
function portOf(text: string): number | undefined {
  const port = /^\s*\+?\d{1,9}\s*$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}

function hostOf(given: ConnectionWords): Result<string> {
  const [host, hostaddr] = [given.get('host') || undefined, given.get('hostaddr') || undefined]
  if ([host, hostaddr].some((text) => text?.includes(',')))
    return failed('invalid_input', 'More than one host is given. Add each server by itself')
  if (host && hostaddr)
    return failed(
      'invalid_input',
      'host and hostaddr are both given. Give one of them: the certificate is checked against the name that is connected to',
    )
  if (hostaddr && isIP(hostaddr) === 0) return failed('invalid_input', 'hostaddr must be an IP address. Give a name as host')
  if (host?.startsWith('@'))
    return failed('invalid_input', 'Sockets in the abstract namespace (@…) are not supported. Give the directory of the socket, or a host')
  if (host && !host.startsWith('/') && /[\s/@\p{Cc}]/u.test(host))
    return failed('invalid_input', 'The host must be a name, an IP address, or the directory of a socket, which begins with /')
  return ok(host ?? hostaddr ?? 'localhost')
}

/** sslrootcert=system means verify-full, as from libpq 16 on, and goes with no weaker mode. */
function tlsOf(given: ConnectionWords): Result<{ sslmode: SslMode; sslrootcert?: string }> {
  const sslrootcert = given.get('sslrootcert') || undefined
  const said = given.get('sslmode') ?? (sslrootcert === 'system' ? 'verify-full' : 'prefer')
  const sslmode = said === 'allow' ? 'prefer' : SSL_MODES.find((mode) => mode === said)
  if (!sslmode) return failed('invalid_input', `sslmode must be one of ${SSL_MODES.join(', ')}, not "${said.slice(0, 60)}"`)
  if (sslrootcert === 'system' && sslmode !== 'verify-full') {
    return failed(
      'invalid_input',
      `sslrootcert=system goes with sslmode=verify-full only, not with ${said}: anybody can have a certificate`,
    )
  }
  return ok({ sslmode, sslrootcert })
}

/**
 * What node-postgres needs for a mode. `offered` says whether the server speaks TLS; it decides for prefer alone.
 * require encrypts without checking, verify-ca checks the authority, verify-full the host's name as well.
 */
export function tlsOptions(sslmode: SslMode, ca: string | undefined, offered: boolean): false | ConnectionOptions {
  switch (sslmode) {
    case 'disable':
      return false
    case 'prefer':
      return offered ? { rejectUnauthorized: false } : false
    case 'require':
      return { rejectUnauthorized: false }
    case 'verify-ca':
      return { ca, checkServerIdentity: () => undefined }
    case 'verify-full':
      return { ca }
  }
}

/** The target at an address, once it is known whether TLS is offered there. */
export function targetAt(serverId: string, address: Address, offered: boolean): Target {
  const { host, port, user, password, database } = address
  const ssl = !host.startsWith('/') && tlsOptions(address.sslmode, address.ca, offered) // a Unix socket has no TLS, as in libpq
  return { serverId, host, port, user, password, database, ssl }
}
