import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { failed, ok, type Result } from '@/db/target/problem'
import { auth } from './auth'

/** admin and operator may run commands; a viewer looks. */
export type Role = 'admin' | 'operator' | 'viewer'

export interface User {
  id: string
  name: string
  email: string
  role: Role
}

/** Whoever sent this request, or null; asked once a request. */
export const currentUser = cache(async (): Promise<User | null> => {
  const session = await auth().api.getSession({ headers: await headers() })
  if (!session) return null
  const { id, name, email, role } = session.user
  return { id, name, email, role: role === 'admin' || role === 'operator' ? role : 'viewer' }
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

/** For server actions that read. Errors: insufficient_privilege when the session is over. */
export async function userOfAction(): Promise<Result<User>> {
  const user = await currentUser()
  return user ? ok(user) : SIGNED_OUT
}

/** For server actions that change something. Errors: insufficient_privilege when the session is over or the role only looks. */
export async function operatorOfAction(): Promise<Result<User>> {
  const user = await userOfAction()
  if (!user.ok || mayRun(user.value)) return user
  return failed(
    'insufficient_privilege',
    `${user.value.email} is a viewer, and a viewer changes nothing. An administrator can change the role.`,
  )
}

/** For server actions of administrators: servers, users, settings. Errors: insufficient_privilege for everybody else. */
export async function adminOfAction(): Promise<Result<User>> {
  const user = await userOfAction()
  if (!user.ok || user.value.role === 'admin') return user
  return failed('insufficient_privilege', `${user.value.email} is no administrator; servers, users and settings are theirs to change.`)
}

export const mayRun = (user: User): boolean => user.role !== 'viewer'

const SIGNED_OUT = failed('insufficient_privilege', 'Your session has ended. Sign in again.', { mend: 'Open /sign-in' })
