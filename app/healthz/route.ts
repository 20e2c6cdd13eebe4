import { consoleIsReady } from '@/db/console/health'

const NO_STORE = { 'cache-control': 'no-store' }

/**
 * For whoever watches the console, without a session: /healthz says whether it can work (its database
 * answers), /healthz?live whether the process answers at all.
 */
export async function GET(request: Request): Promise<Response> {
  if (new URL(request.url).searchParams.has('live')) return Response.json({ status: 'live' }, { headers: NO_STORE })
  const ready = await consoleIsReady()
  return Response.json({ status: ready ? 'ready' : 'console database unreachable' }, { status: ready ? 200 : 503, headers: NO_STORE })
}
