import type { Client } from 'pg'
import { type Attempt, harm, harmIf, type Kind } from './hostile-case'
import { type House, MAJORS, type Watched } from './hostile-house'
import { LOOKS } from './hostile-pages'

/** Databases by their encoding; in each, somebody writes what is no UTF-8. */
const DATABASES: Record<string, { encoding: string; client: string; bytes: number[] }> = {
  ascii: { encoding: 'SQL_ASCII', client: 'SQL_ASCII', bytes: [0xe4, 0xf6, 0xff] },
  latin: { encoding: 'LATIN1', client: 'LATIN1', bytes: [0xe4, 0xf6] },
  windows: { encoding: 'WIN1252', client: 'WIN1252', bytes: [0x80, 0x9f] },
}
const MARK = 'sound_statement'
const SHOWING = /activity|sessions|queries|statements|overview|checks|vitals|list-tables|tables|storage|replication|cache/

/** Texts that are no UTF-8 blind nothing but themselves. */
export const encodingsKind: Kind = {
  name: 'encodings',
  prepare: async (house) => {
    const attempts: Attempt[] = []
    for (const major of MAJORS) {
      for (const name of Object.keys(DATABASES)) await makeDatabase(house, major, name)
      for (const database of Object.keys(DATABASES))
        for (const { name, ask } of LOOKS.filter((look) => SHOWING.test(look.name)))
          attempts.push({
            name: `${name} of ${database} on ${major}`,
            make: async () => {
              const { wrong, text } = await ask(house, major, database)
              const lost = /(queries|statements).*reset/.test(name) && !text.includes(MARK)
              return [
                ...harmIf(wrong !== null, 'other', String(wrong)),
                ...harmIf(
                  /does not answer|invalid byte sequence|has no equivalent/.test(text),
                  'other',
                  'it tells the fault of one text as its own',
                ),
                ...harmIf(lost, 'other', 'a sound text is withheld with the others'),
              ]
            },
          })
    }
    return {
      attempts,
      control: async () => {
        const victim = await house.connect(house.url(18, 'ascii'))
        return victim.query(`set client_encoding = 'UTF8'; select query from pg_stat_statements`).then(
          () => [],
          (error: Error) => harm('other', error.message),
        )
      },
    }
  },
}

/** Leaves statements in pg_stat_statements and sessions that are open with them, in bytes that their database takes. */
async function makeDatabase(house: House, major: Watched, name: string): Promise<void> {
  const { encoding, client, bytes } = DATABASES[name] ?? { encoding: 'UTF8', client: 'UTF8', bytes: [] }
  const admin = await house.connect(house.url(major))
  await admin.query(`create database ${name} template template0 encoding '${encoding}' lc_collate 'C' lc_ctype 'C'`)
  const session = await house.connect(house.url(major, name))
  await session.query(`set client_encoding = '${client}'`)
  await session.query(`create extension pg_stat_statements; create table ${MARK} (a int)`)
  await session.query(`select count(*) as ${MARK} from ${MARK}`)
  const odd = Buffer.from(bytes).toString('latin1')
  for (const sql of [
    `select 1 as "${odd}"`,
    `create table "${odd}" ("${odd}" int)`,
    `select * from "${odd}" /* ${odd.repeat(300)} */`,
    `select '${'x'.repeat(299)}${odd}'`,
  ])
    await raw(session, sql)
}

/** Sends a simple query byte by byte as it stands, one letter a byte. */
async function raw(client: Client, sql: string): Promise<void> {
  const { connection } = client as unknown as {
    connection: { query: (text: string) => void; _send?: unknown; stream: NodeJS.WritableStream }
  }
  const body = Buffer.from(`${sql}\0`, 'latin1')
  const head = Buffer.alloc(5)
  head.write('Q')
  head.writeUInt32BE(body.length + 4, 1)
  const original = connection.query
  connection.query = () => void connection.stream.write(Buffer.concat([head, body]))
  try {
    await client.query('select')
  } finally {
    connection.query = original
  }
}
