import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import { noteFailure, notePassword, noteSession, type SignInFrom, waitsUntil } from '@/db/console/sign-ins'
import { isClosed } from '@/db/console/users'
import { clientAddress } from './client-address'

const SIGN_IN = '/sign-in/email'
const SIGN_OUT = '/sign-out'
const CHANGE_PASSWORD = '/change-password'

/** better-auth's own ways round what the console does itself, by app/account/actions.ts, with a line in the audit. */
export const CLOSED_PATHS = [
  '/update-user',
  '/revoke-session',
  '/revoke-sessions',
  '/revoke-other-sessions',
  '/request-password-reset',
  '/reset-password',
]

/** Codes of refusals whose message is meant for the sign-in page. */
export const SAID_CODES = ['ADDRESS_WAITS', 'ACCOUNT_CLOSED']

const where = (headers?: Headers): SignInFrom => ({
  from: headers ? clientAddress(headers) : null,
  agent: headers?.get('user-agent')?.slice(0, 200) ?? null,
})

/** The address that was typed; null for what no text column takes. */
function addressIn(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('email' in body) || typeof body.email !== 'string') return null
  const email = body.email.toLowerCase().toWellFormed()
  return email.includes('\0') ? null : email
}

/** Around better-auth's endpoints: an address waits after too many failures; sign-in, its failure and sign-out are written down. */
export const signInHooks = {
  before: createAuthMiddleware(async (ctx) => {
    if (ctx.path === SIGN_OUT) {
      const open = await getSessionFromCtx(ctx)
      if (open) await noteSession('sign-out', open.user.email, where(ctx.headers))
    }
    const email = ctx.path === SIGN_IN ? addressIn(ctx.body) : null
    const until = email && (await waitsUntil(email))
    if (!email || !until) return
    await noteFailure('sign-in.refused', email, where(ctx.headers))
    const minutes = Math.max(1, Math.ceil((until.getTime() - Date.now()) / 60_000))
    const message = `Too many failed sign-ins for ${email}. It opens again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`
    throw new APIError('TOO_MANY_REQUESTS', { code: 'ADDRESS_WAITS', message })
  }),
  after: createAuthMiddleware(async (ctx) => {
    const owner = (ctx.context.newSession ?? ctx.context.session)?.user
    if (ctx.path === CHANGE_PASSWORD && owner) {
      const refused = ctx.context.returned instanceof APIError
      return notePassword(refused ? 'change-password.refused' : 'change-password', owner.email, where(ctx.headers))
    }
    if (ctx.path !== SIGN_IN) return
    const opened = ctx.context.newSession
    if (opened) return noteSession('sign-in', opened.user.email, where(ctx.headers))
    const email = addressIn(ctx.body)
    const answer = ctx.context.returned
    if (!email || !(answer instanceof APIError)) return
    if (answer.statusCode === 401) await noteFailure('sign-in.failed', email, where(ctx.headers))
    if (answer.statusCode === 403) await noteFailure('sign-in.refused', email, where(ctx.headers))
  }),
}

/** No session opens for a closed account, whichever way somebody signs in. */
export const closedAccountHooks = {
  session: {
    create: {
      before: async ({ userId }: { userId: string }): Promise<void> => {
        if (await isClosed(userId)) {
          throw new APIError('FORBIDDEN', { code: 'ACCOUNT_CLOSED', message: 'An administrator has closed this account.' })
        }
      },
    },
  },
}
