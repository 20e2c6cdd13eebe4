import { createHash, timingSafeEqual } from 'node:crypto'
import { onlyThisMachine } from '@/app/request-origin'
import { METRICS_TYPE, metricsText } from '@/db/console/metrics'

/**
 * Prometheus metrics, without a session: with the token of PROCTOR_METRICS_TOKEN where one is set, else only
 * while nobody but this machine can ask.
 */
export async function GET(request: Request): Promise<Response> {
  const refusal = refused(request.headers)
  if (refusal) return new Response(`${refusal}\n`, { status: 401, headers: { 'www-authenticate': 'Bearer' } })
  return new Response(await metricsText(), { headers: { 'content-type': METRICS_TYPE, 'cache-control': 'no-store' } })
}

function refused(headers: Headers): string | undefined {
  const token = process.env.PROCTOR_METRICS_TOKEN
  if (!token) return onlyThisMachine(headers.get('host')) ? undefined : 'Set PROCTOR_METRICS_TOKEN to read the metrics from other machines.'
  return sameText(headers.get('authorization') ?? '', `Bearer ${token}`) ? undefined : 'The token is missing or wrong.'
}

/** Compares in a time that tells nothing of where they differ. */
const sameText = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
