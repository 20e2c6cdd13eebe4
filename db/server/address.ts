import type { ConnectionOptions } from 'node:tls'
import { failed, ok, type Result } from './problem'
import type { Target } from './target'

/** TLS as libpq names it (manual, 32.19.1), weakest first. `allow` is taken as prefer: it encrypts where it can, too. */
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
 * Reads a connection string of libpq (manual, 32.1.1): the URI, or keyword = value pairs. What it leaves out
 * has libpq's default. A file that sslrootcert names is handed back, not read.
 * Errors: invalid_input with what is wrong.
 */
export function parseAddress(text: string): Result<Address & { sslrootcert?: string }> {
  const trimmed = text.trim()
  const given = /^postgres(ql)?:\/\//.test(trimmed) ? uriParameters(trimmed) : keywordParameters(trimmed)
  if (!given) return failed('invalid_input', 'A connection string reads postgresql://user@host:5432/database, or host=… user=… dbname=…')
  const host = given.host || given.hostaddr || 'localhost'
  const port = Number(given.port || 5432)
  if (/[,\s]/.test(host)) return failed('invalid_input', 'One host, please: each server is added by itself')
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return failed('invalid_input', `${given.port} is no port`)
  const sslmode = given.sslmode === 'allow' ? 'prefer' : SSL_MODES.find((mode) => mode === (given.sslmode || 'prefer'))
  if (!sslmode) return failed('invalid_input', `sslmode is one of ${SSL_MODES.join(', ')}; not ${given.sslmode}`)
  const user = given.user || 'postgres'
  const { password, sslrootcert } = given
  return ok({ host, port, user, password, database: given.dbname || user, sslmode, sslrootcert })
}

function uriParameters(text: string): Record<string, string> | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const decoded = [url.username, url.password, url.pathname.slice(1)].map(percentDecoded)
  if (decoded.includes(undefined)) return undefined
  const [user, password, dbname] = decoded
  const stated = { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port, user, dbname }
  const parts: Record<string, string> = Object.fromEntries(url.searchParams)
  for (const [name, value] of Object.entries(stated)) if (value) parts[name] = value
  if (password) parts.password = password
  return parts
}

/** Undefined for a % that two hexadecimal digits do not follow. A URL's parts are ASCII, so every byte is a character. */
function percentDecoded(text: string): string | undefined {
  if (text.replaceAll(/%[0-9a-f]{2}/gi, '').includes('%')) return undefined
  const bytes = text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** Values with blanks stand in single quotes; a backslash keeps the quote or backslash after it. */
function keywordParameters(text: string): Record<string, string> | undefined {
  const parts: Record<string, string> = {}
  const pair = /\s*([a-z_]+)\s*=\s*(?:'((?:\\.|[^'\\])*)'|((?:\\.|[^\s'\\])*))(?=\s|$)/gy
  let end = 0
  for (const [whole, name = '', quoted, bare] of text.matchAll(pair)) {
    parts[name] = (quoted ?? bare ?? '').replaceAll(/\\(.)/g, '$1')
    end += whole.length
  }
  return end > 0 && text.slice(end).trim() === '' ? parts : undefined
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
  return { serverId, host, port, user, password, database, ssl: tlsOptions(address.sslmode, address.ca, offered) }
}
