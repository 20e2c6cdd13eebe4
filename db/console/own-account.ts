import { and, desc, eq, isNotNull, like, ne, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { failed, ok, type Result } from '../server/problem'
import { writeAudit } from './audit'
import { consoleDb } from './client'
import { PROVIDER } from './oidc-settings'
import type { By } from './roles'
import { account, session, user, verification } from './schema'
import { administratorInput } from './set-up'

export const ownName = administratorInput.shape.name

export const passwordChange = z.object({ old: z.string().max(128), password: administratorInput.shape.password })

export interface OwnSession {
  id: string
  createdAt: string
  expiresAt: string
  /** The peer that signed in; null when it is not known. */
  address: string | null
  /** What the browser calls itself. */
  agent: string | null
}

/** The open sessions of a user, newest first. */
export async function ownSessions(userId: string): Promise<OwnSession[]> {
  const rows = await consoleDb()
    .select()
    .from(session)
    .where(and(eq(session.userId, userId), sql`${session.expiresAt} > now()`))
    .orderBy(desc(session.createdAt))
  return rows.map(({ id, createdAt, expiresAt, ipAddress, userAgent }) => ({
    id,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    address: ipAddress || null,
    agent: userAgent || null,
  }))
}

/** How a user signs in. Whoever has no password comes by the provider, whose second factor counts. */
export async function ownWays(userId: string): Promise<{ password: boolean; code: boolean; provider: boolean }> {
  const db = consoleDb()
  const [found] = await db.select({ code: user.twoFactorEnabled }).from(user).where(eq(user.id, userId))
  const passwords = await db.$count(account, and(eq(account.userId, userId), isNotNull(account.password)))
  const ties = await db.$count(account, and(eq(account.userId, userId), eq(account.providerId, PROVIDER)))
  return { password: passwords > 0, code: found?.code ?? false, provider: ties > 0 }
}

export interface Owner extends By {
  id: string
}

/** Changes what the console calls a user. */
export async function changeOwnName({ id, ...by }: Owner, name: string): Promise<Result<null>> {
  return consoleDb().transaction(async (tx) => {
    const [before] = await tx.select({ name: user.name }).from(user).where(eq(user.id, id))
    await tx.update(user).set({ name, updatedAt: sql`now()` }).where(eq(user.id, id))
    await writeAudit({ by, action: 'change-name', detail: { before: before?.name, after: name } }, tx)
    return ok(null)
  })
}

/** Ends one session of a user, of nobody else. Errors: invalid_input when it is over. */
export const endOwnSession = (owner: Owner, id: string): Promise<Result<null>> => end(owner, eq(session.id, id))

/** Ends every session of a user but `kept`. Errors: invalid_input when there is no other. */
export const endOtherSessions = (owner: Owner, kept: string): Promise<Result<null>> => end(owner, ne(session.id, kept))

async function end({ id, ...by }: Owner, which: SQL): Promise<Result<null>> {
  return consoleDb().transaction(async (tx) => {
    const ended = await tx
      .delete(session)
      .where(and(eq(session.userId, id), which))
      .returning({ id: session.id })
    if (ended.length === 0) return failed('invalid_input', 'There is no longer such a session.')
    await writeAudit({ by, action: 'end-session', detail: { sessions: ended.length } }, tx)
    return ok(null)
  })
}

/** Ends sign-ins that wait for a code of a user: better-auth keeps each as a verification. Whoever began them knew a password that may be no more. */
export async function endChallenges(userId: string): Promise<void> {
  await consoleDb()
    .delete(verification)
    .where(and(eq(verification.value, userId), like(verification.identifier, '2fa-%')))
}
