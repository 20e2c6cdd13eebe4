'use server'

import { revalidatePath } from 'next/cache'
import { headers } from 'next/headers'
import { z } from 'zod'
import { requestOrigin } from '@/app/auth'
import { adminOfAction } from '@/app/session'
import { told } from '@/app/told'
import { invite, invitedEmail, withdrawInvitation } from '@/db/console/invitations'
import { ROLES } from '@/db/console/roles'
import { changeRole, closeAccount, openAccount, resetSecondFactor, untieProvider } from '@/db/console/users'
import { failed, type Result } from '@/db/server/problem'

const userId = z.string().min(1).max(100)
const role = z.enum(ROLES)

const WRONG_FORM = failed('invalid_input', 'The form is not complete.')

/** Makes a one-time link for a new account. It is shown now and never again. Errors: conflict when the address has an account. */
export const invitePerson = told(async (email: unknown, wanted: unknown): Promise<Result<{ link: string }>> => {
  const admin = await adminOfAction(email, wanted)
  if (!admin.ok) return admin
  const given = z.object({ email: invitedEmail, role }).safeParse({ email, role: wanted })
  if (!given.success) return failed('invalid_input', given.error.issues[0]?.message ?? WRONG_FORM.problem.message)
  const made = await invite(given.data.email, given.data.role, admin.value)
  if (!made.ok) return made
  const link = new URL(`/invitation/${made.value.token}`, requestOrigin((await headers()).get('host'))).href
  return renewed({ ok: true, value: { link } })
})

export const withdraw = told(async (id: unknown): Promise<Result<null>> => {
  const admin = await adminOfAction(id)
  if (!admin.ok) return admin
  const given = z.uuid().safeParse(id)
  return given.success ? renewed(await withdrawInvitation(given.data, admin.value)) : WRONG_FORM
})

/** Gives an account another role. Errors: conflict for the last administrator. */
export const giveRole = told(async (id: unknown, wanted: unknown): Promise<Result<null>> => {
  const admin = await adminOfAction(id, wanted)
  if (!admin.ok) return admin
  const given = z.tuple([userId, role]).safeParse([id, wanted])
  return given.success ? renewed(await changeRole(...given.data, admin.value)) : WRONG_FORM
})

/** Closes an account, whose sessions end at once, or opens it again. Errors: conflict for the last administrator. */
export const setClosed = told(async (id: unknown, closed: unknown): Promise<Result<null>> => {
  const admin = await adminOfAction(id, closed)
  if (!admin.ok) return admin
  const given = z.tuple([userId, z.boolean()]).safeParse([id, closed])
  if (!given.success) return WRONG_FORM
  const [wanted, close] = given.data
  return renewed(await (close ? closeAccount : openAccount)(wanted, admin.value))
})

/** Takes the second factor away from somebody who has lost their device. Errors: conflict for one's own. */
export const resetCode = told(async (id: unknown): Promise<Result<null>> => {
  const admin = await adminOfAction(id)
  if (!admin.ok) return admin
  const given = userId.safeParse(id)
  return given.success ? renewed(await resetSecondFactor(given.data, admin.value)) : WRONG_FORM
})

/** Unties an account from its identity at the provider. */
export const untie = told(async (id: unknown): Promise<Result<null>> => {
  const admin = await adminOfAction(id)
  if (!admin.ok) return admin
  const given = userId.safeParse(id)
  return given.success ? renewed(await untieProvider(given.data, admin.value)) : WRONG_FORM
})

function renewed<T>(result: Result<T>): Result<T> {
  if (result.ok) revalidatePath('/users')
  return result
}
