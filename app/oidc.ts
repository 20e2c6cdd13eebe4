import { APIError, getOAuthState } from 'better-auth/api'
import { type GenericOAuthUserInfo, genericOAuth } from 'better-auth/plugins/generic-oauth'
import { headers } from 'next/headers'
import { admit, identityOf, type NotAdmitted, type Vouched } from '@/db/console/admission'
import { connectProvider } from '@/db/console/connect-provider'
import { discoveryUrl, type OidcSettings, PROVIDER } from '@/db/console/oidc-settings'
import { clientAddress } from './client-address'
import { connectionWanted, type OpenSession, providerFlow } from './provider-flow'

/** Where a sign-in by the provider ends when it fails; the reason follows as `error`. */
export const REFUSED_AT = '/sign-in'

/** Somebody whom the provider knows and the console does not let in; sends the browser back to the sign-in page. */
export class RefusedPerson extends APIError {
  constructor(
    readonly email: string | null,
    readonly why: NotAdmitted | 'session',
    at = REFUSED_AT,
  ) {
    super('FOUND', undefined, { location: `${at}?error=${why}` })
  }
}

/** Where somebody comes back who wanted to connect their account. */
export const CONNECT_AT = '/account'

/** Somebody who came back for that, and stays in the session that they have; what came of it is in the audit. */
export class ConnectionEnded extends APIError {
  constructor(outcome: string) {
    super('FOUND', undefined, { location: `${CONNECT_AT}?${outcome}` })
  }
}

/** better-auth's part: discovery, state, PKCE, nonce, tokens. Who gets in is decided by db/console/admission.ts alone. */
export const providerPlugin = (settings: OidcSettings) =>
  genericOAuth({
    config: [
      {
        providerId: PROVIDER,
        name: settings.name,
        discoveryUrl: discoveryUrl(settings.issuer),
        clientId: settings.clientId,
        clientSecret: settings.clientSecret,
        scopes: settings.scopes,
        authentication: 'basic', // what RFC 6749, 2.3.1 has every provider know
        requireIdTokenVerification: true,
        disableSignUp: true,
        accountSubject: ({ profile }) => identityOf(settings.issuer, String(profile.sub)),
        mapProfileToUser: async (profile) => {
          const person = { ...vouched(profile, settings), from: clientAddress(await headers()) }
          const wanted = connectionWanted((await getOAuthState())?.serverContext)
          if (wanted) throw await connected(wanted, person, settings)
          const admitted = await admit(person, settings)
          if ('refused' in admitted) throw new RefusedPerson(person.email, admitted.refused)
          return { email: admitted.email, emailVerified: true }
        },
      },
    ],
  })

/** Connects only in the session in which it was asked for, with the password: another one may be anybody's. */
async function connected(wanted: OpenSession, person: Vouched, settings: OidcSettings): Promise<APIError> {
  const here = providerFlow.getStore()?.signedIn
  if (here?.sessionId !== wanted.sessionId || here.userId !== wanted.userId) return new RefusedPerson(person.email, 'session', CONNECT_AT)
  const done = await connectProvider(wanted.userId, person, settings)
  return new ConnectionEnded('refused' in done ? `error=${done.refused}` : 'connected=1')
}

/** Claims are what a provider sends: anything may stand there. */
function vouched(profile: GenericOAuthUserInfo, { roleClaim }: OidcSettings): Omit<Vouched, 'from'> {
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value.slice(0, 320) : null)
  const groups = profile[roleClaim]
  return {
    subject: typeof profile.sub === 'string' ? profile.sub : '',
    email: typeof profile.email === 'string' ? profile.email.replaceAll(/\p{C}/gu, '\ufffd') : null, // whole: cut, it would be another
    verified: profile.email_verified === true || profile.email_verified === 'true',
    name: text(profile.name),
    groups: (Array.isArray(groups) ? groups : [groups]).filter((group) => typeof group === 'string'),
  }
}
