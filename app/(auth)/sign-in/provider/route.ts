import { z } from 'zod'
import { passOn } from '@/app/auth-request'
import { REFUSED_AT } from '@/app/oidc'
import { ownPath } from '@/app/own-path'
import { toldByRoute } from '@/app/told'
import { oidcSettings, PROVIDER } from '@/db/console/oidc-settings'

/** As app/provider-messages.ts knows them. */
const WHY = new Map([
  [429, 'limited'],
  [503, 'console_database'],
])

const begun = z.object({ url: z.url() })

/** Leads to the provider's own sign-in page; a plain link, because the policy of our pages lets no form lead elsewhere. */
export const GET = toldByRoute(async (request: Request): Promise<Response> => {
  if (!oidcSettings(process.env)) return new Response(null, { status: 404 })
  const callbackURL = ownPath(new URL(request.url).searchParams.get('next'))
  const answer = await passOn('/sign-in/social', { provider: PROVIDER, callbackURL, errorCallbackURL: REFUSED_AT, disableRedirect: true })
  const { data } = answer.ok ? begun.safeParse(await answer.json()) : {}
  const location = data?.url ?? `${REFUSED_AT}?error=${WHY.get(answer.status) ?? 'unreachable'}`
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } })
})
