'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import { passOn, tooMany } from '@/app/auth-request'
import { SAID_CODES } from '@/app/sign-in-hooks'
import { consoleDb } from '@/db/console/client'
import { acceptInvitation, invitedInput } from '@/db/console/invitations'
import { administratorInput, createAdministrator } from '@/db/console/set-up'

/** What a form shows after it was refused. Passwords never travel back. */
export interface FormState {
  message?: string
  fields?: Record<string, string>
  values?: { name?: string; email?: string }
}

const refused = z.object({ code: z.string(), message: z.string() })
const credentials = z.object({ email: z.string().trim().toLowerCase(), password: z.string() })

/** Signs in and goes to `next`, a path of the console. */
export async function signIn(_: FormState, form: FormData): Promise<FormState> {
  const given = credentials.safeParse(Object.fromEntries(form))
  if (!given.success) return { message: 'E-mail and password, please.' }
  const problem = await openSession(given.data)
  if (problem) return { message: problem, values: { email: given.data.email } }
  return redirect(ownPath(form.get('next')))
}

export async function signOut(): Promise<void> {
  await passOn('/sign-out', {})
  redirect('/sign-in')
}

/** Makes the first administrator, who is signed in at once. */
export async function setUp(token: string, _: FormState, form: FormData): Promise<FormState> {
  const raw = Object.fromEntries(form)
  const values = { name: String(raw.name ?? ''), email: String(raw.email ?? '') }
  const given = administratorInput.safeParse(raw)
  if (!given.success) return { values, fields: firstOfEach(given.error) }
  const made = await createAdministrator(consoleDb(), token, given.data)
  if (!made.ok) return { values, message: made.problem.message }
  await openSession(given.data)
  return redirect('/')
}

/** Makes the account of somebody who was invited and signs them in. */
export async function join(token: string, _: FormState, form: FormData): Promise<FormState> {
  const raw = Object.fromEntries(form)
  const values = { name: String(raw.name ?? '') }
  const given = invitedInput.safeParse(raw)
  if (!given.success) return { values, fields: firstOfEach(given.error) }
  const made = await acceptInvitation(token, given.data)
  if (!made.ok) return { values, message: made.problem.message }
  await openSession({ email: made.value.email, password: given.data.password })
  return redirect('/')
}

/** The first complaint about each field. */
const firstOfEach = (error: z.ZodError): Record<string, string> =>
  Object.fromEntries(error.issues.toReversed().map(({ path, message }) => [String(path[0]), message]))

/** Undefined when the session is open, else why not. */
async function openSession(given: z.output<typeof credentials>): Promise<string | undefined> {
  const answer = await passOn('/sign-in/email', given)
  if (answer.ok) return undefined
  const said = refused.safeParse(await answer.json())
  if (said.success && SAID_CODES.includes(said.data.code)) return said.data.message
  if (answer.status === 429) return tooMany(answer)
  if (answer.status === 403) return 'Open the console under the address that it printed at its start (or set PROCTOR_ORIGIN).'
  return 'E-mail or password is wrong.'
}

/** A path on this console; anything that leads elsewhere becomes the first page. */
function ownPath(next: FormDataEntryValue | null): string {
  const base = 'http://console'
  if (typeof next !== 'string' || !URL.canParse(next, base)) return '/'
  const url = new URL(next, base)
  return url.origin === base ? `${url.pathname}${url.search}` : '/'
}
