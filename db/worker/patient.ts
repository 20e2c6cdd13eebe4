import { setTimeout as sleep } from 'node:timers/promises'

/** How long the console database may be away under a run before the worker gives up writing. */
const PATIENCE_MS = 10 * 60_000

/**
 * Tries again while the console database cannot be reached: a run on a monitored server goes on meanwhile, and what it
 * did has to be written down. Anything else than a lost connection is thrown on.
 */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(500)) {
    try {
      return await work()
    } catch (error) {
      if (!isConnectionLost(error) || Date.now() > until) throw error
    }
  }
}

/**
 * Whether an error, or what Drizzle wrapped, says that the server was not there: class 08, 57P0x, or the network. What
 * pg-boss tells is a copy of the error's properties, no Error.
 */
export function isConnectionLost(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code = '', message = '', cause, errors } = error as { code?: unknown; message?: unknown; cause?: unknown; errors?: unknown }
  if (/^(08|57P0)/.test(String(code)) || /^E(CONN|PIPE|HOST|TIMEDOUT)/.test(String(code))) return true
  if (/Connection terminated|timeout exceeded when trying to connect|not queryable/.test(String(message))) return true
  return isConnectionLost(cause) || (Array.isArray(errors) && errors.some(isConnectionLost))
}
