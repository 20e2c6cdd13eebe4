import type { createAuthMiddleware } from 'better-auth/api'
import type { SignInFrom } from '@/db/console/sign-ins'
import { clientAddress } from './client-address'

/** What better-auth hands to a hook. */
export type Ctx = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0]

export const whereOf = (headers?: Headers): SignInFrom => ({
  from: headers ? clientAddress(headers) : null,
  agent: headers?.get('user-agent')?.slice(0, 200) ?? null,
})
