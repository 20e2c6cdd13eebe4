import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { type Address, targetAt } from '../server/address'
import { forgetFacts } from '../server/facts'
import { closePools } from '../server/pool'
import { failed, ok, type Result } from '../server/problem'
import { forgetReads } from '../server/run-read'
import { inDatabase, type Target } from '../server/target'
import { reachTarget, targetFromUrl } from '../server/target-url'
import { offersTls } from '../server/tls-offer'
import { consoleDb } from './client'
import { inDoubt } from './console-id'
import { ownConsole, server } from './schema'
import { unseal } from './sealing'

/** What pages may know of a server: everything but its password, sealed or not. */
const SHOWN = {
  id: server.id,
  name: server.name,
  source: server.source,
  database: server.database,
  host: server.host,
  port: server.port,
  username: server.username,
  sslmode: server.sslmode,
  sslrootcert: server.sslrootcert,
  hasPassword: sql<boolean>`${server.sealedPassword} is not null`,
  readOnly: server.readOnly,
  unusedAfterDays: server.unusedAfterDays,
  tags: server.tags,
  systemIdentifier: server.systemIdentifier,
  timeline: server.timeline,
  otherIdentifier: server.otherIdentifier,
  otherSince: server.otherSince,
  standbySince: server.standbySince,
  unknownSince: server.unknownSince,
  createdAt: server.createdAt,
  changedAt: server.changedAt,
}

type Row = typeof server.$inferSelect
export type Server = Omit<Row, 'sealedPassword' | 'removedAt'> & { hasPassword: boolean }

/** Where a server of the settings is; undefined when this start does not name it. */
const settingsAddress = (source: Server['source']): string | undefined =>
  source === 'embedded' ? process.env.PROCTOR_SAMPLE_URL : process.env.DATABASE_URL

const isThere = ({ source }: Pick<Server, 'source'>): boolean => source === 'stored' || settingsAddress(source) !== undefined

/** False for a server that only the settings of another machine name; one that is nowhere counts as named. */
export async function isNamedHere(serverId: string): Promise<boolean> {
  const [row] = await consoleDb().select({ source: server.source }).from(server).where(present(serverId))
  return row === undefined || isThere(row)
}

/** The servers that were added in the browser or that the settings of this start name, by name. */
export async function listServers(): Promise<Server[]> {
  const known = await consoleDb().select(SHOWN).from(server).where(isNull(server.removedAt)).orderBy(asc(server.name))
  return known.filter(isThere)
}

/** The server that a route names; undefined when there is none of that id. */
export async function findServer(serverId: string): Promise<Server | undefined> {
  const [row] = await consoleDb().select(SHOWN).from(server).where(present(serverId))
  return row && isThere(row) ? row : undefined
}

/** The condition for a row of that id that was not removed. */
export const present = (serverId: string) => and(eq(server.id, serverId), isNull(server.removedAt))

/**
 * How a server's database is reached; its default database when none is named. Connections that this
 * process made to an earlier address of it are closed.
 * Errors: invalid_input when there is no such server, or its password cannot be opened; conflict while this console may be a copy.
 */
export async function serverTarget(serverId: string, database?: string): Promise<Result<Target>> {
  const known = consoleDb().select({ row: server, consoleId: ownConsole.id, doubt: ownConsole.doubt }).from(server)
  const [found] = await known.innerJoin(ownConsole, sql`true`).where(present(serverId))
  if (!found || !isThere(found.row)) return failed('invalid_input', `There is no server "${serverId}"`)
  const { row, consoleId, doubt } = found
  if (doubt) return inDoubt()
  leaveOldAddress(row)
  const target = await targetOf(row)
  return target.ok ? ok({ ...inDatabase(target.value, database ?? row.database), consoleId }) : target
}

/**
 * The same, and nothing but the recorded cluster may answer: for whatever plans, confirms or changes something, and for what judges by the
 * catalog afterwards. Before the first contact no cluster is recorded, and whichever is there answers.
 */
export async function recordedTarget(serverId: string, database?: string): Promise<Result<Target>> {
  const [target, found] = await Promise.all([serverTarget(serverId, database), findServer(serverId)])
  if (!target.ok || !found?.systemIdentifier) return target
  return ok({ ...target.value, cluster: { systemIdentifier: found.systemIdentifier } })
}

async function targetOf(row: Row): Promise<Result<Target>> {
  if (row.source !== 'stored') {
    const url = settingsAddress(row.source) ?? ''
    return ok(row.source === 'embedded' ? targetFromUrl(row.id, url) : await reachTarget(row.id, url))
  }
  const address = storedAddress(row)
  return address.ok ? ok(await reachAddress(row.id, address.value)) : address
}

/** A target at an address; for prefer the server is asked for TLS first. */
export const reachAddress = async (serverId: string, address: Address): Promise<Target> =>
  targetAt(serverId, address, address.sslmode === 'prefer' && (await offersTls(address.host, address.port)))

/** The address that a stored row holds, with its password opened. Errors: invalid_input when that fails. */
export function storedAddress(row: Row): Result<Address> {
  const { host, port, username: user, database } = row
  if (host === null || port === null || user === null) return failed('invalid_input', `The server "${row.id}" has no address`)
  const password = row.sealedPassword === null ? ok(undefined) : unseal(row.sealedPassword, passwordContext(row.id, { host, port, user }))
  if (!password.ok) return password
  const ca = row.sslrootcert ?? undefined
  return ok({ host, port, user, database, password: password.value, sslmode: row.sslmode ?? 'verify-full', ca })
}

/** A stored password goes to one host and port, as one role: whoever changes these must know it. */
export const passwordContext = (serverId: string, { host, port, user }: Pick<Address, 'host' | 'port' | 'user'>): string =>
  JSON.stringify(['password of', serverId, host, port, user])

/**
 * Whether a server is marked read-only in Proctor: then no command reaches it, whoever asks. A server that
 * is not there counts as read-only.
 */
export async function serverIsReadOnly(serverId: string): Promise<boolean> {
  return (await findServer(serverId))?.readOnly ?? true
}

/** Notes the server that the settings name; a later start under the same id renews its entry. */
export async function registerServer(entry: Pick<Row, 'id' | 'name' | 'database'> & { source: 'embedded' | 'environment' }): Promise<void> {
  await consoleDb().insert(server).values(entry).onConflictDoUpdate({ target: server.id, set: entry })
}

/** When the address was last changed, as far as this process saw; web and worker each see for themselves. */
const shared = globalThis as { proctorAddresses?: Map<string, number> }
shared.proctorAddresses ??= new Map()
const seen = shared.proctorAddresses

function leaveOldAddress({ id, changedAt }: Pick<Row, 'id' | 'changedAt'>): void {
  const before = seen.get(id)
  seen.set(id, changedAt.getTime())
  if (before === undefined || before === changedAt.getTime()) return
  forgetFacts()
  forgetReads()
  closePools(id) // reads that are under way end first; nobody waits for that
}
