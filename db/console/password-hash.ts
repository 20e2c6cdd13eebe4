import { hashPassword as hash, verifyPassword as verify } from 'better-auth/crypto'
import { failed, ok, type Result } from '../server/problem'
import { Busy, Slots } from './slots'

/**
 * scrypt takes 50 ms of one core and 16 MB each time. The thread pool that it runs on (of four, libuv) also resolves names and
 * reads files, so no more than two go on at once; those that wait are let in within a second.
 */
const LIMITS = { atOnce: 2, waiting: 20 }

/** One for the process: Next.js loads modules once for its routes and once for its pages. */
const shared = globalThis as { proctorHashing?: Slots }
shared.proctorHashing ??= new Slots(LIMITS)

/** The places in which passwords are hashed, for everything that does: sign-in, change, set-up, invitation. */
export const hashing: Slots = shared.proctorHashing

/** Errors: throws Busy when too many passwords are being hashed. */
export const hashPassword = (password: string): Promise<string> => hashing.run(() => hash(password))

/** Whether a password is the one of the hash. Errors: throws Busy, as hashPassword. */
export const verifyPassword = (given: { hash: string; password: string }): Promise<boolean> => hashing.run(() => verify(given))

/** What somebody is told who came while too many passwords were being hashed. */
export const BUSY_WORDS = 'The console is checking as many passwords as it can at once. Try again in a few seconds.'

/** hashPassword for whoever answers with values. Errors: conflict when too many passwords are being hashed. */
export async function newPassword(password: string): Promise<Result<string>> {
  try {
    return ok(await hashPassword(password))
  } catch (error) {
    if (error instanceof Busy) return failed('conflict', BUSY_WORDS)
    throw error
  }
}
