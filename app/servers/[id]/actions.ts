'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { adminOfAction } from '@/app/session'
import { told } from '@/app/told'
import { describeWindow, removeWindow, saveWindow } from '@/db/runs/maintenance-windows'
import { failed, type Result } from '@/db/server/problem'

const times = z.object({ cron: z.string().max(200), timeZone: z.string().max(100), minutes: z.number() })
const window = times.extend({ name: z.string().max(200) })
const serverId = z.string().min(1).max(100)
const windowId = z.uuid()

const WRONG_FORM = failed('invalid_input', 'The form is not complete.')

/** What a window would mean: its words, and when it would open next. */
export const previewWindow = told(async (input: unknown): Promise<Result<{ words: string; next: string[] }>> => {
  const admin = await adminOfAction(input)
  if (!admin.ok) return admin
  const given = times.safeParse(input)
  return given.success ? describeWindow(given.data) : WRONG_FORM
})

/** Keeps a maintenance window of a server: a new one, or the one of that id. */
export const keepWindow = told(async (server: unknown, id: unknown, input: unknown): Promise<Result<{ id: string }>> => {
  const admin = await adminOfAction(server, id, input)
  if (!admin.ok) return admin
  const given = z.tuple([serverId, windowId.nullable(), window]).safeParse([server, id, input])
  return given.success ? renewed(await saveWindow(...given.data, admin.value)) : WRONG_FORM
})

/** Removes a maintenance window for which nothing waits. */
export const takeWindowAway = told(async (server: unknown, id: unknown): Promise<Result<{ id: string }>> => {
  const admin = await adminOfAction(server, id)
  if (!admin.ok) return admin
  const given = z.tuple([serverId, windowId]).safeParse([server, id])
  return given.success ? renewed(await removeWindow(...given.data, admin.value)) : WRONG_FORM
})

function renewed<T>(result: Result<T>): Result<T> {
  if (result.ok) revalidatePath('/', 'layout')
  return result
}
