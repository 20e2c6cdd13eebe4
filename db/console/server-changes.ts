import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { type Address, SSL_MODES } from '../server/address'
import type { ClusterIdentity } from '../server/cluster'
import { closePools } from '../server/pool'
import { failed, ok, type Result } from '../server/problem'
import { recordOf } from './adopt-cluster'
import { writeAudit } from './audit'
import { type ConsoleDb, consoleDb } from './client'
import type { By } from './roles'
import { run, server } from './schema'
import { seal } from './sealing'
import type { NewServer } from './server-input'
import { passwordContext, present, storedAddress } from './servers'

type Transaction = Parameters<Parameters<ConsoleDb['transaction']>[0]>[0]
type Row = typeof server.$inferSelect

/** Routes of the console: a server of that id would hide them, or they it. */
const TAKEN = [
  'account',
  'api',
  'audit',
  'healthz',
  'invitation',
  'metrics',
  'runs',
  'servers',
  'set-up',
  'sign-in',
  'sign-out',
  'settings',
  'users',
]

/** Adds a server. Errors: conflict when the name is taken. Returns its id, which is made from the name. */
export async function addServer({ name, readOnly, address }: NewServer, by: By): Promise<Result<{ id: string }>> {
  return consoleDb().transaction(async (tx) => {
    await oneAtATime(tx)
    if (await nameIsTaken(tx, name)) return NAME_TAKEN
    const id = await freeId(tx, name)
    const row = { id, name, readOnly, source: 'stored' as const, ...columns(id, address) }
    await tx.insert(server).values(row)
    await note(tx, by, 'add-server', id, { after: described(row), password: row.sealedPassword === null ? 'none' : 'given' })
    return ok({ id })
  })
}

/**
 * Changes name, mark and address of a stored server. Without a password in `changed` the stored one stays. `found`: the other cluster at the
 * new address that the server is from now on; left out, it is the recorded one, and no other does as it.
 * Errors: conflict when the name is taken, or runs are open and it would lead elsewhere; invalid_input when there is no such server, or when host, port, role or
 * authority change or TLS becomes weaker, and no password comes with it.
 */
export async function changeServer(id: string, changed: NewServer, by: By, found?: ClusterIdentity): Promise<Result<{ id: string }>> {
  const done = await consoleDb().transaction(async (tx) => {
    await oneAtATime(tx)
    const [before] = await tx.select().from(server).where(present(id))
    if (!before) return missing(id)
    if (before.source !== 'stored') return failed('invalid_input', FROM_SETTINGS)
    if (await nameIsTaken(tx, changed.name, id)) return NAME_TAKEN
    const address = keepPassword(before, changed.address)
    if (!address.ok) return address
    if (leadsElsewhere(before, address.value) && (await hasOpenRuns(tx, id))) return OPEN_RUNS
    const after = { ...before, name: changed.name, readOnly: changed.readOnly, ...columns(id, address.value) }
    await tx
      .update(server)
      .set({ ...after, ...(found && recordOf(found)), changedAt: sql`clock_timestamp()` })
      .where(eq(server.id, id))
    const password = changed.address.password ? 'changed' : before.sealedPassword === null ? 'none' : 'kept'
    const cluster = found && { cluster: { before: before.systemIdentifier, after: found.systemIdentifier } }
    await note(tx, by, 'change-server', id, { before: described(before), after: described(after), password, ...cluster })
    return ok({ id })
  })
  if (done.ok) await closePools(id)
  return done
}

/** Marks a server read-only, or lifts the mark; also one that the settings name. */
export async function setReadOnly(id: string, readOnly: boolean, by: By): Promise<Result<{ id: string }>> {
  return consoleDb().transaction(async (tx) => {
    const [before] = await tx.select({ readOnly: server.readOnly }).from(server).where(present(id)).for('update')
    if (!before) return missing(id)
    await tx.update(server).set({ readOnly }).where(eq(server.id, id))
    await note(tx, by, 'mark-server', id, { before, after: { readOnly } })
    return ok({ id })
  })
}

/** Sets after how many days without a scan an index of the server counts as unused; also of one that the settings name. */
export async function setUnusedAfter(id: string, unusedAfterDays: number, by: By): Promise<Result<{ id: string }>> {
  return consoleDb().transaction(async (tx) => {
    const [before] = await tx.select({ unusedAfterDays: server.unusedAfterDays }).from(server).where(present(id)).for('update')
    if (!before) return missing(id)
    await tx.update(server).set({ unusedAfterDays }).where(eq(server.id, id))
    await note(tx, by, 'set-unused-after', id, { before, after: { unusedAfterDays } })
    return ok({ id })
  })
}

/** Sets the tags of a server; also of one that the settings name. */
export async function setTags(id: string, tags: string[], by: By): Promise<Result<{ id: string }>> {
  return consoleDb().transaction(async (tx) => {
    const [before] = await tx.select({ tags: server.tags }).from(server).where(present(id)).for('update')
    if (!before) return missing(id)
    await tx.update(server).set({ tags }).where(eq(server.id, id))
    await note(tx, by, 'set-tags', id, { before, after: { tags } })
    return ok({ id })
  })
}

