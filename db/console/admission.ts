import { randomUUID } from 'node:crypto'
import { and, eq, gt, isNotNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { writeAudit } from './audit'
import { consoleDb } from './client'
import { type OidcSettings, PROVIDER } from './oidc-settings'
import { type By, PROCTOR, ROLES, type Role } from './roles'
import { account, closedAccount, invitation, user } from './schema'
import { changeRole } from './users'

/** Whom the provider vouches for. */
export interface Vouched {
  /** `sub`: the one name that the provider never gives to anybody else. */
  subject: string
  email: string | null
  /** Whether the provider says that the address is theirs. */
  verified: boolean
  name: string | null
  groups: string[]
  from: By['from']
}

/**
 * Why somebody is not let in. unfit: no account can have such an address or identity. domain: the address is in none of the
 * domains that the settings name. password: it belongs to an account with a password, which is connected under /account alone.
 * taken: it belongs to an account of another identity of the provider.
 */
export type NotAdmitted = 'unverified' | 'unfit' | 'domain' | 'unknown' | 'closed' | 'password' | 'taken'

/** Subjects are unique within their issuer alone: another provider's must not open accounts of this one. */
export const identityOf = (issuer: string, subject: string): string => `${issuer} ${subject}`

/** 1 to 255 ASCII characters (OpenID Connect Core 1.0, section 2). */
const subject = z.string().regex(/^[\x20-\x7e]{1,255}$/)

/**
 * The address for which the provider vouches, in lower case, where it is verified, and in an allowed domain if the settings name
 * any; that holds for everybody, invited, known or new.
 */
export function vouchedAddress(
  person: Vouched,
  { domains }: OidcSettings,
): { email: string } | { refused: 'unverified' | 'unfit' | 'domain' } {
  if (!person.email || !person.verified) return { refused: 'unverified' }
  // ASCII alone, and before it is put in lower case: the sign for kelvin would become a k that the owner of the domain never had.
  const given = z.email().max(320).safeParse(person.email)
  if (!given.success || !subject.safeParse(person.subject).success) return { refused: 'unfit' }
  const email = given.data.toLowerCase()
  const allowed = domains.length === 0 || domains.includes(email.split('@').at(-1) ?? '')
  return allowed ? { email } : { refused: 'domain' }
}

/** The highest role that the groups give, viewer without any; undefined where the settings leave roles to the console. */
export function roleOf(groups: string[], { roles }: OidcSettings): Role | undefined {
  if (roles.length === 0) return undefined
  const given = roles.filter(({ group }) => groups.includes(group)).map(({ role }) => role)
  return ROLES.findLast((role) => given.includes(role)) ?? 'viewer'
}

/**
 * Finds or makes the account of somebody for whom the provider vouches, and ties the two together, in one transaction.
 * Let in is whoever has an account that is tied to them, an open invitation, or an address in an allowed domain, and always only
 * with an address that vouchedAddress takes. Somebody else's password is never made worthless: an account that has one is tied
 * by its owner (db/console/connect-provider.ts). Where the settings map groups, the role follows them at each sign-in; the last
 * administrator stays.
 */
export async function admit(person: Vouched, settings: OidcSettings): Promise<{ email: string } | { refused: NotAdmitted }> {
  const address = vouchedAddress(person, settings)
  if ('refused' in address) return address
  const role = roleOf(person.groups, settings)
  const found = await findOrMake({ ...person, ...address }, role, settings)
  if ('refused' in found) return found
  // A conflict means the last administrator, who stays one.
  if (role && role !== found.role) await changeRole(found.id, role, PROCTOR, { provider: settings.name })
  return { email: found.email }
}

const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cs}]/gu, '').trim()

type Found = { id: string; email: string; role: string } | { refused: NotAdmitted }

async function findOrMake(person: Vouched & { email: string }, role: Role | undefined, settings: OidcSettings): Promise<Found> {
  const { from } = person
  const identity = identityOf(settings.issuer, person.subject)
  return consoleDb().transaction(async (tx) => {
    // One after the other, so that two first sign-ins at the same moment make one account.
    await tx.execute(sql`lock table ${account} in share row exclusive mode`)
    const columns = { id: user.id, email: user.email, role: user.role, closedAt: closedAccount.at }
    const ofUser = () => tx.select(columns).from(user).leftJoin(closedAccount, eq(closedAccount.userId, user.id))
    const [tied] = await ofUser()
      .innerJoin(account, eq(account.userId, user.id))
      .where(and(eq(account.providerId, PROVIDER), eq(account.accountId, identity)))
    if (tied) return tied.closedAt ? { refused: 'closed' } : tied

    const tie = (userId: string) => tx.insert(account).values({ id: randomUUID(), accountId: identity, providerId: PROVIDER, userId })
    const [same] = await ofUser().where(eq(user.email, person.email))
    if (same) {
      if (same.closedAt) return { refused: 'closed' }
      const others = await tx.$count(account, and(eq(account.providerId, PROVIDER), eq(account.userId, same.id)))
      if (others > 0) return { refused: 'taken' }
      if ((await tx.$count(account, and(isNotNull(account.password), eq(account.userId, same.id)))) > 0) return { refused: 'password' }
      await tie(same.id)
      await writeAudit({ by: { email: same.email, from }, action: 'link-account', detail: { provider: settings.name } }, tx)
      return same
    }

    const [invited] = await tx
      .delete(invitation)
      .where(and(eq(invitation.email, person.email), gt(invitation.expiresAt, sql`now()`)))
      .returning()
    if (!invited && settings.domains.length === 0) return { refused: 'unknown' }
    const made = {
      id: randomUUID(),
      name:
        printable(person.name ?? '')
          .slice(0, 100)
          .toWellFormed() || person.email.slice(0, 100),
      email: person.email,
      role: role ?? invited?.role ?? 'viewer',
    }
    await tx.insert(user).values({ ...made, emailVerified: true })
    await tie(made.id)
    const detail = { name: made.name, role: made.role, provider: settings.name, invitedBy: invited?.invitedBy }
    await writeAudit({ by: { email: made.email, from }, action: invited ? 'accept-invitation' : 'join', detail }, tx)
    return made
  })
}
