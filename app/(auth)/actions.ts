'use server'

import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { passOn } from '@/app/auth-request'
import { clientAddress } from '@/app/client-address'
import { ownPath } from '@/app/own-path'
import { waitOf } from '@/app/request-limits'
import { SAID_CODES } from '@/app/sign-in-hooks'
import { soundForm, soundInput } from '@/app/sound-input'
import { toldInForm } from '@/app/told'
import { consoleDb } from '@/db/console/client'
import { acceptInvitation, invitedInput } from '@/db/console/invitations'
import { administratorInput, createAdministrator } from '@/db/console/set-up'
import { failed, type Result } from '@/db/server/problem'
import type { FormState } from './form-state'

export type { FormState }

const refused = z.object({ code: z.string(), message: z.string() })
const codeAwaited = z.object({ twoFactorRedirect: z.literal(true) })
const credentials = z.object({ email: z.string().trim().toLowerCase(), password: z.string() })

/** Signs in and goes to `next`, a path of the console; on the way to whoever has a second factor, its code is asked for. */
export const signIn = toldInForm(async (_: FormState, form: FormData): Promise<FormState> => {
  const sent = soundForm(form)
  if (!sent.ok) return { message: sent.problem.message }
  const given = credentials.safeParse(sent.value)
  if (!given.success) return { message: 'Enter e-mail and password.' }
  const answer = await passOn('/sign-in/email', given.data)
  if (!answer.ok) return { message: await whyNot(answer), values: { email: given.data.email } }
  const next = ownPath(sent.value.next)
  const awaited = codeAwaited.safeParse(await answer.json()).success
  return redirect(awaited ? `/sign-in/code?${new URLSearchParams({ next })}` : next)
})

/** The second step: a code of the device or, with `backup`, one of the backup codes. */
export const enterCode = toldInForm(async (_: FormState, form: FormData): Promise<FormState> => {
  const sent = soundForm(form)
  if (!sent.ok) return { message: sent.problem.message }
  const code = (sent.value.code ?? '').replaceAll(/\s/g, '').toLowerCase()
  const next = ownPath(sent.value.next)
  const answer = await passOn(sent.value.backup ? '/two-factor/verify-backup-code' : '/two-factor/verify-totp', { code })
  if (answer.ok) return redirect(next)
  const message = await whyNot(answer)
  return message === BEGIN_AGAIN ? redirect(`/sign-in?${new URLSearchParams({ error: 'again', next })}`) : { message }
})

export async function signOut(): Promise<void> {
  const answer = await passOn('/sign-out', {})
  if (answer.status === 503) throw new Error('The session could not be ended: the console database is not available.')
  redirect('/sign-in')
}

/** Makes the first administrator, who is signed in at once. */
export const setUp = toldInForm(async (token: string, _: FormState, form: FormData): Promise<FormState> => {
  const sent = await behindLink('/set-up', token, form)
  if (!sent.ok) return { message: sent.problem.message }
  const values = { name: sent.value.name ?? '', email: sent.value.email ?? '' }
  const given = administratorInput.safeParse(sent.value)
  if (!given.success) return { values, fields: firstOfEach(given.error) }
  const made = await createAdministrator(consoleDb(), token, given.data, clientAddress(await headers()))
  if (!made.ok) return { values, message: made.problem.message }
  await passOn('/sign-in/email', given.data)
  return redirect('/')
})

/** Makes the account of somebody who was invited and signs them in. */
export const join = toldInForm(async (token: string, _: FormState, form: FormData): Promise<FormState> => {
  const sent = await behindLink('/invitation', token, form)
  if (!sent.ok) return { message: sent.problem.message }
  const values = { name: sent.value.name ?? '' }
  const given = invitedInput.safeParse(sent.value)
  if (!given.success) return { values, fields: firstOfEach(given.error) }
  const made = await acceptInvitation(token, given.data, clientAddress(await headers()))
  if (!made.ok) return { values, message: made.problem.message }
  await passOn('/sign-in/email', { email: made.value.email, password: given.data.password })
  return redirect('/')
})

/** The fields of a form behind a link whose token the browser sends along. Errors: invalid_input, conflict (too many attempts). */
async function behindLink(path: string, token: unknown, form: unknown): Promise<Result<Record<string, string>>> {
  const wait = await waitOf(path, await headers())
  if (wait !== undefined) return failed('conflict', `Too many attempts. Try again in ${wait} s.`)
  const sound = soundInput([token])
  if (!sound.ok) return sound
  return typeof token === 'string' ? soundForm(form) : failed('invalid_input', 'This link is not complete.')
}

/** The first complaint about each field. */
const firstOfEach = (error: z.ZodError): Record<string, string> =>
  Object.fromEntries(error.issues.toReversed().map(({ path, message }) => [String(path[0]), message]))

const BEGIN_AGAIN = 'begin again'

/** Words for better-auth's codes; where the challenge is spent the password is asked for again. */
const WORDS = new Map([
  ['INVALID_CODE', 'This code is wrong. Codes change every 30 s; check the clock of the device.'],
  ['INVALID_BACKUP_CODE', 'This is not one of your unused backup codes.'],
  ['INVALID_TWO_FACTOR_COOKIE', BEGIN_AGAIN],
  ['TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE', BEGIN_AGAIN],
  ['SIGNED_IN', BEGIN_AGAIN],
])

/** Why no session was opened. */
async function whyNot(answer: Response): Promise<string> {
  const { data } = refused.safeParse(await answer.json())
  if (data && SAID_CODES.includes(data.code)) return data.message
  const words = data && WORDS.get(data.code)
  if (words) return words
  if (answer.status === 403) return 'Open the console under the address that it printed at its start (or set PROCTOR_ORIGIN).'
  return 'E-mail or password is wrong.'
}
