/** So many attempts in so many seconds. */
export interface Limit {
  window: number
  max: number
}

interface Seen {
  attempts: number
  /** When the window that counts them is over, in milliseconds of the clock. */
  until: number
}

/** Beyond so many keys the oldest tenth goes. */
const MOST_KEYS = 20_000

/** One for the process: Next.js loads modules once for its routes and once for its pages. */
const shared = globalThis as { proctorAttempts?: Map<string, Seen> }
shared.proctorAttempts ??= new Map()
const seen = shared.proctorAttempts

/** Counts one attempt. Returns the seconds to wait where it is one too many, else undefined. */
export function attempt(key: string, { window, max }: Limit, now = performance.now()): number | undefined {
  const before = seen.get(key)
  if (before && before.until > now) {
    if (before.attempts >= max) return Math.ceil((before.until - now) / 1000)
    before.attempts++
    return undefined
  }
  seen.delete(key) // so that the order of the map is that of the windows
  seen.set(key, { attempts: 1, until: now + window * 1000 })
  if (seen.size > MOST_KEYS) prune()
  return undefined
}

function prune(): void {
  for (const key of seen.keys()) {
    if (seen.size <= MOST_KEYS * 0.9) return
    seen.delete(key)
  }
}
