import { and, count, eq, isNull, max, ne, sql } from 'drizzle-orm'
import { failed, ok, type Result } from '../target/problem'
import { type ConsoleDb, consoleDb } from './client'
import { asRole, type Role } from './roles'
import { audit, closedAccount, session, user } from './schema'

type Transaction = Parameters<Parameters<ConsoleDb['transaction']>[0]>[0]

export interface ListedUser {
  id: string
  name: string
  email: string
  role: Role
  /** null: never, as far as the audit goes back. */
  lastSignIn: string | null
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
  const rows = await db
    .select({ user, last: signIns.last, sessions: open.sessions, closedAt: closedAccount.at })
    .from(user)
    .leftJoin(signIns, eq(signIns.actor, user.email))
    .leftJoin(open, eq(open.userId, user.id))
    .leftJoin(closedAccount, eq(closedAccount.userId, user.id))
    .orderBy(sql`lower(${user.name})`, user.email)
  return rows.map(({ user: { id, name, email, role }, last, sessions, closedAt }) => ({
    id,
    name,
    email,
    role: asRole(role),
    lastSignIn: last ? new Date(last).toISOString() : null,
    sessions: sessions ?? 0,
    closedAt: closedAt?.toISOString() ?? null,
  }))
}

/** Gives an account another role; it holds from its next request on. Errors: invalid_input (no such account), conflict (the last administrator). */
export async function changeRole(id: string, role: Role, actor: string): Promise<Result<null>> {
  return changeUser(id, role !== 'admin', async (tx, before) => {
    await tx.update(user).set({ role, updatedAt: sql`now()` }).where(eq(user.id, id))
    await tx.insert(audit).values({ actor, action: 'change-role', detail: { user: before.email, before: before.role, after: role } })
  })
}

/** Closes an account and ends its sessions at once. Errors: as changeRole. */
export async function closeAccount(id: string, actor: string): Promise<Result<null>> {
  return changeUser(id, true, async (tx, before) => {
    await tx.insert(closedAccount).values({ userId: id }).onConflictDoNothing()
    const ended = await tx.delete(session).where(eq(session.userId, id)).returning({ id: session.id })
    await tx.insert(audit).values({ actor, action: 'close-account', detail: { user: before.email, sessionsEnded: ended.length } })
  })
}

/** Opens a closed account again. Errors: invalid_input (no such account). */
export async function openAccount(id: string, actor: string): Promise<Result<null>> {
  return changeUser(id, false, async (tx, before) => {
    await tx.delete(closedAccount).where(eq(closedAccount.userId, id))
    await tx.insert(audit).values({ actor, action: 'open-account', detail: { user: before.email } })
  })
}

/** Whether nobody may sign in with an account. */
export async function isClosed(userId: string): Promise<boolean> {
  return (await consoleDb().$count(closedAccount, eq(closedAccount.userId, userId))) > 0
}

/** One change after the other, so that two administrators cannot take the role from each other at the same moment. */
async function changeUser(
  id: string,
  takesAway: boolean,
  work: (tx: Transaction, before: { email: string; role: string }) => Promise<void>,
): Promise<Result<null>> {
  return consoleDb().transaction(async (tx) => {
    await tx.execute(sql`lock table ${user} in share row exclusive mode`)
    const [before] = await tx.select({ email: user.email, role: user.role }).from(user).where(eq(user.id, id))
    if (!before) return failed('invalid_input', 'There is no such account.')
    if (takesAway && before.role === 'admin' && !(await hasOtherAdministrator(tx, id))) {
      return failed('conflict', `${before.email} is the last administrator. Make somebody else one first.`)
    }
    await work(tx, before)
    return ok(null)
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
