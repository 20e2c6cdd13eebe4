import { z } from 'zod'
import { passOn } from '@/app/auth-request'
import { REFUSED_AT } from '@/app/oidc'
import { ownPath } from '@/app/own-path'
import { oidcSettings, PROVIDER } from '@/db/console/oidc-settings'

const begun = z.object({ url: z.url() })

/** Leads to the provider's own sign-in page; a plain link, because the policy of our pages lets no form lead elsewhere. */
export async function GET(request: Request): Promise<Response> {
  if (!oidcSettings(process.env)) return new Response(null, { status: 404 })
  const callbackURL = ownPath(new URL(request.url).searchParams.get('next'))
  const answer = await passOn('/sign-in/social', { provider: PROVIDER, callbackURL, errorCallbackURL: REFUSED_AT, disableRedirect: true })
  const { data } = answer.ok ? begun.safeParse(await answer.json()) : {}
  const location = data?.url ?? `${REFUSED_AT}?error=${answer.status === 429 ? 'limited' : 'unreachable'}`
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } })
}
