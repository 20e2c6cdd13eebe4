import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { and, eq, gt, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { failed, ok, type Result } from '../server/problem'
import { writeAudit } from './audit'
import { consoleDb } from './client'
import { newPassword } from './password-hash'
import type { By, Role } from './roles'
import { account, invitation, user } from './schema'
import { administratorInput } from './set-up'

export const VALID_HOURS = 72

/** What the invited choose; the e-mail address stands in the invitation. */
export const invitedInput = administratorInput.pick({ name: true, password: true })

export const invitedEmail = administratorInput.shape.email

export interface OpenInvitation {
  id: string
  email: string
  role: Role
  invitedBy: string
  expiresAt: string
}

const hashed = (token: string): string => createHash('sha256').update(token).digest('hex')

const stillOpen = gt(invitation.expiresAt, sql`now()`)

/**
 * What stands in the link for one new account: valid once and for 72 hours, kept as a hash alone. A second invitation
 * of the same address ends the first. Errors: conflict when the address has an account.
 */
export async function invite(email: string, role: Role, by: By): Promise<Result<{ token: string }>> {
  const token = randomBytes(24).toString('base64url')
  return consoleDb().transaction(async (tx) => {
    const taken = await tx.select({ id: user.id }).from(user).where(eq(user.email, email))
    if (taken.length > 0) return failed('conflict', `${email} has an account already.`)
    const expiresAt = sql`now() + make_interval(hours => ${VALID_HOURS})`
    const row = { role, tokenHash: hashed(token), invitedBy: by.email, expiresAt, createdAt: sql`now()` }
    await tx
      .insert(invitation)
      .values({ email, ...row })
      .onConflictDoUpdate({ target: invitation.email, set: row })
    await writeAudit({ by, action: 'invite', detail: { user: email, role } }, tx)
    return ok({ token })
  })
}

/** The invitations that still open, by address. */
export async function listInvitations(): Promise<OpenInvitation[]> {
  const rows = await consoleDb().select().from(invitation).where(stillOpen).orderBy(invitation.email)
  return rows.map(({ id, email, role, invitedBy, expiresAt }) => ({ id, email, role, invitedBy, expiresAt: expiresAt.toISOString() }))
}

/** Ends an invitation. Errors: invalid_input when it is gone. */
export async function withdrawInvitation(id: string, by: By): Promise<Result<null>> {
  return consoleDb().transaction(async (tx) => {
    const [gone] = await tx.delete(invitation).where(eq(invitation.id, id)).returning({ email: invitation.email })
    if (!gone) return failed('invalid_input', 'This invitation is gone.')
    await writeAudit({ by, action: 'withdraw-invitation', detail: { user: gone.email } }, tx)
    return ok(null)
  })
}

/** Whom a link invites, or null when it no longer opens. */
export async function findInvitation(token: string): Promise<{ email: string; role: Role } | null> {
  const [found] = await consoleDb()
    .select({ email: invitation.email, role: invitation.role })
    .from(invitation)
    .where(and(eq(invitation.tokenHash, hashed(token)), stillOpen))
  return found ?? null
}

const NO_LONGER_OPEN = failed('conflict', 'This invitation was used, withdrawn, or is older than three days. Ask for a new one.')

/**
 * Makes the account and ends the invitation, both or neither. The token is looked at before the password is hashed, which costs much
 * more; of two at the same moment the DELETE lets one through. Errors: conflict when the link was used, withdrawn, renewed or is too
 * old, the address got an account meanwhile, or too many passwords are being hashed.
 */
export async function acceptInvitation(
  token: string,
  input: z.output<typeof invitedInput>,
  from: By['from'],
): Promise<Result<{ email: string }>> {
  if (!(await findInvitation(token))) return NO_LONGER_OPEN
  const password = await newPassword(input.password)
  if (!password.ok) return password
  const id = randomUUID()
  return consoleDb().transaction(async (tx) => {
    const [taken] = await tx
      .delete(invitation)
      .where(and(eq(invitation.tokenHash, hashed(token)), stillOpen))
      .returning()
    if (!taken) return NO_LONGER_OPEN
    const { email, role, invitedBy } = taken
    const made = await tx
      .insert(user)
      .values({ id, name: input.name, email, emailVerified: true, role })
      .onConflictDoNothing({ target: user.email })
      .returning({ id: user.id })
    if (made.length === 0) return failed('conflict', `${email} has an account already.`)
    await tx.insert(account).values({ id: randomUUID(), accountId: id, providerId: 'credential', userId: id, password: password.value })
    await writeAudit({ by: { email, from }, action: 'accept-invitation', detail: { name: input.name, role, invitedBy } }, tx)
    return ok({ email })
  })
}
