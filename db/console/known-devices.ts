import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { and, eq, isNotNull } from 'drizzle-orm'
import { consoleDb } from './client'
import { account, user } from './schema'

/** How long a browser counts as known after it signed in; each sign-in begins anew. */
export const KNOWN_SECONDS = 180 * 24 * 60 * 60

/** What the cookie of a browser that signed in once says, with a signature that holds. */
export interface Device {
  userId: string
  /** Stands for the password that the account had then. */
  print: string
}

/** By HKDF-SHA256 (RFC 5869) from PROCTOR_SECRET, so that this use shares no key with the sessions. Errors: throws without the secret. */
function key(): Buffer {
  const secret = process.env.PROCTOR_SECRET
  if (!secret) throw new Error('PROCTOR_SECRET is not set: start the console with npm start')
  return Buffer.from(hkdfSync('sha256', secret, '', 'proctor: devices that signed in', 32))
}

const mac = (text: string): string => createHmac('sha256', key()).update(text).digest('base64url')

const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** A changed password, even if to the same words, has another hash: what was given out before then opens nothing. */
const printOf = (userId: string, passwordHash: string | null): string => mac(`password\0${userId}\0${passwordHash ?? ''}`)

async function passwordHashOf(userId: string): Promise<string | null> {
  const [found] = await consoleDb()
    .select({ password: account.password })
    .from(account)
    .where(and(eq(account.userId, userId), isNotNull(account.password)))
  return found?.password ?? null
}

/** The value of the cookie for a browser in which somebody has just signed in. */
export async function deviceCookie(userId: string, now = Date.now()): Promise<string> {
  const until = Math.floor(now / 1000) + KNOWN_SECONDS
  const said = [Buffer.from(userId).toString('base64url'), until, printOf(userId, await passwordHashOf(userId))].join('.')
  return `${said}.${mac(said)}`
}

/** Reads such a value; undefined when this console never wrote it, or too long ago. Asks no database. */
export function readDevice(value: string | null | undefined, now = Date.now()): Device | undefined {
  const [id, until, print, signature, ...rest] = value?.split('.') ?? []
  if (!id || !until || !print || !signature || rest.length > 0) return undefined
  if (!same(mac(`${id}.${until}.${print}`), signature) || Number(until) * 1000 < now) return undefined
  return { userId: Buffer.from(id, 'base64url').toString(), print }
}

/** Whether a device has signed in to the account of this address, and since the last change of its password. */
export async function isKnownTo(device: Device | undefined, email: string): Promise<boolean> {
  if (!device) return false
  const [owner] = await consoleDb().select({ id: user.id }).from(user).where(eq(user.email, email))
  return owner?.id === device.userId && same(printOf(owner.id, await passwordHashOf(owner.id)), device.print)
}
