'use server'

import { revalidatePath } from 'next/cache'
import { headers } from 'next/headers'
import { z } from 'zod'
import { type QrCode, qrCode } from '@/app/account/qr-code'
import { refusalOf } from '@/app/account/refusals'
import { checkOwnPassword } from '@/app/auth'
import { passOn } from '@/app/auth-request'
import { CONNECT_AT } from '@/app/oidc'
import { type OpenSession, providerFlow } from '@/app/provider-flow'
import { waitOf } from '@/app/request-limits'
import { currentSessionId, userOfAction } from '@/app/session'
import { told } from '@/app/told'
import { disconnectProvider as disconnect } from '@/db/console/connect-provider'
import { oidcSettings, PROVIDER } from '@/db/console/oidc-settings'
import { changeOwnName, endOtherSessions, endOwnSession, ownName, passwordChange } from '@/db/console/own-account'
import { failed, ok, type Result } from '@/db/server/problem'

const firstIssue = (error: z.ZodError) => failed('invalid_input', error.issues[0]?.message ?? 'The form is not complete.')

export const changeName = told(async (name: unknown): Promise<Result<null>> => {
  const user = await userOfAction(name)
  if (!user.ok) return user
  const given = ownName.safeParse(name)
  return given.success ? renewed(await changeOwnName(user.value, given.data)) : firstIssue(given.error)
})

/** Changes the own password and ends all other sessions. Errors: invalid_input when the old one is wrong, conflict when it was tried too often. */
export const changePassword = told(async (old: unknown, password: unknown): Promise<Result<null>> => {
  const user = await userOfAction(old, password)
  if (!user.ok) return user
  const given = passwordChange.safeParse({ old, password })
  if (!given.success) return firstIssue(given.error)
  const body = { currentPassword: given.data.old, newPassword: given.data.password, revokeOtherSessions: true }
  const answer = await passOn('/change-password', body)
  return answer.ok ? renewed(ok(null)) : refusalOf(answer)
})

/** Ends one of the own sessions. */
export const endSession = told(async (id: unknown): Promise<Result<null>> => {
  const user = await userOfAction(id)
  if (!user.ok) return user
  const given = z.string().min(1).max(100).safeParse(id)
  return given.success ? renewed(await endOwnSession(user.value, given.data)) : firstIssue(given.error)
})

/** Ends all own sessions but this one. */
export const endOthers = told(async (): Promise<Result<null>> => {
  const user = await userOfAction()
  if (!user.ok) return user
  const kept = await currentSessionId()
  return kept ? renewed(await endOtherSessions(user.value, kept)) : failed('insufficient_privilege', 'Your session has ended.')
})

const shown = z.object({ totpURI: z.url(), backupCodes: z.array(z.string()) })

/**
 * Begins to turn the second factor on. Secret and backup codes leave the server here and never again; nothing is on
 * until confirmSecondFactor. Errors: invalid_input for a wrong password, or when it is on.
 */
export const startSecondFactor = told(async (password: unknown): Promise<Result<{ secret: string; qr: QrCode; backupCodes: string[] }>> => {
  const answer = await withPassword('/two-factor/enable', password)
  if (!answer.ok) return answer
  const { totpURI, backupCodes } = shown.parse(answer.value)
  return ok({ secret: new URL(totpURI).searchParams.get('secret') ?? '', qr: qrCode(totpURI), backupCodes })
})

/** Turns it on with the first code of the device. Errors: invalid_input for a wrong one. */
export const confirmSecondFactor = told(async (code: unknown): Promise<Result<null>> => {
  const user = await userOfAction(code)
  if (!user.ok) return user
  const given = z.string().max(20).safeParse(code)
  if (!given.success) return firstIssue(given.error)
  const answer = await passOn('/two-factor/verify-totp', { code: given.data.replaceAll(/\s/g, '') })
  return answer.ok ? renewed(ok(null)) : refusalOf(answer)
})

