import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { and, eq, gt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { failed, ok, type Result } from '../server/problem'
import { writeAudit } from './audit'
import type { ConsoleDb } from './client'
import { newPassword } from './password-hash'
import type { By } from './roles'
import { account, user, verification } from './schema'

const IDENTIFIER = 'set-up'
const VALID_HOURS = 24

/** What the first administrator chooses. A long password beats a complicated one (NIST SP 800-63B, 3.1.1). */
export const administratorInput = z.object({
  name: z
    .string()
    .trim()
    .min(1, 'Enter your name.')
    .max(100, 'At most 100 characters.')
    .refine((name) => !name.includes('\0'), 'No NUL characters.'),
  email: z.string().trim().toLowerCase().pipe(z.email('Not an e-mail address.')),
  password: z.string().min(12, 'At least 12 characters.').max(128, 'At most 128 characters.'),
})

const hashed = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Whether somebody has set the console up. */
export async function hasAdministrator(db: Pick<ConsoleDb, 'select'>): Promise<boolean> {
  const found = await db.select({ id: user.id }).from(user).where(eq(user.role, 'admin')).limit(1)
  return found.length > 0
}

/**
 * The one-time token of the set-up page, or null when there is an administrator. Each call makes a new
 * one and ends the one before; only its hash is kept. It lasts 24 hours.
 */
export async function setUpToken(db: ConsoleDb): Promise<string | null> {
  const token = randomBytes(24).toString('base64url')
  return db.transaction(async (tx) => {
    await tx.delete(verification).where(eq(verification.identifier, IDENTIFIER))
    if (await hasAdministrator(tx)) return null
    await tx.insert(verification).values({
      id: randomUUID(),
      identifier: IDENTIFIER,
      value: hashed(token),
      expiresAt: sql`now() + make_interval(hours => ${VALID_HOURS})`,
    })
    return token
  })
}

/** Whether a set-up link still opens. */
export async function isSetUpToken(db: ConsoleDb, token: string): Promise<boolean> {
  const found = await db.select({ id: verification.id }).from(verification).where(matching(token)).limit(1)
  return found.length > 0
}

const matching = (token: string) =>
  and(eq(verification.identifier, IDENTIFIER), eq(verification.value, hashed(token)), gt(verification.expiresAt, sql`now()`))

const NO_LONGER_OPEN = failed(
  'conflict',
  'This set-up link was used already, or it is older than a day. A restart of Proctor prints a new one.',
)

/**
 * Makes the first administrator and ends the token, both or neither. The token is looked at before the password is hashed, which
 * costs much more; then the row lock of the DELETE lets one of two who come at the same moment through. Errors: conflict when the
 * token is used, renewed or too old, or too many passwords are being hashed.
 */
export async function createAdministrator(
  db: ConsoleDb,
  token: string,
  input: z.output<typeof administratorInput>,
  from: By['from'],
): Promise<Result<{ id: string }>> {
  if (!(await isSetUpToken(db, token))) return NO_LONGER_OPEN
  const password = await newPassword(input.password)
  if (!password.ok) return password
  const id = randomUUID()
  return db.transaction(async (tx) => {
    const taken = await tx.delete(verification).where(matching(token)).returning({ id: verification.id })
    if (taken.length === 0 || (await hasAdministrator(tx))) return NO_LONGER_OPEN
    await tx.insert(user).values({ id, name: input.name, email: input.email, emailVerified: true, role: 'admin' })
    await tx.insert(account).values({ id: randomUUID(), accountId: id, providerId: 'credential', userId: id, password: password.value })
    await writeAudit({ by: { email: input.email, from }, action: 'set-up', detail: { name: input.name, role: 'admin' } }, tx)
    return ok({ id })
  })
}
