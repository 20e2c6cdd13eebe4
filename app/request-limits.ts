import { attempt, type Limit } from '@/db/console/attempt-limit'
import { noteLimited } from '@/db/console/sign-ins'
import { peerOf } from '@/db/console/trusted-proxies'
import { clientAddress } from './client-address'
import { deviceOf } from './known-device'
import { whereOf } from './sign-in-context'

/** Whatever looks at a password, a code, or a token that stands for one. */
const SECRETS: Limit = { window: 10, max: 5 }
/** To the provider and back from it: no secret of ours is looked at, and people may share one address. */
const PROVIDED: Limit = { window: 10, max: 20 }
const OTHERS: Limit = { window: 10, max: 100 }

const LIMITS: [path: string, limit: Limit][] = [
  ['/api/auth/callback/', PROVIDED],
  ['/api/auth/sign-in/social', PROVIDED],
  ['/api/auth/sign-in/', SECRETS],
  ['/api/auth/two-factor/', SECRETS],
  ['/api/auth/change-password', SECRETS],
  ['/api/auth/', OTHERS],
]

/**
 * Counts a request before anything is done for it. Requests of one peer count together, but for those of a browser that has
 * signed in before: they count by its account and password, so that neither strangers behind the same proxy nor whoever knew an
 * older password use up its share. Returns the seconds to wait where it is one too many, which is written into the audit.
 */
export async function waitOf(path: string, headers: Headers): Promise<number | undefined> {
  const device = deviceOf(headers)
  const who = device ? `account ${device.userId} ${device.print}` : `peer ${peerOf(clientAddress(headers))}`
  const limit = LIMITS.find(([start]) => path.startsWith(start))?.[1] ?? SECRETS
  const wait = attempt(`${who} ${path}`, limit)
  if (wait !== undefined) await noteLimited(path, whereOf(headers))
  return wait
}
