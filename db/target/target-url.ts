import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { Target } from './target'

/**
 * A target from an address as libpq takes it: postgresql://user:password@host:port/database?sslmode=…
 * sslmode as in the manual, 32.19.1: disable and prefer are plain here (prefer would fall back silently),
 * require encrypts without checking, verify-ca checks the authority, verify-full the host's name as well.
 * Errors: throws on what is no such address.
 */
export function targetFromUrl(serverId: string, address: string): Target {
  const url = new URL(address)
  const user = decodeURIComponent(url.username) || 'postgres'
  return {
    serverId,
    host: url.hostname.replace(/^\[|\]$/g, '') || 'localhost',
    port: Number(url.port) || 5432,
    user,
    password: url.password ? decodeURIComponent(url.password) : undefined,
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    ssl: tls(url.searchParams),
  }
}

function tls(params: URLSearchParams): ConnectionOptions | undefined {
  const root = params.get('sslrootcert')
  const ca = root ? readFileSync(root, 'utf8') : undefined
  switch (params.get('sslmode')) {
    case 'require':
      return ca ? { ca, checkServerIdentity: () => undefined } : { rejectUnauthorized: false }
    case 'verify-ca':
      return { ca, checkServerIdentity: () => undefined }
    case 'verify-full':
      return { ca }
    default:
      return undefined
  }
}
