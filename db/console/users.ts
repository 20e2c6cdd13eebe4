import { and, count, eq, isNull, max, ne, sql } from 'drizzle-orm'
import { failed, ok, type Result } from '../server/problem'
import { writeAudit } from './audit'
import { type ConsoleDb, consoleDb } from './client'
import { PROVIDER } from './oidc-settings'
import { asRole, type By, type Role } from './roles'
import { account, audit, closedAccount, session, twoFactor, user } from './schema'

type Transaction = Parameters<Parameters<ConsoleDb['transaction']>[0]>[0]

export interface ListedUser {
  id: string
  name: string
  email: string
  role: Role
  /** null: never, as far as the audit goes back. */
  lastSignIn: string | null
  /** How somebody may sign in; code: a second factor after the password. */
  by: { password: boolean; code: boolean; provider: boolean }
  /** Sessions that are open now. */
  sessions: number
  /** Since when nobody signs in with it; null while it is open. */
  closedAt: string | null
}

/** Every account, by name. */
export async function listUsers(): Promise<ListedUser[]> {
  const db = consoleDb()
  const signIns = db
    .select({ actor: audit.actor, last: max(audit.at).as('last') })
    .from(audit)
    .where(eq(audit.action, 'sign-in'))
    .groupBy(audit.actor)
    .as('sign_ins')
  const open = db
    .select({ userId: session.userId, sessions: count().as('sessions') })
    .from(session)
    .where(sql`${session.expiresAt} > now()`)
    .groupBy(session.userId)
    .as('open')
  const ways = db
    .select({
      userId: account.userId,
      password: sql<boolean>`bool_or(${account.password} is not null)`.as('password'),
      provider: sql<boolean>`bool_or(${account.providerId} = ${PROVIDER})`.as('provider'),
    })
    .from(account)
    .groupBy(account.userId)
    .as('ways')
  const rows = await db
    .select({
      user,
      last: signIns.last,
      sessions: open.sessions,
      closedAt: closedAccount.at,
      password: ways.password,
      provider: ways.provider,
    })
    .from(user)
    .leftJoin(signIns, eq(signIns.actor, user.email))
    .leftJoin(open, eq(open.userId, user.id))
    .leftJoin(ways, eq(ways.userId, user.id))
    .leftJoin(closedAccount, eq(closedAccount.userId, user.id))
    .orderBy(sql`lower(${user.name})`, user.email)
  return rows.map(({ user: { id, name, email, role, twoFactorEnabled }, last, sessions, closedAt, password, provider }) => ({
    id,
    name,
    email,
    role: asRole(role),
    lastSignIn: last ? new Date(last).toISOString() : null,
    by: { password: password ?? false, code: twoFactorEnabled, provider: provider ?? false },
    sessions: sessions ?? 0,
    closedAt: closedAt?.toISOString() ?? null,
  }))
}

/**
 * Gives an account another role; it holds from its next request on. `more` is written down beside it. Errors: invalid_input
 * (no such account), conflict (the last administrator).
 */
export async function changeRole(id: string, role: Role, by: By, more: Record<string, string> = {}): Promise<Result<null>> {
  return changeUser(id, role !== 'admin', async (tx, before) => {
    await tx.update(user).set({ role, updatedAt: sql`now()` }).where(eq(user.id, id))
    const detail = { user: before.email, before: before.role, after: role, ...more }
    await writeAudit({ by, action: 'change-role', detail }, tx)
  })
}

/** Closes an account and ends its sessions at once. Errors: as changeRole. */
export async function closeAccount(id: string, by: By): Promise<Result<null>> {
  return changeUser(id, true, async (tx, before) => {
    await tx.insert(closedAccount).values({ userId: id }).onConflictDoNothing()
    const ended = await tx.delete(session).where(eq(session.userId, id)).returning({ id: session.id })
    await writeAudit({ by, action: 'close-account', detail: { user: before.email, sessionsEnded: ended.length } }, tx)
  })
}

