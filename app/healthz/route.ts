import { consoleHealth } from '@/db/console/health'

const NO_STORE = { 'cache-control': 'no-store' }

/**
 * For whoever watches the console, without a session, within two seconds: /healthz says whether it can work (its database answers and
 * takes writes) and what stands in the way, /healthz?live whether the process answers at all.
 */
export async function GET(request: Request): Promise<Response> {
  if (new URL(request.url).searchParams.has('live')) return Response.json({ status: 'live' }, { headers: NO_STORE })
  const { reads, writes } = await consoleHealth()
  if (!writes) return Response.json({ status: 'ready' }, { headers: NO_STORE })
  const { kind: fault, message, hint } = writes
  return Response.json({ status: 'not ready', readable: reads === null, fault, message, hint }, { status: 503, headers: NO_STORE })
}
