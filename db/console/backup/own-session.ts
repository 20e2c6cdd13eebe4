import { Socket } from 'node:net'
import { Client } from 'pg'

/**
 * Works on a session of its own at the console database. A COPY that was given up in the middle leaves a connection on which nothing
 * more can be said, so after a failure it is cut: the server takes back what was not committed.
 * `signal` cuts it, too. Errors: as `work`; as pg does; the signal's reason.
 */
export async function onOwnSession<T>(url: string, name: string, work: (client: Client) => Promise<T>, signal?: AbortSignal): Promise<T> {
  const socket = new Socket()
  const client = new Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    stream: () => socket,
  })
  client.on('error', () => undefined) // what is under way fails with it
  const cut = () => socket.destroy()
  signal?.addEventListener('abort', cut)
  try {
    signal?.throwIfAborted()
    await client.connect()
    const done = await work(client)
    await client.end()
    return done
  } catch (error) {
    throw signal?.aborted ? signal.reason : error
  } finally {
    signal?.removeEventListener('abort', cut)
    cut()
  }
}
