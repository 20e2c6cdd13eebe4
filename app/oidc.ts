import { APIError } from 'better-auth/api'
import { type GenericOAuthUserInfo, genericOAuth } from 'better-auth/plugins/generic-oauth'
import { headers } from 'next/headers'
import { admit, identityOf, type NotAdmitted, type Vouched } from '@/db/console/admission'
import { discoveryUrl, type OidcSettings, PROVIDER } from '@/db/console/oidc-settings'
import { clientAddress } from './client-address'

/** Where a sign-in by the provider ends when it fails; the reason follows as `error`. */
export const REFUSED_AT = '/sign-in'

/** Somebody whom the provider knows and the console does not let in; sends the browser back to the sign-in page. */
export class RefusedPerson extends APIError {
  constructor(
    readonly email: string | null,
    readonly why: NotAdmitted,
  ) {
    super('FOUND', undefined, { location: `${REFUSED_AT}?error=${why}` })
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
          const admitted = await admit(person, settings)
          if ('refused' in admitted) throw new RefusedPerson(person.email, admitted.refused)
          return { email: admitted.email, emailVerified: true }
        },
      },
    ],
  })

/** Claims are what a provider sends: anything may stand there. */
function vouched(profile: GenericOAuthUserInfo, { roleClaim }: OidcSettings): Omit<Vouched, 'from'> {
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value.slice(0, 320) : null)
  const groups = profile[roleClaim]
  return {
    subject: String(profile.sub),
    email: text(profile.email),
    verified: profile.email_verified === true || profile.email_verified === 'true',
    name: text(profile.name),
    groups: (Array.isArray(groups) ? groups : [groups]).filter((group) => typeof group === 'string'),
  }
}

const WORDS: Record<NotAdmitted, (name: string) => string> = {
  unverified: (name) => `${name} does not say that your e-mail address is verified, and only verified addresses get in.`,
  unknown: (name) => `${name} knows you, and Proctor does not. Ask an administrator for an invitation.`,
  unfit: (name) => `${name} sends an address or an identity for you that holds characters which no account can have.`,
  closed: () => 'An administrator has closed this account.',
  taken: (name) => `Your address belongs to an account that somebody else at ${name} signs in with. An administrator can untie it.`,
}

const ALL_WORDS = new Map<string, (name: string) => string>([
  ...Object.entries(WORDS),
  ['access_denied', (name) => `The sign-in was broken off at ${name}.`],
  ['state_mismatch', () => 'The sign-in took too long, or was begun in another browser. Try again.'],
  ['unreachable', (name) => `${name} cannot be reached now. Sign in with a password, or try again later.`],
  ['again', () => 'Too many wrong codes, or too long a wait. Begin with your password again.'],
  ['limited', () => 'Too many attempts. Try again in 10 s.'],
])

/** What the sign-in page says about the `error` of its address; nothing of the address itself is shown. */
export const refusalWords = (error: string, name: string): string =>
  ALL_WORDS.get(error)?.(name) ?? `The sign-in by ${name} did not succeed. Try again, or ask an administrator to look into the log.`
