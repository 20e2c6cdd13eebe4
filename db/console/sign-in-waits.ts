import { and, asc, eq, gt, inArray, or, sql } from 'drizzle-orm'
import { consoleDb } from './client'
import { audit } from './schema'
import { peerOf } from './trusted-proxies'

/** Failures count for so many minutes, and whoever has too many waits until the oldest of them is that old. */
const WITHIN_MINUTES = 15

/**
 * How many failures are too many. Strangers are counted apart from devices that have signed in before, so that nobody's
 * wrong passwords keep the owner of an account out of it.
 */
const MOST = {
  /** Of a device that has signed in to the account before. */
  device: 10,
  /** Of one peer, for one account. */
  peerAndAccount: 10,
  /** Of one peer, for whatever accounts: a list of addresses tried one after the other. */
  peer: 50,
  /** For one account, from all peers together. */
  account: 100,
  /** Codes after a right password, for one account from all peers together: a code has only six digits. */
  codes: 10,
  /** Of somebody who is signed in and asked for the own password or code again. */
  own: 10,
}

/** Who tries to sign in. */
export interface Attempt {
  /** As it was typed, in lower case; whether it has an account makes no difference. */
  email: string
  /** The address that the request came from. */
  from: string | null
  /** Whether the device has signed in to this account before. */
  known: boolean
  step: 'password' | 'code'
}

interface Failure {
  at: Date
  email: string | null
  peer: string | null
  known: boolean
  code: boolean
}

const recent = gt(audit.at, sql`now() - make_interval(mins => ${WITHIN_MINUTES})`)

/**
 * Until when an attempt waits, or null. What succeeds, and what is refused meanwhile, does not count; an address without an
 * account waits just so.
 */
export async function waitsUntil({ email, from, known, step }: Attempt): Promise<Date | null> {
  const [address, peer] = [email.slice(0, 320), peerOf(from)]
  const inDetail = (name: string) => sql<string | null>`${audit.detail} ->> ${name}`
  const failures: Failure[] = await consoleDb()
    .select({
      at: audit.at,
      email: inDetail('email'),
      peer: inDetail('peer'),
      known: sql<boolean>`coalesce(${inDetail('known')} = 'true', false)`,
      code: sql<boolean>`coalesce(${inDetail('how')} in ('password and code', 'password and backup code'), false)`,
    })
    .from(audit)
    .where(and(recent, eq(audit.action, 'sign-in.failed'), or(eq(inDetail('email'), address), eq(inDetail('peer'), peer))))
    .orderBy(asc(audit.at))
  const ofAccount = failures.filter((one) => one.email === address && one.known === known)
  if (known) return over(ofAccount, MOST.device)
  const ofPeer = failures.filter((one) => one.peer === peer && !one.known)
  return latest([
    over(
      ofAccount.filter((one) => one.peer === peer),
      MOST.peerAndAccount,
    ),
    over(ofPeer, MOST.peer),
    over(ofAccount, MOST.account),
    step === 'code'
      ? over(
          ofAccount.filter(({ code }) => code),
          MOST.codes,
        )
      : null,
  ])
}

/** Until when somebody who is signed in waits before the own password or code is looked at again, or null. */
export async function ownWaitsUntil(email: string): Promise<Date | null> {
  const refused = await consoleDb()
    .select({ at: audit.at })
    .from(audit)
    .where(
      and(recent, eq(audit.actor, email), inArray(audit.action, ['change-password.refused', 'second-factor.refused', 'password.refused'])),
    )
    .orderBy(asc(audit.at))
  return over(refused, MOST.own)
}

/** When there are no longer `most` of them within the time; null when there are fewer now. */
function over(failures: { at: Date }[], most: number): Date | null {
  const oldest = failures.at(-most)
  return oldest ? new Date(oldest.at.getTime() + WITHIN_MINUTES * 60_000) : null
}

const latest = (waits: (Date | null)[]): Date | null => waits.reduce((last, wait) => (wait && (!last || wait > last) ? wait : last), null)
