'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { noted } from '@/app/noted'
import { adminOfAction } from '@/app/session'
import { consoleDb } from '@/db/console/client'
import { server } from '@/db/console/schema'
import { addServer, changeServer, keepPassword, removeServer, setReadOnly } from '@/db/console/server-changes'
import { readServerInput } from '@/db/console/server-input'
import { findServer, present, reachAddress, serverTarget } from '@/db/console/servers'
import { failed, type Result } from '@/db/server/problem'
import { type Connected, testConnection } from '@/db/server/test-connection'

const serverId = z.string().min(1).max(100)

const WRONG_FORM = failed('invalid_input', 'The form is not complete.')

/** Connects with what stands in the form; a password that was left out is the stored one, where there is one. */
export async function testServer(input: unknown, id: unknown): Promise<Result<Connected>> {
  const admin = await adminOfAction(input, id)
  if (!admin.ok) return admin
  const given = readServerInput(input)
  if (!given.ok) return given
  const stored = serverId.safeParse(id)
  const [row] = stored.success ? await consoleDb().select().from(server).where(present(stored.data)) : []
  const address = row ? keepPassword(row, given.value.address) : { ok: true as const, value: given.value.address }
  if (!address.ok) return address
  const { host, port, user, database, sslmode } = address.value
  const detail = { host, port, user, sslmode, password: given.value.address.password ? 'given' : address.value.password ? 'kept' : 'none' }
  const asked = { by: admin.value, action: 'server.tested', serverId: row?.id, database, detail }
  return noted(asked, await testConnection(await reachAddress('test', address.value)), cameOf)
}

/** Connects as the console does now. */
export async function testStoredServer(id: unknown): Promise<Result<Connected>> {
  const admin = await adminOfAction(id)
  if (!admin.ok) return admin
  const given = serverId.safeParse(id)
  if (!given.success) return WRONG_FORM
  const target = await serverTarget(given.data)
  if (!target.ok) return target
  const { serverId: stored, host, port, user, database } = target.value
  const asked = { by: admin.value, action: 'server.tested', serverId: stored, database, detail: { host, port, user } }
  return noted(asked, await testConnection(target.value), cameOf)
}

/** What the audit keeps of a connection. */
const cameOf = ({ version, role, tls, milliseconds }: Connected) => ({ version, role, tls, durationMs: milliseconds })

/** Adds a server, or changes the one of that id. */
export async function saveServer(input: unknown, id?: unknown): Promise<Result<{ id: string }>> {
  const admin = await adminOfAction(input, id)
  if (!admin.ok) return admin
  const given = readServerInput(input)
  if (!given.ok) return given
  if (id === undefined) return renewed(await addServer(given.value, admin.value))
  const stored = serverId.safeParse(id)
  return stored.success ? renewed(await changeServer(stored.data, given.value, admin.value)) : WRONG_FORM
}

/** Marks a server so that no command reaches it, or lifts that. */
export async function markReadOnly(id: unknown, readOnly: unknown): Promise<Result<{ id: string }>> {
  const admin = await adminOfAction(id, readOnly)
  if (!admin.ok) return admin
  const given = z.tuple([serverId, z.boolean()]).safeParse([id, readOnly])
  return given.success ? renewed(await setReadOnly(...given.data, admin.value)) : WRONG_FORM
}

/** Removes a server; its name has to be typed. */
export async function takeServerAway(id: unknown, typedName: unknown): Promise<Result<{ id: string }>> {
  const admin = await adminOfAction(id, typedName)
  if (!admin.ok) return admin
  const given = z.tuple([serverId, z.string().max(100)]).safeParse([id, typedName])
  if (!given.success) return WRONG_FORM
  const [wanted, name] = given.data
  const found = await findServer(wanted)
  if (found?.name !== name.trim()) return failed('conflict', `Type the server's name, ${found?.name ?? 'which is gone'}, to remove it.`)
  return renewed(await removeServer(wanted, admin.value))
}

/** The server's name stands in the navigation of every page. */
function renewed<T>(result: Result<T>): Result<T> {
  if (result.ok) revalidatePath('/', 'layout')
  return result
}
