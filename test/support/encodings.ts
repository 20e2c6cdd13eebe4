import { Client } from 'pg'
import type { TestDatabase } from './test-database'

/** Databases of other encodings on the server of a test's own, and statements in them that fit no other. */
export async function makeStrangers(db: TestDatabase) {
  const made: Client[] = []
  const to = async (database: string): Promise<Client> => {
    const url = new URL(db.url)
    url.pathname = `/${database}`
    const client = new Client({ connectionString: url.href })
    client.on('error', () => undefined)
    await client.connect()
    made.push(client)
    return client
  }
  for (const [name, encoding] of [
    ['sa', 'SQL_ASCII'],
    ['l1', 'LATIN1'],
    ['w52', 'WIN1252'],
  ])
    await db.client.query(`create database ${name} template template0 encoding '${encoding}' locale 'C'`)
  return {
    to,
    target: (database: string) => ({ ...db.target, database }),
    /** Sends one statement as bytes, as a client does that takes its encoding for the server's; nobody waits for its end. */
    send: async (database: string, statement: Buffer): Promise<void> => {
      const client = await to(database)
      await client.query(`set client_encoding = 'SQL_ASCII'`)
      const head = Buffer.alloc(5)
      head.write('Q')
      head.writeInt32BE(statement.length + 5, 1)
      ;(client as Client & { connection: { stream: { write: (bytes: Buffer) => void } } }).connection.stream.write(
        Buffer.concat([head, statement, Buffer.from([0])]),
      )
      await new Promise((go) => setTimeout(go, 200))
    },
    end: () => Promise.all(made.map((client) => client.end().catch(() => undefined))),
  }
}