/** Removes a stored server: address and password are wiped, its runs and its id stay. Errors: conflict while runs are open; invalid_input. */
export async function removeServer(id: string, by: By): Promise<Result<{ id: string }>> {
  const done = await consoleDb().transaction(async (tx) => {
    const [before] = await tx.select().from(server).where(present(id)).for('update')
    if (!before) return missing(id)
    if (before.source !== 'stored') return failed('invalid_input', FROM_SETTINGS)
    if (await hasOpenRuns(tx, id)) return OPEN_RUNS
    const wiped = { host: null, port: null, username: null, sealedPassword: null, sslmode: null, sslrootcert: null }
    await tx
      .update(server)
      .set({ ...wiped, removedAt: sql`clock_timestamp()`, changedAt: sql`clock_timestamp()` })
      .where(eq(server.id, id))
    await note(tx, by, 'remove-server', id, { before: described(before) })
    return ok({ id })
  })
  if (done.ok) await closePools(id)
  return done
}

/**
 * The address to test or to store when the form left the password out. Errors: invalid_input when it has to be given again: whoever
 * changes where it goes, or takes away what tells that server from another, must know it.
 */
export function keepPassword(stored: Row, address: Address): Result<Address> {
  if (address.password !== undefined || stored.sealedPassword === null) return ok(address)
  const before = storedAddress(stored)
  if (!before.ok) return before
  const { host, port, user, password, sslmode } = before.value
  const isThere = host === address.host && port === address.port && user === address.user
  if (isThere && !isWeaker(before.value, address)) return ok({ ...address, password })
  const where = `${host}:${port} as ${user}, with TLS mode ${sslmode} or a stronger one, and no other authority`
  return failed('invalid_input', `Enter the password again: the stored one is only sent to ${where}.`)
}

/** A lower TLS mode, or another authority in place of the one that was trusted: none given stands for all that this machine trusts. */
function isWeaker(before: Address, after: Address): boolean {
  const [was, is] = [before, after].map(({ sslmode }) => SSL_MODES.indexOf(sslmode)) as [number, number]
  const wasChecked = before.sslmode === 'verify-ca' || before.sslmode === 'verify-full'
  return is < was || (wasChecked && before.ca !== after.ca)
}

/** Another address may be another cluster, and another role or database another view of it. */
export const leadsElsewhere = (before: Row, after: Address): boolean =>
  before.host !== after.host || before.port !== after.port || before.username !== after.user || before.database !== after.database

const hasOpenRuns = async (tx: Transaction, id: string): Promise<boolean> => {
  const open = and(eq(run.serverId, id), inArray(run.state, ['queued', 'running', 'cancelling']))
  return (await tx.select({ id: run.id }).from(run).where(open).limit(1)).length > 0
}

const OPEN_RUNS = failed(
  'conflict',
  'Runs of this server are queued or going on. They must end, or be cancelled, before its address changes.',
)

const columns = (id: string, address: Address) => ({
  host: address.host,
  port: address.port,
  username: address.user,
  database: address.database,
  sslmode: address.sslmode,
  sslrootcert: address.ca ?? null,
  sealedPassword: address.password === undefined ? null : seal(address.password, passwordContext(id, address)),
})

/** What the audit keeps of a server. */
const described = (row: Pick<Row, 'name' | 'host' | 'port' | 'username' | 'database' | 'sslmode' | 'sslrootcert' | 'readOnly'>) => {
  const { name, host, port, username, database, sslmode, sslrootcert, readOnly } = row
  return { name, host, port, username, database, sslmode, sslrootcert, readOnly }
}

const note = (tx: Transaction, by: By, action: string, serverId: string, detail: Record<string, unknown>) =>
  writeAudit({ by, action, serverId, detail }, tx)

/** Names and ids are looked up and taken without another change in between; readers do not wait. */
const oneAtATime = (tx: Transaction) => tx.execute(sql`lock table ${server} in share row exclusive mode`)

async function nameIsTaken(tx: Transaction, name: string, exceptId = ''): Promise<boolean> {
  const same = and(sql`lower(${server.name}) = lower(${name})`, isNull(server.removedAt), ne(server.id, exceptId))
  return (await tx.select({ id: server.id }).from(server).where(same).limit(1)).length > 0
}

/** Billing (Prague) becomes billing-prague, the second one billing-prague-2. */
async function freeId(tx: Transaction, name: string): Promise<string> {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const base =
    plain
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 60) || 'server'
  const used = new Set([...TAKEN, ...(await tx.select({ id: server.id }).from(server)).map(({ id }) => id)])
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`
    if (!used.has(id)) return id
  }
}

const NAME_TAKEN = failed('conflict', 'Another server already has this name.')
const FROM_SETTINGS = 'This server is set by DATABASE_URL, or is the embedded sample. Change its address there.'
const missing = (id: string) => failed('invalid_input', `There is no server "${id}"`)
