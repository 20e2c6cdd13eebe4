import type { Result } from '@/db/server/problem'
import type { LiveName, LiveParams, LiveValue } from './live-reads'

/** An answer of the read endpoint, and when it was read (ISO 8601). */
export type LiveAnswer<T> = Result<T> & { at: string }

/** The address of a read; parameters that are null or empty are left out. */
function liveAddress(name: LiveName, params: object): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== '') query.set(key, String(value))
  }
  return `/api/live/${name}?${query}`
}

/**
 * Asks the read endpoint once. A problem of the server is an answer; a lost network or an ended session throws,
 * so that the answer that was there stays on the screen and is shown as old.
 */
export async function fetchLive<Name extends LiveName>(
  name: Name,
  params: LiveParams<Name>,
  signal?: AbortSignal,
): Promise<LiveAnswer<LiveValue<Name>>> {
  const response = await fetch(liveAddress(name, params), { signal, headers: { accept: 'application/json' } })
  if (response.status === 401) window.location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`)
  if (!response.ok) throw new Error(`The read ${name} was answered with ${response.status}`)
  return response.json()
}
