import type { NotAdmitted } from '@/db/console/admission'
import type { NotConnected } from '@/db/console/connect-provider'

type Words = (name: string) => string

const unverified: Words = (name) => `${name} does not report your e-mail address as verified, and only verified addresses are accepted.`
const unfit: Words = (name) => `${name} sent an address or an identity that no account here can have.`
const closed: Words = () => 'An administrator has closed this account.'

const REFUSED: Record<NotAdmitted, Words> = {
  unverified,
  unfit,
  closed,
  domain: (name) => `Your address is in no domain that may sign in with ${name} here. An administrator can tell you which may.`,
  unknown: (name) => `${name} knows you, but Proctor does not. Ask an administrator for an invitation.`,
  password: (name) => `Your address has an account with a password. Sign in with it, and connect ${name} under Account.`,
  taken: (name) => `Your address belongs to an account that is connected to another user of ${name}. An administrator can untie it.`,
}

const NOT_CONNECTED: Record<NotConnected, Words> = {
  unverified,
  unfit,
  closed,
  session: (name) => `You came back from ${name} in another session than the one that asked to connect. Try again.`,
  domain: REFUSED.domain,
  other: (name) => `${name} reports another e-mail address than that of this account.`,
  taken: (name) => `Your user at ${name} is connected to another account. An administrator can untie it.`,
  connected: (name) => `Your account is connected to another user of ${name}. Disconnect it first.`,
}

const FAILED: [string, Words][] = [
  ['access_denied', (name) => `Sign-in was cancelled at ${name}.`],
  ['state_mismatch', () => 'It took too long, or was started in another browser. Try again.'],
  ['unreachable', (name) => `${name} cannot be reached now. Sign in with a password, or try again later.`],
  ['again', () => 'Too many wrong codes, or too long a wait. Begin with your password again.'],
  ['console_database', () => 'The console database is not available. Try again when it is back.'],
  ['limited', () => 'Too many attempts. Try again in 10 s.'],
]

const ON_SIGN_IN = new Map<string, Words>([...Object.entries(REFUSED), ...FAILED])
const ON_ACCOUNT = new Map<string, Words>([...Object.entries(NOT_CONNECTED), ...FAILED])

/** What the sign-in page says about the `error` of its address; nothing of the address itself is shown. */
export const refusalWords = (error: string, name: string): string =>
  ON_SIGN_IN.get(error)?.(name) ?? `The sign-in by ${name} failed. Try again, or ask an administrator to check the log.`

/** The same for /account, where somebody wanted to connect. */
export const notConnectedWords = (error: string, name: string): string =>
  ON_ACCOUNT.get(error)?.(name) ?? `${name} was not connected. Try again, or ask an administrator to check the log.`
