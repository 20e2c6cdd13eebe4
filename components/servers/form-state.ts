import type { ServerInput } from '@/db/console/server-input'
import type { Server } from '@/db/console/servers'
import type { SslMode } from '@/db/server/address'

/** What stands in the form. It lives in the browser alone; the server sends no password to it. */
export interface ServerFormState {
  name: string
  readOnly: boolean
  way: 'fields' | 'address'
  host: string
  port: string
  user: string
  database: string
  password: string
  sslmode: SslMode
  ca: string
  address: string
}

/** Weakest first, with what each protects from (manual, table 32.1). */
export const TLS_MODES: { mode: SslMode; about: string }[] = [
  { mode: 'disable', about: 'No encryption: authentication and all data can be read in transit.' },
  { mode: 'prefer', about: 'Encrypts if the server offers it; an attacker in between can prevent that.' },
  { mode: 'require', about: 'Encrypts, but does not verify the certificate.' },
  { mode: 'verify-ca', about: 'Encrypts, and the certificate must be signed by the authority below.' },
  { mode: 'verify-full', about: 'Encrypts, and verifies authority and host name. Recommended.' },
]

export const formStateOf = (server?: Server): ServerFormState => ({
  name: server?.name ?? '',
  readOnly: server?.readOnly ?? false,
  way: 'fields',
  host: server?.host ?? '',
  port: String(server?.port ?? 5432),
  user: server?.username ?? '',
  database: server?.database ?? '',
  password: '',
  sslmode: server?.sslmode ?? 'verify-full',
  ca: server?.sslrootcert ?? '',
  address: '',
})

/** What the form sends. */
export function inputOf({ name, readOnly, ca, way, address, ...rest }: ServerFormState): ServerInput {
  const { host, port, user, database, password, sslmode } = rest
  const connection =
    way === 'address' ? { kind: way, address } : { kind: way, host, port, user, database, sslmode, password: password || undefined }
  return { name, readOnly, ca: ca || undefined, connection }
}