/** Opens a closed account again. Errors: invalid_input (no such account). */
export async function openAccount(id: string, by: By): Promise<Result<null>> {
  return changeUser(id, false, async (tx, before) => {
    await tx.delete(closedAccount).where(eq(closedAccount.userId, id))
    await writeAudit({ by, action: 'open-account', detail: { user: before.email } }, tx)
  })
}

/**
 * Takes the second factor away from somebody who has lost their device, and ends their sessions: whoever found the device
 * may sit in one. Errors: invalid_input (no such account, or none is on), conflict (one's own, for which /account wants the password).
 */
export async function resetSecondFactor(id: string, by: By): Promise<Result<null>> {
  return changeUser(id, false, async (tx, before) => {
    if (before.email === by.email) return failed('conflict', 'Turn your own second factor off under Account.')
    if (!before.twoFactorEnabled) return failed('invalid_input', `${before.email} has no second factor.`)
    await tx.delete(twoFactor).where(eq(twoFactor.userId, id))
    await tx.update(user).set({ twoFactorEnabled: false, updatedAt: sql`now()` }).where(eq(user.id, id))
    const ended = await tx.delete(session).where(eq(session.userId, id)).returning({ id: session.id })
    await writeAudit({ by, action: 'second-factor.reset', detail: { user: before.email, sessionsEnded: ended.length } }, tx)
  })
}

/**
 * Unties an account from the identity at the provider that it belongs to and ends its sessions. The next one with its verified
 * address gets it, if it has no password; else its owner may connect it anew. Errors: invalid_input (no such account, or not tied).
 */
export async function untieProvider(id: string, by: By): Promise<Result<null>> {
  return changeUser(id, false, async (tx, before) => {
    const tied = and(eq(account.userId, id), eq(account.providerId, PROVIDER))
    const untied = await tx.delete(account).where(tied).returning({ id: account.id })
    if (untied.length === 0) return failed('invalid_input', `${before.email} is tied to nobody at the provider.`)
    const ended = await tx.delete(session).where(eq(session.userId, id)).returning({ id: session.id })
    await writeAudit({ by, action: 'unlink-account', detail: { user: before.email, sessionsEnded: ended.length } }, tx)
  })
}

/** The role that the account of an address has now; null where there is none, or it is closed. */
export async function roleNow(email: string): Promise<Role | null> {
  const [found] = await consoleDb()
    .select({ role: user.role })
    .from(user)
    .leftJoin(closedAccount, eq(closedAccount.userId, user.id))
    .where(and(eq(user.email, email), isNull(closedAccount.userId)))
  return found ? asRole(found.role) : null
}

/** Whether nobody may sign in with an account. */
export async function isClosed(userId: string): Promise<boolean> {
  return (await consoleDb().$count(closedAccount, eq(closedAccount.userId, userId))) > 0
}

/** One change after the other, so that two administrators cannot take the role from each other at the same moment. */
async function changeUser(
  id: string,
  takesAway: boolean,
  work: (tx: Transaction, before: typeof user.$inferSelect) => Promise<Result<null> | undefined>,
): Promise<Result<null>> {
  return consoleDb().transaction(async (tx) => {
    await tx.execute(sql`lock table ${user} in share row exclusive mode`)
    const [before] = await tx.select().from(user).where(eq(user.id, id))
    if (!before) return failed('invalid_input', 'There is no such account.')
    if (takesAway && before.role === 'admin' && !(await hasOtherAdministrator(tx, id))) {
      return failed('conflict', `${before.email} is the last administrator. Make somebody else one first.`)
    }
    return (await work(tx, before)) ?? ok(null)
  })
}

async function hasOtherAdministrator(tx: Transaction, id: string): Promise<boolean> {
  const found = await tx
    .select({ id: user.id })
    .from(user)
    .leftJoin(closedAccount, eq(closedAccount.userId, user.id))
    .where(and(eq(user.role, 'admin'), ne(user.id, id), isNull(closedAccount.userId)))
    .limit(1)
  return found.length > 0
}