/** Turns the second factor off. Errors: invalid_input for a wrong password or code, conflict after too many. */
export const endSecondFactor = told(async (password: unknown, code: unknown): Promise<Result<null>> => {
  const answer = await withPassword('/two-factor/disable', password, code)
  return answer.ok ? renewed(ok(null)) : answer
})

/** Ten new backup codes, which end those before. Errors: invalid_input for a wrong password or code, conflict after too many. */
export const renewBackupCodes = told(async (password: unknown, code: unknown): Promise<Result<string[]>> => {
  const answer = await withPassword('/two-factor/generate-backup-codes', password, code)
  return answer.ok ? renewed(ok(shown.pick({ backupCodes: true }).parse(answer.value).backupCodes)) : answer
})

const begun = z.object({ url: z.url() })

/**
 * Begins to connect the own account to the provider: where the browser is to go. Nothing is connected until it comes back from
 * there in the same session. Errors: invalid_input for a wrong password or code, conflict after too many or while the provider is away.
 */
export const connectProvider = told(async (password: unknown, code: unknown): Promise<Result<{ url: string }>> => {
  const known = await passwordKnown(password, code)
  if (!known.ok) return known
  if (!oidcSettings(process.env)) return failed('invalid_input', 'No provider is set.')
  const body = { provider: PROVIDER, callbackURL: CONNECT_AT, errorCallbackURL: CONNECT_AT, disableRedirect: true }
  const answer = await providerFlow.run({ connect: known.value }, () => passOn('/sign-in/social', body))
  if (answer.status === 429 || answer.status === 503) return refusalOf(answer)
  const { data } = answer.ok ? begun.safeParse(await answer.json()) : {}
  return data ? ok(data) : failed('conflict', 'The provider cannot be reached now. Try again later.')
})

/** Unties the own account from the provider and ends all other sessions. Errors: as connectProvider; conflict without a password. */
export const disconnectProvider = told(async (password: unknown, code: unknown): Promise<Result<null>> => {
  const known = await passwordKnown(password, code)
  if (!known.ok) return known
  const user = await userOfAction()
  return user.ok ? renewed(await disconnect(user.value, known.value.sessionId)) : user
})

/** The own session, once the password was given again, and a code where there is a second factor. */
async function passwordKnown(password: unknown, code: unknown): Promise<Result<OpenSession>> {
  const user = await userOfAction(password, code)
  if (!user.ok) return user
  const given = again.safeParse({ password, code })
  if (!given.success) return firstIssue(given.error)
  const sent = await headers()
  const wait = await waitOf('/account', sent)
  if (wait !== undefined) return failed('conflict', `Too many attempts. Try again in ${wait} s.`)
  const answer = await checkOwnPassword(new Headers(sent), given.data)
  if (!answer.ok) return refusalOf(answer)
  const sessionId = await currentSessionId()
  return sessionId ? ok({ userId: user.value.id, sessionId }) : failed('insufficient_privilege', 'Your session has ended.')
}

/** As it is typed: in groups, and in capitals from paper. */
const codeTyped = z
  .string()
  .max(30)
  .transform((text) => text.replaceAll(/\s/g, '').toLowerCase())

const again = z.object({ password: z.string().max(128), code: codeTyped.optional() })

/** What better-auth answers to somebody who is signed in and has given their password again, and a code where they have a second factor. */
async function withPassword(path: string, password: unknown, code?: unknown): Promise<Result<unknown>> {
  const user = await userOfAction(path, password, code)
  if (!user.ok) return user
  const given = again.safeParse({ password, code })
  if (!given.success) return firstIssue(given.error)
  const answer = await passOn(path, given.data)
  return answer.ok ? ok(await answer.json()) : refusalOf(answer)
}

/** The own name stands in the navigation of every page. */
function renewed<T>(result: Result<T>): Result<T> {
  if (result.ok) revalidatePath('/', 'layout')
  return result
}
