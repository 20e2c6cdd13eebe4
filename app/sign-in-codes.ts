import { APIError, getSessionFromCtx } from 'better-auth/api'
import { z } from 'zod'
import { waitsUntil } from '@/db/console/sign-in-waits'
import { type How, noteFailure, noteOwn, noteSession } from '@/db/console/sign-ins'
import { comesFromKnown, rememberDevice } from './known-device'
import { type Ctx, whereOf } from './sign-in-context'

const VERIFY_CODE = '/two-factor/verify-totp'
const VERIFY_BACKUP = '/two-factor/verify-backup-code'

/** Which kind of code a path takes, as the audit says it. */
export const CODES = new Map<string, How>([
  [VERIFY_CODE, 'password and code'],
  [VERIFY_BACKUP, 'password and backup code'],
])

/** Whose code is awaited: they have given the right password, and the browser carries the sign of it. */
async function awaited(ctx: Ctx): Promise<string | null> {
  const challenge = await ctx.getSignedCookie(ctx.context.createAuthCookie('two_factor').name, ctx.context.secret)
  const found = challenge ? await ctx.context.internalAdapter.findVerificationValue(challenge) : null
  return (found && (await ctx.context.internalAdapter.findUserById(found.value))?.email) ?? null
}

const minutesUntil = (until: Date): string => {
  const minutes = Math.max(1, Math.ceil((until.getTime() - Date.now()) / 60_000))
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`
}

/** The answer to whoever has to wait; the same for an address with an account and one without. */
export const waitsAnswer = (what: string, until: Date): APIError =>
  new APIError('TOO_MANY_REQUESTS', { code: 'WAITS', message: `${what} Try again in ${minutesUntil(until)}.` })

/** Errors: throws the answer 429 where there were too many failures for the address, from this peer, or on this device. */
export async function refuseWaiting(ctx: Ctx, email: string, step: 'password' | 'code'): Promise<void> {
  const [where, known] = [whereOf(ctx.headers), await comesFromKnown(ctx, email)]
  const until = await waitsUntil({ email, from: where.from, known, step })
  if (!until) return
  await noteFailure('sign-in.refused', email, where, { known })
  throw waitsAnswer(
    known
      ? 'Too many failed sign-ins in this browser.'
      : 'Too many failed sign-ins with this address, or from where you are. A browser that has signed in before is still let in.',
    until,
  )
}

/** A code that opened a session opens no other: whoever looked over a shoulder has nothing (RFC 6238, 5.2). */
const usedCode = (email: string, code: string): string => `used-code ${email} ${code}`
const CODE_LIVES_MS = 120_000
const plainCode = z.string().regex(/^[\w-]{1,20}$/)

/** Whether a code has served already; false for what can be none. */
export async function wasSpent(ctx: Ctx, email: string, given: unknown): Promise<boolean> {
  const { data: code } = plainCode.safeParse(given)
  const used = code && (await ctx.context.internalAdapter.findVerificationValue(usedCode(email, code)))
  return Boolean(used && used.expiresAt > new Date())
}

/** Keeps a code from serving again. */
export async function spendCode(ctx: Ctx, { id, email }: { id: string; email: string }, code: string): Promise<void> {
  const expiresAt = new Date(Date.now() + CODE_LIVES_MS)
  await ctx.context.internalAdapter.createVerificationValue({ identifier: usedCode(email, code), value: id, expiresAt })
}

/** Before a code is looked at. Errors: throws the refusal. */
export async function beforeCode(ctx: Ctx): Promise<void> {
  const session = await getSessionFromCtx(ctx)
  // With a session a code confirms the set-up, and serves for nothing else: no place to guess.
  if (session) {
    if (ctx.path === VERIFY_CODE && !session.user.twoFactorEnabled) return
    throw new APIError('BAD_REQUEST', { code: 'SIGNED_IN', message: 'You are signed in already.' })
  }
  const email = await awaited(ctx)
  if (!email) return
  await refuseWaiting(ctx, email, 'code')
  if (await wasSpent(ctx, email, ctx.body?.code)) {
    const known = await comesFromKnown(ctx, email)
    await noteFailure('sign-in.failed', email, whereOf(ctx.headers), { how: CODES.get(ctx.path), why: 'used before', known })
    throw new APIError('UNAUTHORIZED', { code: 'USED_CODE', message: 'This code was used. Wait for the next one.' })
  }
}

/** Writes down what became of a code. */
export async function afterCode(ctx: Ctx, refused: APIError | undefined): Promise<void> {
  const how = CODES.get(ctx.path)
  const owner = ctx.context.session?.user
  if (owner) return noteOwn(refused ? 'second-factor.refused' : 'second-factor.on', owner.email, whereOf(ctx.headers))
  const opened = ctx.context.newSession?.user
  if (opened) {
    await spendCode(ctx, opened, ctx.body?.code)
    await rememberDevice(ctx, opened.id)
    return noteSession('sign-in', opened.email, whereOf(ctx.headers), how)
  }
  const email = refused && (await awaited(ctx))
  if (!email || !refused) return
  const known = await comesFromKnown(ctx, email)
  await noteFailure(refused.statusCode === 401 ? 'sign-in.failed' : 'sign-in.refused', email, whereOf(ctx.headers), { how, known })
}
