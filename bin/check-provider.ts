import { z } from 'zod'
import { discoveryUrl, type OidcSettings, oidcSettings } from '../db/console/oidc-settings'
import { UserError } from './settings'

const PATIENCE_MS = 5_000

const described = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
})

/**
 * Asks the provider of the settings, where there is one, to describe itself. One that answers with something else is a
 * wrong setting and ends the start; one that does not answer is told, and the console starts without it.
 * Errors: a UserError that names the setting.
 */
export async function checkProvider(environment: Record<string, string | undefined>): Promise<void> {
  const settings = oidcSettings(environment)
  if (!settings) return
  const url = discoveryUrl(settings.issuer)
  const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch((error: Error) => error)
  if (answer instanceof Error || answer.status >= 500) {
    console.error(`${url} does not answer (${why(answer)}). Nobody signs in with ${settings.name} until it does; passwords work.`)
    return
  }
  refuse(settings, url, answer.ok ? described.safeParse(await answer.json().catch(() => undefined)).data : undefined)
}

const why = (answer: Error | Response): string => {
  if (answer instanceof Response) return `status ${answer.status}`
  const { cause } = answer
  return cause instanceof Error && 'code' in cause ? String(cause.code) : answer.message
}

/** OpenID Connect Discovery 1.0, section 4.3: the description must name the very issuer that was asked. */
function refuse({ issuer }: OidcSettings, url: string, found: z.output<typeof described> | undefined): void {
  if (!found) throw new UserError(`PROCTOR_OIDC_ISSUER: ${url} does not describe an OpenID Connect provider.`)
  if (found.issuer !== issuer) throw new UserError(`PROCTOR_OIDC_ISSUER: the provider calls itself ${found.issuer}; write it just so.`)
}
