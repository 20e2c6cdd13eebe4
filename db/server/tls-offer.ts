import { connect } from 'node:net'

/** SSLRequest of the wire protocol (manual, 54.7): length 8, code 80877103. The server answers S or N. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])
const WAIT_MS = 2_000
const KEEP_MS = 60_000

const known = new Map<string, { at: number; offers: Promise<boolean> }>()

/**
 * Whether the server at host and port speaks TLS, asked at most once a minute: what sslmode prefer needs to
 * know. False where nobody answers (connecting says why), and for a Unix socket.
 */
export function offersTls(host: string, port: number): Promise<boolean> {
  if (host.startsWith('/')) return Promise.resolve(false)
  const key = `${host} ${port}`
  const found = known.get(key)
  if (found && performance.now() - found.at < KEEP_MS) return found.offers
  const offers = ask(host, port)
  known.set(key, { at: performance.now(), offers: offers.then((answer) => answer === 'S') })
  offers.then((answer) => answer === undefined && known.delete(key))
  return offers.then((answer) => answer === 'S')
}

function ask(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: WAIT_MS })
    const answer = (text?: string) => {
      socket.destroy()
      resolve(text)
    }
    socket.once('connect', () => socket.write(SSL_REQUEST))
    socket.once('data', (bytes) => answer(bytes.toString('latin1', 0, 1)))
    socket.once('timeout', () => answer())
    socket.once('error', () => answer())
    socket.once('close', () => answer())
  })
}
