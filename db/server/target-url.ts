import { readFileSync } from 'node:fs'
import { parseAddress, targetAt } from './address'
import type { Target } from './target'
import { offersTls } from './tls-offer'

/**
 * A target from an address as libpq takes it: postgresql://user:password@host:port/database?sslmode=…
 * Without sslmode, and with prefer, the connection is plain; reachTarget asks the server first. As in libpq,
 * require with a root certificate checks the authority.
 * Errors: throws on what is no such address.
 */
export const targetFromUrl = (serverId: string, address: string): Target => targetAt(serverId, addressOfSettings(address), false)

/** The same, with TLS where the server offers it and sslmode is prefer or not given, as libpq does. */
export async function reachTarget(serverId: string, address: string): Promise<Target> {
  const parsed = addressOfSettings(address)
  return targetAt(serverId, parsed, parsed.sslmode === 'prefer' && (await offersTls(parsed.host, parsed.port)))
}

/**
 * What an address of the settings or the command line says. A root certificate is read from its file: whoever sets the environment of
 * this process may read its files.
 * Errors: throws on what is no address, and where the file cannot be read.
 */
export function addressOfSettings(text: string) {
  const parsed = parseAddress(text)
  if (!parsed.ok) throw new Error(parsed.problem.message)
  const { sslrootcert, ...address } = parsed.value
  if (!sslrootcert && address.sslmode === 'verify-ca') {
    throw new Error('sslmode=verify-ca needs sslrootcert, the certificate of your authority: any public one would do otherwise')
  }
  if (!sslrootcert || sslrootcert === 'system' || ['disable', 'prefer'].includes(address.sslmode)) return address
  const sslmode = address.sslmode === 'require' ? 'verify-ca' : address.sslmode
  return { ...address, sslmode, ca: readFileSync(sslrootcert, 'utf8') }
}
