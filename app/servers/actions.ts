'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { noted } from '@/app/noted'
import { adminOfAction } from '@/app/session'
import { told } from '@/app/told'
import { adoptCluster } from '@/db/console/adopt-cluster'
import { consoleDb } from '@/db/console/client'
import { consoleDoubt, inDoubt } from '@/db/console/console-id'
import { server } from '@/db/console/schema'
import { addServer, keepPassword, removeServer, setReadOnly, setTags, setUnusedAfter } from '@/db/console/server-changes'
import { readServerInput } from '@/db/console/server-input'
import { findServer, present, reachAddress, serverTarget } from '@/db/console/servers'
import { MOST_TAGS, readTags } from '@/db/domain/tags'
import { UNUSED_AFTER_LEAST, UNUSED_AFTER_MOST } from '@/db/domain/unused-after'
import { closedFor, leadServer, type Standing } from '@/db/runs/lead-server'
import { askCluster } from '@/db/server/ask-cluster'
import { grantToKnow } from '@/db/server/cluster'
import { failed, ok, type Result } from '@/db/server/problem'
import { type Connected, testConnection } from '@/db/server/test-connection'

const serverId = z.string().min(1).max(100)

const WRONG_FORM = failed('invalid_input', 'The form is not complete.')

/** Connects with what stands in the form; a password that was left out is the stored one, where there is one. */
export const testServer = told(async (input: unknown, id: unknown): Promise<Result<Connected>> => {
  const admin = await adminOfAction(input, id)
  if (!admin.ok) return admin
  const given = readServerInput(input)
  if (!given.ok) return given
  if (await consoleDoubt()) return inDoubt()
  const stored = serverId.safeParse(id)
  const [row] = stored.success ? await consoleDb().select().from(server).where(present(stored.data)) : []
  const address = row ? keepPassword(row, given.value.address) : { ok: true as const, value: given.value.address }
  if (!address.ok) return address
  const { host, port, user, database, sslmode } = address.value
  const detail = { host, port, user, sslmode, password: given.value.address.password ? 'given' : address.value.password ? 'kept' : 'none' }
  const asked = { by: admin.value, action: 'server.tested', serverId: row?.id, database, detail }
  return noted(asked, await testConnection(await reachAddress('test', address.value)), cameOf)
})

/** Connects as the console does now. */
export const testStoredServer = told(async (id: unknown): Promise<Result<Connected>> => {
  const admin = await adminOfAction(id)
  if (!admin.ok) return admin
  const given = serverId.safeParse(id)
  if (!given.success) return WRONG_FORM
  const target = await serverTarget(given.data)
  if (!target.ok) return target
  const { serverId: stored, host, port, user, database } = target.value
  const asked = { by: admin.value, action: 'server.tested', serverId: stored, database, detail: { host, port, user } }
  return noted(asked, await testConnection(target.value), cameOf)
})

/** What the audit keeps of a connection. */
const cameOf = ({ version, role, tls, milliseconds }: Connected) => ({ version, role, tls, durationMs: milliseconds })

const runIds = z.array(z.string().regex(/^\d{1,18}$/)).max(1_000)
const standing = z.object({ queued: runIds, going: runIds, cluster: z.string().max(20).nullable() })

/** What has to be agreed to first: nothing was changed yet. */
type Asks = { ask: Standing }

/** Adds a server, or changes the one of that id. `agreed`: what stood in the way of another address, as it was shown. */
export const saveServer = told(async (input: unknown, id?: unknown, agreed?: unknown): Promise<Result<{ id: string } | Asks>> => {
  const admin = await adminOfAction(input, id, agreed)
  if (!admin.ok) return admin
  const given = readServerInput(input)
  if (!given.ok) return given
  if (id === undefined) return renewed(await addServer(given.value, admin.value))
  if (await consoleDoubt()) return inDoubt()
  const wanted = z.tuple([serverId, standing.optional()]).safeParse([id, agreed])
  return wanted.success ? renewed(await leadServer(wanted.data[0], given.value, wanted.data[1], admin.value)) : WRONG_FORM
})

