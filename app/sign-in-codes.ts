import { APIError, type createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import { z } from 'zod'
import { type How, noteFailure, noteOwn, noteSession, type SignInFrom, waitsUntil } from '@/db/console/sign-ins'
import { clientAddress } from './client-address'

/** What better-auth hands to a hook. */
export type Ctx = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0]

const VERIFY_CODE = '/two-factor/verify-totp'
const VERIFY_BACKUP = '/two-factor/verify-backup-code'

/** Which kind of code a path takes, as the audit says it. */
export const CODES = new Map<string, How>([
  [VERIFY_CODE, 'password and code'],
  [VERIFY_BACKUP, 'password and backup code'],
])

export const whereOf = (headers?: Headers): SignInFrom => ({
  from: headers ? clientAddress(headers) : null,
  agent: headers?.get('user-agent')?.slice(0, 200) ?? null,
})

/** Whose code is awaited: they have given the right password, and the browser carries the sign of it. */
async function awaited(ctx: Ctx): Promise<string | null> {
  const challenge = await ctx.getSignedCookie(ctx.context.createAuthCookie('two_factor').name, ctx.context.secret)
  const found = challenge ? await ctx.context.internalAdapter.findVerificationValue(challenge) : null
  return (found && (await ctx.context.internalAdapter.findUserById(found.value))?.email) ?? null
}

/** Errors: throws the answer 429 for an address with too many failures. */
export async function refuseWaiting(ctx: Ctx, email: string): Promise<void> {
  const until = await waitsUntil(email)
  if (!until) return
  await noteFailure('sign-in.refused', email, whereOf(ctx.headers))
  const minutes = Math.max(1, Math.ceil((until.getTime() - Date.now()) / 60_000))
  const message = `Too many failed sign-ins for ${email}. It opens again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`
  throw new APIError('TOO_MANY_REQUESTS', { code: 'ADDRESS_WAITS', message })
}

/** A code that opened a session opens no other: whoever looked over a shoulder has nothing (RFC 6238, 5.2). */
const usedCode = (email: string, code: string): string => `used-code ${email} ${code}`
const CODE_LIVES_MS = 120_000
const plainCode = z.string().regex(/^[\w-]{1,20}$/)

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
  await refuseWaiting(ctx, email)
  const { data: code } = plainCode.safeParse(ctx.body?.code) // anything else is for the endpoint to refuse
  const used = code && (await ctx.context.internalAdapter.findVerificationValue(usedCode(email, code)))
  if (used && used.expiresAt > new Date()) {
    await noteFailure('sign-in.failed', email, whereOf(ctx.headers), { how: CODES.get(ctx.path), why: 'used before' })
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
    const expiresAt = new Date(Date.now() + CODE_LIVES_MS)
    const identifier = usedCode(opened.email, ctx.body?.code)
    await ctx.context.internalAdapter.createVerificationValue({ identifier, value: opened.id, expiresAt })
    return noteSession('sign-in', opened.email, whereOf(ctx.headers), how)
  }
  const email = refused && (await awaited(ctx))
  if (!email || !refused) return
  await noteFailure(refused.statusCode === 401 ? 'sign-in.failed' : 'sign-in.refused', email, whereOf(ctx.headers), { how })
}
