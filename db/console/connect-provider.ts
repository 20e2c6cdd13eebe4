import { randomUUID } from 'node:crypto'
import { and, eq, isNotNull, ne, sql } from 'drizzle-orm'
import { failed, ok, type Result } from '../server/problem'
import { identityOf, type Vouched, vouchedAddress } from './admission'
import { writeAudit } from './audit'
import { consoleDb } from './client'
import { type OidcSettings, PROVIDER } from './oidc-settings'
import type { Owner } from './own-account'
import { account, closedAccount, session, user } from './schema'

/**
 * Why an identity at the provider was not connected. session: another one came back than the one in which it was asked for.
 * other: the provider vouches for another address than the account's. taken: the identity belongs to another account. connected:
 * the account belongs to another identity already.
 */
export type NotConnected = 'session' | 'unverified' | 'unfit' | 'domain' | 'closed' | 'other' | 'taken' | 'connected'

/**
 * Ties the account of somebody who is signed in to the identity for which the provider vouches. The caller has seen that it is
 * the session in which password and code were given that came back.
 */
export async function connectProvider(
  userId: string,
  person: Vouched,
  settings: OidcSettings,
): Promise<{ connected: true } | { refused: NotConnected }> {
  const [owner] = await consoleDb()
    .select({ email: user.email, closedAt: closedAccount.at })
    .from(user)
    .leftJoin(closedAccount, eq(closedAccount.userId, user.id))
    .where(eq(user.id, userId))
  if (!owner) return { refused: 'session' }
  const by = { email: owner.email, from: person.from }
  const refuse = async (refused: NotConnected) => {
    await writeAudit({ by, action: 'link-account.refused', detail: { provider: settings.name, why: refused } })
    return { refused }
  }
  const address = vouchedAddress(person, settings)
  if ('refused' in address) return refuse(address.refused)
  if (owner.closedAt) return refuse('closed')
  if (address.email !== owner.email) return refuse('other')
  const identity = identityOf(settings.issuer, person.subject)
  const outcome = await consoleDb().transaction(async (tx) => {
    // As in admission.ts: one after the other, so that no identity belongs to two accounts.
    await tx.execute(sql`lock table ${account} in share row exclusive mode`)
    const ofProvider = eq(account.providerId, PROVIDER)
    const [tied] = await tx
      .select()
      .from(account)
      .where(and(ofProvider, eq(account.accountId, identity)))
    if (tied) return tied.userId === userId ? 'done' : 'taken'
    if ((await tx.$count(account, and(ofProvider, eq(account.userId, userId)))) > 0) return 'connected'
    await tx.insert(account).values({ id: randomUUID(), accountId: identity, providerId: PROVIDER, userId })
    await writeAudit({ by, action: 'link-account', detail: { provider: settings.name } }, tx)
    return 'done'
  })
  return outcome === 'done' ? { connected: true } : refuse(outcome)
}

/**
 * Unties somebody's own account from its identity at the provider, and ends every session but `kept`: any of them may have been
 * opened that way. Errors: conflict for an account without a password, which nobody could open any more; invalid_input when it is not tied.
 */
export async function disconnectProvider({ id, ...by }: Owner, kept: string): Promise<Result<null>> {
  return consoleDb().transaction(async (tx) => {
    await tx.execute(sql`lock table ${account} in share row exclusive mode`)
    if ((await tx.$count(account, and(eq(account.userId, id), isNotNull(account.password)))) === 0)
      return failed('conflict', 'Your account has no password, so the provider is the only way into it.')
    const untied = await tx
      .delete(account)
      .where(and(eq(account.userId, id), eq(account.providerId, PROVIDER)))
      .returning({ id: account.id })
    if (untied.length === 0) return failed('invalid_input', 'Your account is connected to nobody at the provider.')
    const ended = await tx
      .delete(session)
      .where(and(eq(session.userId, id), ne(session.id, kept)))
      .returning({ id: session.id })
    await writeAudit({ by, action: 'unlink-account', detail: { user: by.email, sessionsEnded: ended.length } }, tx)
    return ok(null)
  })
}
