/** Names of this machine itself. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0']

const isLoopback = (hostname: string): boolean => LOOPBACK.includes(hostname)

/** The console's address as the launcher hands it on; read at each call, because a build knows none. */
const consoleOrigin = (): URL => new URL(process.env.PROCTOR_ORIGIN ?? 'http://127.0.0.1:3000')

/** Whether browsers speak TLS with the console, itself or through a proxy. */
export const isHttps = (): boolean => consoleOrigin().protocol === 'https:'

/**
 * Whether only this machine can ask: the console listens on a loopback address, is meant for no other, and
 * the request named such an address (a DNS name that was pointed at 127.0.0.1 is refused).
 */
export function onlyThisMachine(host: string | null): boolean {
  const bound = process.env.HOST ?? '127.0.0.1'
  return (
    bound !== '0.0.0.0' && isLoopback(bound === '::1' ? '[::1]' : bound) && hostIsLoopback(host) && isLoopback(consoleOrigin().hostname)
  )
}

const hostIsLoopback = (host: string | null): boolean =>
  host !== null && URL.canParse(`http://${host}`) && isLoopback(new URL(`http://${host}`).hostname)

/**
 * Whether a request that may change something comes from the console's own pages. Browsers always send Origin
 * with such a request; without one only a client that sends no cookie passes, which has no session to misuse.
 */
export function isOwnOrigin(headers: Headers): boolean {
  const origin = headers.get('origin')
  if (origin === null) return !headers.has('cookie')
  const own = consoleOrigin()
  if (!isLoopback(own.hostname)) return origin === own.origin
  const host = headers.get('host')
  return hostIsLoopback(host) && origin === `http://${host}`
}
