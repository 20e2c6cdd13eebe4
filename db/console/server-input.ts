import { z } from 'zod'
import { type Address, parseAddress, SSL_MODES } from '../server/address'
import { readAuthority } from '../server/authority'
import { failed, ok, type Result } from '../server/problem'

/** One line of text without control characters; NUL, above all, is in no PostgreSQL name. */
const line = (what: string, most: number) =>
  z
    .string()
    .trim()
    .min(1, `${what} is missing.`)
    .max(most, `${what} has at most ${most} characters.`)
    .regex(/^\P{Cc}*$/u, `${what} is one line of text.`)

const fields = z.object({
  kind: z.literal('fields'),
  host: line('Host', 255).refine(
    (host) => !/[\s,/@\p{C}]/u.test(host) || host.startsWith('/'),
    'Host is a name or an address, without port.',
  ),
  port: z.coerce
    .number('Port is a number.')
    .int('Port is a whole number.')
    .min(1, 'Port is 1 or more.')
    .max(65_535, 'Port is 65535 or less.'),
  user: line('Role', 255),
  database: line('Database', 255),
  sslmode: z.enum(SSL_MODES),
  /** Left out or empty: the stored one is kept, where there is one. */
  password: z.string().max(1_000).optional(),
})

/** What the form for a server sends. */
const serverInput = z.object({
  name: line('Name', 100),
  readOnly: z.boolean(),
  ca: z.string().max(200_000, 'At most 200 kB of certificates.').optional(),
  connection: z.discriminatedUnion('kind', [fields, z.object({ kind: z.literal('address'), address: line('Connection string', 4_000) })]),
})

export type ServerInput = z.input<typeof serverInput>

export interface NewServer {
  name: string
  readOnly: boolean
  address: Address
}

/**
 * What somebody typed or pasted, as an address.
 * Errors: invalid_input with a sentence for the first thing that is wrong. The password is in none of them.
 */
export function readServerInput(input: unknown): Result<NewServer> {
  const given = serverInput.safeParse(input)
  if (!given.success) return failed('invalid_input', given.error.issues[0]?.message ?? 'The form is not complete.')
  const { name, readOnly, connection, ca } = given.data
  const address = connection.kind === 'fields' ? ok(connection) : addressFromText(connection.address)
  if (!address.ok) return address
  const { host, port, user, database, sslmode, password } = address.value
  const checks = sslmode === 'verify-ca' || sslmode === 'verify-full'
  const base = { host, port, user, database, sslmode, password: password || undefined }
  if (!checks) return ok({ name, readOnly, address: base })
  if (!ca?.trim()) {
    if (sslmode === 'verify-full') return ok({ name, readOnly, address: base }) // a public authority
    return failed('invalid_input', 'verify-ca needs the certificate of your authority: otherwise any public one would be accepted.')
  }
  const authority = readAuthority(ca)
  return authority.ok ? ok({ name, readOnly, address: { ...base, ca: authority.value.pem } }) : authority
}

/** The same rules hold for a pasted string as for fields. A file that it names is on another machine. */
function addressFromText(text: string): Result<Omit<Address, 'ca'>> {
  const parsed = parseAddress(text)
  if (!parsed.ok) return parsed
  const { sslrootcert, ...address } = parsed.value
  if (sslrootcert && sslrootcert !== 'system') {
    return failed('invalid_input', 'Leave sslrootcert out, and paste the certificate itself into its field.')
  }
  const checked = fields.safeParse({ kind: 'fields', ...address })
  return checked.success ? ok(checked.data) : failed('invalid_input', checked.error.issues[0]?.message ?? 'No such address.')
}
