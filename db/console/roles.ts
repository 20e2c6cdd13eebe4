import { failed, type Problem } from '../server/problem'

/** A viewer sees, an operator also runs confirmed commands, an administrator also keeps servers, users and settings. */
export const ROLES = ['viewer', 'operator', 'admin'] as const

export type Role = (typeof ROLES)[number]

/** Who does something, and the address that they do it from: what the audit keeps. */
export interface By {
  email: string
  /** The peer's address, of a proxy where there is one; null: not known. */
  from: string | null
}

/** What the console does by itself. */
export const PROCTOR: By = { email: 'proctor', from: null }

/** Whoever asks for something. */
export interface Actor extends By {
  role: Role
}

/** What stands in the database as a role; anything unknown only looks. */
export const asRole = (stored: string | null | undefined): Role => ROLES.find((role) => role === stored) ?? 'viewer'

/** Each role may do what the ones before it may. */
export const reaches = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed)

/** Why `actor` may not do what `needed` may, or undefined when nothing is in the way. */
export function refusal({ email, role }: Pick<Actor, 'email' | 'role'>, needed: Role): Problem | undefined {
  if (reaches(role, needed)) return undefined
  const words =
    needed === 'admin'
      ? `${email} is no administrator; only administrators change servers, users and settings.`
      : `${email} is a viewer, and a viewer changes nothing. An administrator can change the role.`
  return failed('insufficient_privilege', words).problem
}
