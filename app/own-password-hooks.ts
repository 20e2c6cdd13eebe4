import { APIError, getSessionFromCtx } from 'better-auth/api'
import { z } from 'zod'
import { endChallenges } from '@/db/console/own-account'
import { ownWaitsUntil } from '@/db/console/sign-in-waits'
import { noteOwn } from '@/db/console/sign-ins'
import { rememberDevice } from './known-device'
import { secondFactor } from './second-factor-plugin'
import { spendCode, waitsAnswer, wasSpent } from './sign-in-codes'
import { type Ctx, whereOf } from './sign-in-context'

const CHANGE_PASSWORD = '/change-password'

/** What somebody who is signed in does behind a password, and how it is written down: done, refused. */
const OWN = {
  [CHANGE_PASSWORD]: ['change-password', 'change-password.refused'],
  '/two-factor/enable': [undefined, 'second-factor.refused'], // it is on when the first code has been right
  '/two-factor/disable': ['second-factor.off', 'second-factor.refused'],
  '/two-factor/generate-backup-codes': ['second-factor.backup-codes', 'second-factor.refused'],
  '/verify-password': [undefined, 'password.refused'], // asked by the console itself, before something of its own
} as const

export const isOwn = (path: string): path is keyof typeof OWN => path in OWN

/** What would be a way round the second factor asks for a code too, where one is on. */
export const ASK_CODE = new Set(['/two-factor/disable', '/two-factor/generate-backup-codes', '/verify-password'])

type Person = { id: string; email: string }

/** Before a password of somebody who is signed in is looked at. Errors: throws the refusal. */
export async function beforeOwn(ctx: Ctx): Promise<{ context: { body: object } } | undefined> {
  const open = await getSessionFromCtx(ctx)
  if (!open || !isOwn(ctx.path)) return undefined // for the endpoint to refuse
  const { user } = open
  const until = await ownWaitsUntil(user.email)
  if (until) throw waitsAnswer('Too many wrong passwords or codes.', until)
  if (ctx.path === CHANGE_PASSWORD) return { context: { body: { ...ctx.body, revokeOtherSessions: true } } }
  if (ASK_CODE.has(ctx.path) && user.twoFactorEnabled) await checkBoth(ctx, user, OWN[ctx.path][1])
  return undefined
}

const digits = z.string().regex(/^\d{6}$/)
const anyCode = z.string().min(1).max(20)

/** First the password, so that a code is spent for nothing by no mistyped one. Errors: throws what is wrong. */
async function checkBoth(ctx: Ctx, user: Person, refused: (typeof OWN)[keyof typeof OWN][1]): Promise<void> {
  const given = anyCode.safeParse(ctx.body?.code)
  if (!given.success) throw new APIError('BAD_REQUEST', { code: 'CODE_NEEDED', message: 'A code is needed as well.' })
  const code = given.data
  try {
    await ctx.context.password.checkPassword(user.id, ctx)
    if (await wasSpent(ctx, user.email, code)) throw new APIError('BAD_REQUEST', { code: 'USED_CODE' })
    const { verifyTOTP, verifyBackupCode } = secondFactor.endpoints
    const asked = { ...ctx, method: 'POST', asResponse: false, returnHeaders: false, returnStatus: false } as const
    if (digits.safeParse(code).success) await verifyTOTP({ ...asked, body: { code } })
    else await verifyBackupCode({ ...asked, body: { code, disableSession: true } })
  } catch (error) {
    if (error instanceof APIError && error.statusCode < 500) await noteOwn(refused, user.email, whereOf(ctx.headers))
    throw error
  }
  await spendCode(ctx, user, code)
}

/** Writes down what became of it. A changed password ends what was begun with the old one. */
export async function afterOwn(ctx: Ctx, path: keyof typeof OWN, refused: APIError | undefined): Promise<void> {
  const owner = (ctx.context.newSession ?? ctx.context.session)?.user
  if (!owner || (refused && refused.statusCode >= 500)) return
  const action = OWN[path][refused ? 1 : 0]
  if (action) await noteOwn(action, owner.email, whereOf(ctx.headers))
  if (path !== CHANGE_PASSWORD || refused) return
  await endChallenges(owner.id)
  await rememberDevice(ctx, owner.id)
}
