import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { writeAudit } from '@/db/console/audit'
import { type Actor, asRole, type Role, reaches, refusal } from '@/db/console/roles'
import { failed, ok, type Result } from '@/db/server/problem'
import { auth } from './auth'
import { clientAddress } from './client-address'
import { soundInput } from './sound-input'

export interface User extends Actor {
  id: string
  name: string
}

/** Asked of the cookies, which know what an action has just set; the headers stay as they came. */
const openSession = cache(async () => auth().api.getSession({ headers: new Headers({ cookie: (await cookies()).toString() }) }))

/** The session of this request, to tell it from the user's others. */
export const currentSessionId = async (): Promise<string | null> => (await openSession())?.session.id ?? null

/** Whoever sent this request, or null; asked once a request. */
export const currentUser = cache(async (): Promise<User | null> => {
  const session = await openSession()
  if (!session) return null
  const { id, name, email, role } = session.user
  return { id, name, email, role: asRole(role), from: clientAddress(await headers()) }
})

/** For pages and layouts: whoever is signed in; anybody else is sent to the sign-in page. */
export async function requireUser(): Promise<User> {
  return (await currentUser()) ?? redirect('/sign-in')
}

/** For route handlers: the user, or the 401 that the handler returns. */
export async function requireUserOr401(): Promise<User | Response> {
  const user = await currentUser()
  return user ?? Response.json(SIGNED_OUT, { status: 401, headers: { 'cache-control': 'no-store' } })
}

/**
 * For server actions that read. `given` is all that the action was called with.
 * Errors: insufficient_privilege when the session is over; invalid_input for what no action can work with (app/sound-input.ts).
 */
export const userOfAction = (...given: unknown[]): Promise<Result<User>> => roleOfAction('viewer', given)

/** For server actions that change something. Errors: insufficient_privilege when the session is over or the role only looks; invalid_input. */
export const operatorOfAction = (...given: unknown[]): Promise<Result<User>> => roleOfAction('operator', given)

/** For server actions of administrators: servers, users, settings. Errors: insufficient_privilege for everybody else; invalid_input. */
export const adminOfAction = (...given: unknown[]): Promise<Result<User>> => roleOfAction('admin', given)

/** The one gate of all actions, for who calls and what is sent. That somebody who is signed in was refused is written into the audit. */
async function roleOfAction(needed: Role, given: unknown[]): Promise<Result<User>> {
  const user = await currentUser()
  if (!user) return SIGNED_OUT
  const problem = refusal(user, needed)
  if (!problem) {
    const sound = soundInput(given)
    return sound.ok ? ok(user) : sound
  }
  const sent = await headers()
  const referer = sent.get('referer')
  const page = referer && URL.canParse(referer) ? new URL(referer).pathname : null
  await writeAudit({ by: user, action: 'action.refused', detail: { role: user.role, needs: needed, page } })
  return { ok: false, problem }
}

export const mayRun = (user: User): boolean => reaches(user.role, 'operator')

const SIGNED_OUT = failed('insufficient_privilege', 'Your session has ended. Sign in again.', { fix: 'Open /sign-in' })
