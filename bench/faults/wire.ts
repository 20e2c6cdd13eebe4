import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy as the address of a server: what a network, a load balancer or DNS may do to it, it does when told. */
export interface Wire {
  port: number
  /** New connections go to another port of this machine; those that are open are cut, or stay where they are. */
  lead: (to: number, open: 'cut' | 'kept') => void
  /** Ends every open connection from both sides. */
  cut: () => void
  /** Nothing is handed on any more, and nobody is told: a network that swallows. New connections are taken and get no word. */
  stall: () => void
  /** Ends stall(), and what holdAt() holds. What was held is handed on. */
  flow: () => void
  /** Each chunk arrives so much later, in ms; 0: at once. */
  delay: (ms: number) => void
  /**
   * Holds a connection at the first chunk from its client with such a text: before that is handed on, or the answers to it.
   * Resolves when it is held.
   */
  holdAt: (text: string, what: 'before' | 'answer') => Promise<void>
  close: () => Promise<void>
}

interface Link {
  client: Socket
  server: Socket
  /** Chunks that wait, by where they go. */
  waiting: { to: Socket; chunk: Buffer }[]
  held: { toServer: boolean; toClient: boolean }
}

export async function startWire(to: number): Promise<Wire> {
  let target = to
  let stalled = false
  let delayMs = 0
  let watched: { text: string; what: 'before' | 'answer'; seen: () => void } | undefined
  const links = new Set<Link>()
  const afterwards: (() => void)[] = []

  const isHeld = (link: Link, to: Socket) => stalled || (to === link.server ? link.held.toServer : link.held.toClient)
  const handOn = (link: Link, to: Socket, chunk: Buffer): void => {
    if (to === link.server && watched && chunk.includes(watched.text)) {
      link.held[watched.what === 'before' ? 'toServer' : 'toClient'] = true
      watched.seen()
      watched = undefined
    }
    if (isHeld(link, to)) link.waiting.push({ to, chunk })
    else if (delayMs > 0) setTimeout(() => to.destroyed || to.write(chunk), delayMs)
    else to.write(chunk)
  }
  const flow = (): void => {
    stalled = false
    for (const link of links) {
      link.held = { toServer: false, toClient: false }
      for (const { to, chunk } of link.waiting.splice(0)) if (!to.destroyed) to.write(chunk)
    }
  }

  const proxy = createServer((client) => {
    const server = connect(target, '127.0.0.1')
    const link: Link = { client, server, waiting: [], held: { toServer: false, toClient: false } }
    links.add(link)
    const end = () => {
      links.delete(link)
      client.end()
      server.end()
    }
    client.on('data', (chunk) => handOn(link, server, chunk))
    server.on('data', (chunk) => handOn(link, client, chunk))
    // What is held is still on its way: it arrives, and then the goodbye of whoever sent it.
    for (const side of [client, server])
      side
        .on('error', () => undefined)
        .on('close', () => (stalled || link.waiting.length > 0 ? afterwards.push(end) : setTimeout(end, delayMs)))
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  const cut = () => {
    for (const { client, server } of links) {
      client.destroy()
      server.destroy()
    }
    links.clear()
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    lead: (port, open) => {
      target = port
      if (open === 'cut') cut()
    },
    cut,
    stall: () => {
      stalled = true
    },
    flow: () => {
      flow()
      for (const end of afterwards.splice(0)) end()
    },
    delay: (ms) => {
      delayMs = ms
    },
    holdAt: (text, what) =>
      new Promise<void>((seen) => {
        watched = { text, what, seen }
      }),
    close: async () => {
      cut()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}
