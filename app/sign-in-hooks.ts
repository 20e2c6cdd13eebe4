import { APIError, addOAuthServerContext, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import { oidcSettings, PROVIDER } from '@/db/console/oidc-settings'
import { noteFailure, noteSession } from '@/db/console/sign-ins'
import { isClosed } from '@/db/console/users'
import { comesFromKnown, rememberDevice } from './known-device'
import { ConnectionEnded, RefusedPerson } from './oidc'
import { afterOwn, beforeOwn, isOwn } from './own-password-hooks'
import { ownPath } from './own-path'
import { providerFlow } from './provider-flow'
import { afterCode, beforeCode, CODES, refuseWaiting } from './sign-in-codes'
import { type Ctx, whereOf } from './sign-in-context'
import { CONSOLE_DATABASE } from './told'

const SIGN_IN = '/sign-in/email'
const SIGN_OUT = '/sign-out'
const TO_PROVIDER = '/sign-in/social'
const FROM_PROVIDER = '/callback/:id'
const CALLBACK = `/callback/${PROVIDER}`

/**
 * The only endpoints of better-auth that answer. The others would be ways round what the console does itself with a line
 * in the audit, or would give out what leaves the server once (the secret of a second factor) or never (tokens).
 */
const OPEN_PATHS = new Set([
  SIGN_IN,
  SIGN_OUT,
  TO_PROVIDER,
  CALLBACK,
  '/get-session',
  '/ok',
  '/error',
  '/change-password',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/generate-backup-codes',
  ...CODES.keys(),
])

/** Whether a path below /api/auth is one of them, in that spelling. */
export const isOpen = (path: string): boolean => OPEN_PATHS.has(path)

/** Where somebody brings an address along that they want to be led to. */
const ADDRESSES = ['callbackURL', 'errorCallbackURL', 'newUserCallbackURL', 'redirectTo']

/** Errors: throws the answer 400 where one of them is no page of this console. */
function refuseElsewhere(given: unknown): void {
  if (typeof given !== 'object' || given === null) return
  const asked = Object.entries(given).filter(([name, value]) => ADDRESSES.includes(name) && value !== undefined)
  if (asked.some(([, value]) => ownPath(value) !== value)) throw new APIError('BAD_REQUEST', { code: 'NO_PAGE_OF_THE_CONSOLE' })
}

/** Codes of refusals whose message is meant for the sign-in page. */
export const SAID_CODES = ['WAITS', 'LIMITED', 'BUSY', 'ACCOUNT_CLOSED', 'USED_CODE', CONSOLE_DATABASE]

/** The address that was typed; null for what no text column takes. */
function addressIn(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('email' in body) || typeof body.email !== 'string') return null
  const email = body.email.toLowerCase().toWellFormed()
  return email.includes('\0') ? null : email
}

/** On the way there: what the console itself wants to know when they are back. On the way back: whose session the browser has. */
async function beforeProvider(ctx: Ctx): Promise<void> {
  const flow = providerFlow.getStore()
  if (flow?.connect) await addOAuthServerContext({ connect: flow.connect })
  const open = ctx.path === FROM_PROVIDER && flow ? await getSessionFromCtx(ctx) : null
  if (flow && open) flow.signedIn = { userId: open.user.id, sessionId: open.session.id }
}

/** What came back from the provider: a session, somebody who is not let in, or something that went wrong on the way. */
async function afterProvider(ctx: Ctx, returned: unknown): Promise<void> {
  if (returned instanceof ConnectionEnded) return
  const how = oidcSettings(process.env)?.name
  const opened = ctx.context.newSession?.user
  if (opened) {
    await rememberDevice(ctx, opened.id)
    return noteSession('sign-in', opened.email, whereOf(ctx.headers), how)
  }
  if (returned instanceof RefusedPerson)
    return noteFailure('sign-in.refused', returned.email, whereOf(ctx.headers), { how, why: returned.why })
  const location = ctx.context.responseHeaders?.get('location')
  const why = location && URL.canParse(location, 'http://console') ? new URL(location, 'http://console').searchParams.get('error') : null
  await noteFailure('sign-in.failed', null, whereOf(ctx.headers), { how, why: why?.slice(0, 100) ?? 'unknown' })
}

/** Around better-auth's endpoints: an address waits after too many failures; what people do at the door is written down. */
export const signInHooks = {
  before: createAuthMiddleware(async (ctx) => {
    const path = ctx.path === FROM_PROVIDER ? CALLBACK : ctx.path
    if (ctx.request && !isOpen(path)) throw new APIError('NOT_FOUND')
    if (path === CALLBACK && (ctx.params?.id !== PROVIDER || !oidcSettings(process.env))) throw new APIError('NOT_FOUND')
    refuseElsewhere(ctx.body)
    refuseElsewhere(ctx.query)
    // The provider sends people back through the browser; a token that somebody brings along opens nothing.
    if (ctx.path === TO_PROVIDER && ctx.body?.idToken !== undefined) throw new APIError('BAD_REQUEST')
    if (path === TO_PROVIDER || path === CALLBACK) await beforeProvider(ctx)
    if (CODES.has(ctx.path)) return beforeCode(ctx)
    if (isOwn(ctx.path)) return beforeOwn(ctx)
    if (ctx.path === SIGN_OUT) {
      const open = await getSessionFromCtx(ctx)
      if (open) await noteSession('sign-out', open.user.email, whereOf(ctx.headers))
    }
    const email = ctx.path === SIGN_IN ? addressIn(ctx.body) : null
    if (email) await refuseWaiting(ctx, email, 'password')
  }),
  after: createAuthMiddleware(async (ctx) => {
    const { returned } = ctx.context
    const refused = returned instanceof APIError ? returned : undefined
    if (CODES.has(ctx.path)) return afterCode(ctx, refused)
    if (ctx.path === FROM_PROVIDER) return afterProvider(ctx, returned)
    if (isOwn(ctx.path)) return afterOwn(ctx, ctx.path, refused)
    if (ctx.path !== SIGN_IN) return
    const opened = ctx.context.newSession?.user
    // With a second factor this session ends at once, in the plugin's own hook after this one; it is a sign-in when the code is right.
    if (opened?.twoFactorEnabled) return
    if (opened) {
      await rememberDevice(ctx, opened.id)
      return noteSession('sign-in', opened.email, whereOf(ctx.headers), 'password')
    }
    const email = addressIn(ctx.body)
    if (!email || !refused) return
    const known = await comesFromKnown(ctx, email)
    if (refused.statusCode === 401) await noteFailure('sign-in.failed', email, whereOf(ctx.headers), { how: 'password', known })
    if (refused.statusCode === 403) await noteFailure('sign-in.refused', email, whereOf(ctx.headers))
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
