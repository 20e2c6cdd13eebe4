import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a server on which the answer to a COMMIT can be lost: the transaction is committed, and nobody is told. */
export interface LossyWay {
  /** The address that was given, by this way. */
  url: string
  /** The next so many COMMITs reach the server, and their connections break before the answer comes. */
  lose: (commits: number) => void
  /** How many were lost so far. */
  lost: () => number
  close: () => Promise<void>
}

/** Opens one to the server of an address. For tests. */
export async function lossyWayTo(address: string): Promise<LossyWay> {
  const to = new URL(address)
  const sockets = new Set<Socket>()
  let [toLose, lost] = [0, 0]
  const server = createServer((near) => {
    const far = connect(Number(to.port), to.hostname)
    for (const socket of [near, far]) sockets.add(socket.on('error', () => socket.destroy()))
    let isLost = false
    near.on('data', (bytes) => {
      if (toLose > 0 && /\bcommit\b/i.test(bytes.toString('latin1'))) {
        toLose -= 1
        lost += 1
        isLost = true
      }
      far.write(bytes)
    })
    // The server answers once it has committed.
    far.on('data', (bytes) => (isLost ? near.destroy() : near.write(bytes)))
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(address)
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: url.href,
    lose: (commits) => {
      toLose = commits
    },
    lost: () => lost,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