/** Marks a server so that no command reaches it, or lifts that. */
export const markReadOnly = told(async (id: unknown, readOnly: unknown): Promise<Result<{ id: string }>> => {
  const admin = await adminOfAction(id, readOnly)
  if (!admin.ok) return admin
  const given = z.tuple([serverId, z.boolean()]).safeParse([id, readOnly])
  return given.success ? renewed(await setReadOnly(...given.data, admin.value)) : WRONG_FORM
})

const days = z.int().min(UNUSED_AFTER_LEAST).max(UNUSED_AFTER_MOST)

/** Sets after how many days without a scan an index of a server counts as unused. */
export const keepUnusedAfter = told(async (id: unknown, after: unknown): Promise<Result<{ id: string }>> => {
  const admin = await adminOfAction(id, after)
  if (!admin.ok) return admin
  const given = z.tuple([serverId, days]).safeParse([id, after])
  if (!given.success) return failed('invalid_input', `A whole number of days, ${UNUSED_AFTER_LEAST} to ${UNUSED_AFTER_MOST}.`)
  return renewed(await setUnusedAfter(...given.data, admin.value))
})

/** Sets the tags of a server, typed apart by commas or spaces. */
export const keepTags = told(async (id: unknown, typed: unknown): Promise<Result<{ id: string }>> => {
  const admin = await adminOfAction(id, typed)
  if (!admin.ok) return admin
  const given = z.tuple([serverId, z.string().max(2_000)]).safeParse([id, typed])
  if (!given.success) return WRONG_FORM
  const read = readTags(given.data[1])
  if ('wrong' in read)
    return failed('invalid_input', `"${read.wrong}" is no tag. A tag has letters, digits, and . _ / - in it, and may have a key: env:prod.`)
  if (read.tags.length > MOST_TAGS) return failed('invalid_input', `A server has at most ${MOST_TAGS} tags.`)
  return renewed(await setTags(given.data[0], read.tags, admin.value))
})

/** Removes a server; its name has to be typed. `agreed`: the runs that are cancelled first, as they were shown. */
export const takeServerAway = told(async (id: unknown, typedName: unknown, agreed?: unknown): Promise<Result<{ id: string } | Asks>> => {
  const admin = await adminOfAction(id, typedName, agreed)
  if (!admin.ok) return admin
  const given = z.tuple([serverId, z.string().max(100), standing.optional()]).safeParse([id, typedName, agreed])
  if (!given.success) return WRONG_FORM
  const [wanted, name, runs] = given.data
  const found = await findServer(wanted)
  if (found?.name !== name.trim()) return failed('conflict', `Type the server's name, ${found?.name ?? 'which is gone'}, to remove it.`)
  const closed = await closedFor(wanted, null, runs, admin.value)
  if (!closed.ok) return closed
  if (closed.value) return ok({ ask: closed.value })
  return renewed(await removeServer(wanted, admin.value))
})

/** Says that a server is the other cluster now that its address leads to: `identifier`, as it was shown. */
export const adoptOther = told(async (id: unknown, identifier: unknown): Promise<Result<{ cancelled: number }>> => {
  const admin = await adminOfAction(id, identifier)
  if (!admin.ok) return admin
  const given = z.tuple([serverId, z.string().regex(/^\d{1,20}$/)]).safeParse([id, identifier])
  if (!given.success) return WRONG_FORM
  const target = await serverTarget(given.data[0])
  const met = target.ok ? await askCluster(target.value, { fresh: true }) : target
  if (!met.ok) return met
  if (!met.value)
    return failed('another_cluster', 'The cluster that answers cannot be identified.', {
      fix: grantToKnow(target.ok ? target.value.user : ''),
    })
  return renewed(await adoptCluster(...given.data, met.value, admin.value))
})

/** The server's name stands in the navigation of every page. */
function renewed<T>(result: Result<T>): Result<T> {
  if (result.ok) revalidatePath('/', 'layout')
  return result
}
