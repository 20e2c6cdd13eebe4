'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { passOn, tooMany } from '@/app/auth-request'
import { currentSessionId, userOfAction } from '@/app/session'
import { changeOwnName, endOtherSessions, endOwnSession, ownName, passwordChange } from '@/db/console/own-account'
import { failed, ok, type Result } from '@/db/target/problem'

const firstIssue = (error: z.ZodError) => failed('invalid_input', error.issues[0]?.message ?? 'The form is not complete.')

export async function changeName(name: unknown): Promise<Result<null>> {
  const user = await userOfAction()
  if (!user.ok) return user
  const given = ownName.safeParse(name)
  return given.success ? renewed(await changeOwnName(user.value, given.data)) : firstIssue(given.error)
}

/** Changes the own password and ends all other sessions. Errors: invalid_input when the old one is wrong, conflict when it was tried too often. */
export async function changePassword(old: unknown, password: unknown): Promise<Result<null>> {
  const user = await userOfAction()
  if (!user.ok) return user
  const given = passwordChange.safeParse({ old, password })
  if (!given.success) return firstIssue(given.error)
  const body = { currentPassword: given.data.old, newPassword: given.data.password, revokeOtherSessions: true }
  const answer = await passOn('/change-password', body)
  if (answer.status === 429) return failed('conflict', tooMany(answer))
  return answer.ok ? renewed(ok(null)) : failed('invalid_input', 'The old password is wrong.')
}

/** Ends one of the own sessions. */
export async function endSession(id: unknown): Promise<Result<null>> {
  const user = await userOfAction()
  if (!user.ok) return user
  const given = z.string().min(1).max(100).safeParse(id)
  return given.success ? renewed(await endOwnSession(user.value, given.data)) : firstIssue(given.error)
}

/** Ends all own sessions but this one. */
export async function endOthers(): Promise<Result<null>> {
  const user = await userOfAction()
  if (!user.ok) return user
  const kept = await currentSessionId()
  return kept ? renewed(await endOtherSessions(user.value, kept)) : failed('insufficient_privilege', 'Your session has ended.')
}

/** The own name stands in the navigation of every page. */
function renewed<T>(result: Result<T>): Result<T> {
  if (result.ok) revalidatePath('/', 'layout')
  return result
}
