import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

export interface Network {
  /** The same address as was given, by way of this network. */
  url: string
  /** From here on every packet is swallowed, of old connections and of new ones. */
  swallow: () => void
  /** From here on new connections work; those that were swallowed stay dead, as behind a firewall that forgot them. */
  restore: () => void
  /** Connections that have been made through it so far. */
  made: () => number
  close: () => Promise<void>
}

/** A network between a client and a server, which can lose everything without a word. */
export async function networkTo(address: string): Promise<Network> {
  const to = new URL(address)
  const sockets = new Set<Socket>()
  let [swallows, made] = [false, 0]
  const server = createServer((near) => {
    made += 1
    sockets.add(near.on('error', () => near.destroy()))
    if (swallows) return
    const far = connect(Number(to.port), to.hostname)
    sockets.add(far.on('error', () => near.destroy()))
    near.pipe(far).pipe(near)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(address)
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: url.href,
    swallow: () => {
      swallows = true
      for (const socket of sockets) socket.unpipe().pause()
    },
    restore: () => {
      swallows = false
    },
    made: () => made,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
