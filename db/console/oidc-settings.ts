import { z } from 'zod'
import { ROLES, type Role } from './roles'

/** What the provider is called in better-auth's address of the callback and in account.provider_id. */
export const PROVIDER = 'oidc'

/** Loopback is reached without TLS, for trying things out. */
const isSafe = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
}

const words = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

const roleOfGroup = z.string().transform((text, ctx) => {
  const pairs = words(text).map((pair) => {
    const at = pair.lastIndexOf('=')
    return { group: pair.slice(0, at).trim(), role: ROLES.find((role) => role === pair.slice(at + 1).trim()) }
  })
  const known = pairs.flatMap(({ group, role }) => (group && role ? [{ group, role }] : []))
  if (known.length < pairs.length) ctx.addIssue('must be pairs such as dba=operator,dba-leads=admin; roles are viewer, operator and admin')
  return known
})

const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/

/** The settings of sign-in by OpenID Connect, each by itself; see oidcSettings for what they need of each other. */
export const OIDC_SHAPE = {
  PROCTOR_OIDC_ISSUER: z
    .string()
    .refine(isSafe, 'must be an https address such as https://login.example.org (http on loopback only)')
    .optional(),
  PROCTOR_OIDC_CLIENT_ID: z.string().max(300).optional(),
  PROCTOR_OIDC_CLIENT_SECRET: z.string().max(1000).optional(),
  PROCTOR_OIDC_NAME: z.string().trim().max(40, 'must have at most 40 characters').optional(),
  PROCTOR_OIDC_DOMAINS: z
    .string()
    .transform((text) => words(text.toLowerCase()))
    .refine((domains) => domains.every((one) => domain.test(one)), 'must be domains such as example.org,example.net')
    .optional(),
  PROCTOR_OIDC_ROLES: roleOfGroup.optional(),
  PROCTOR_OIDC_ROLE_CLAIM: z.string().max(200).optional(),
  PROCTOR_OIDC_SCOPES: z
    .string()
    .transform((text) => text.split(/\s+/).filter((scope) => scope !== ''))
    .refine((scopes) => ['openid', 'email'].every((scope) => scopes.includes(scope)), 'must name at least openid and email')
    .optional(),
}

const shape = z.object(OIDC_SHAPE)

/** Sign-in by OpenID Connect, as the settings describe it. */
export interface OidcSettings {
  issuer: string
  clientId: string
  clientSecret: string
  /** What the provider is called on the sign-in page and in the audit. */
  name: string
  scopes: string[]
  /**
   * Only verified addresses in them come in by the provider, and whoever has one gets an account; without any, only people
   * who are invited or tied to an account come in, from whatever domain.
   */
  domains: string[]
  /** The claim that names somebody's groups. */
  roleClaim: string
  /** What each group gives; empty: the provider says nothing about roles. */
  roles: { group: string; role: Role }[]
}

/** Which of the settings that belong together are missing, or undefined. */
export function oidcIncomplete(given: z.output<typeof shape>): { missing: string; because: string } | undefined {
  const needed = ['PROCTOR_OIDC_ISSUER', 'PROCTOR_OIDC_CLIENT_ID', 'PROCTOR_OIDC_CLIENT_SECRET'] as const
  const because = Object.keys(OIDC_SHAPE).find((name) => name in given && given[name as keyof typeof given] !== undefined)
  const missing = needed.find((name) => !given[name])
  return because && missing ? { missing, because } : undefined
}

/** Undefined where no provider is set. Expects settings that bin/settings.ts has let through. */
export function oidcSettings(environment: Record<string, string | undefined>): OidcSettings | undefined {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const given = shape.parse(set)
  const { PROCTOR_OIDC_ISSUER: issuer, PROCTOR_OIDC_CLIENT_ID: clientId, PROCTOR_OIDC_CLIENT_SECRET: clientSecret } = given
  if (!issuer || !clientId || !clientSecret) return undefined
  return {
    issuer,
    clientId,
    clientSecret,
    name: given.PROCTOR_OIDC_NAME || 'single sign-on',
    scopes: given.PROCTOR_OIDC_SCOPES ?? ['openid', 'email', 'profile'],
    domains: given.PROCTOR_OIDC_DOMAINS ?? [],
    roleClaim: given.PROCTOR_OIDC_ROLE_CLAIM ?? 'groups',
    roles: given.PROCTOR_OIDC_ROLES ?? [],
  }
}

/** Where a provider describes itself (OpenID Connect Discovery 1.0, section 4). */
export const discoveryUrl = (issuer: string): string => `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
