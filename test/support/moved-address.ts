import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Where a new connection goes, by its first bytes: PostgreSQL's startup packet, which names role, database and application. */
export type Route = (startup: string) => number

/** A port that can be led to one server and later to another, as a name in DNS, a virtual IP address or a proxy is. */
export interface MovedAddress {
  port: number
  /** From now on new connections go there. `cut`: those that are open are severed; else they go on where they are. */
  leadTo: (where: number | Route, how?: { cut?: boolean }) => void
  /** Severs what is open. */
  cut: () => void
  close: () => Promise<void>
}

/** Listens on 127.0.0.1 and hands every byte on, both ways. */
export async function moveableAddress(first: number): Promise<MovedAddress> {
  let route: Route = () => first
  const open = new Set<Socket>()
  const keep = (socket: Socket) => {
    open.add(socket)
    socket.on('error', () => undefined) // 'close' follows
    socket.once('close', () => open.delete(socket))
  }
  const server = createServer((client) => {
    keep(client)
    client.once('data', (startup) => {
      const there = connect(route(startup.toString('latin1')), '127.0.0.1')
      keep(there)
      client.once('close', () => there.destroy())
      there.once('close', () => client.destroy())
      there.write(startup)
      client.pipe(there).pipe(client)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: (where, how = {}) => {
      route = typeof where === 'number' ? () => where : where
      if (how.cut) cut()
    },
    cut,
    close: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
