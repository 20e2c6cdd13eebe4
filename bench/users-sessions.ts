import { readFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { hashPassword } from 'better-auth/crypto'
import { Client } from 'pg'
import { auth } from '../app/auth'
import { closeConsole, consoleDb } from '../db/console/client'
import { account, user } from '../db/console/schema'
import { closeQueue } from '../db/runs/run-queue'
import { closePools } from '../db/server/pool'

export const BENCH_ROLE = 'bench'
export const BENCH_PASSWORD = 'a passphrase for the bench'

export interface House {
  origin: string
  /** The monitored database. */
  sampleUrl: string
  /** A session each. */
  cookies: string[]
  /** The newest run, which people look at. */
  run: string | undefined
  close: () => Promise<void>
}

/** Makes accounts in the console that runs on a data folder (operators, every fifth an administrator), and signs each in. */
export async function signIn(folder: string, people: number): Promise<House> {
  const secrets = JSON.parse(await readFile(path.join(folder, 'secrets.json'), 'utf8'))
  const address = async (server: 'console' | 'sample', database: string): Promise<string> => {
    const port = (await readFile(path.join(folder, server, 'data/postmaster.pid'), 'utf8')).split('\n')[3]
    return `postgresql://postgres:${secrets[server]}@127.0.0.1:${port}/${database}`
  }
  const origin = process.env.PROCTOR_TEST_ORIGIN ?? ''
  const sampleUrl = await address('sample', 'lms')
  process.env.PROCTOR_CONSOLE_URL = await address('console', 'proctor')
  process.env.PROCTOR_SAMPLE_URL = await ownRole(sampleUrl)
  process.env.PROCTOR_SECRET = secrets.session
  const password = await hashPassword(BENCH_PASSWORD)
  const cookies: string[] = []
  for (let at = 0; at < people; at++) {
    const [id, email] = [`bench-${at}`, `bench-${at}@example.org`]
    await consoleDb()
      .insert(user)
      .values({ id, email, name: `Bench ${at}`, role: at % 5 === 0 ? 'admin' : 'operator' })
    await consoleDb().insert(account).values({ id, accountId: id, providerId: 'credential', userId: id, password })
    const headers = new Headers({ host: new URL(origin).host, origin })
    // As a browser would, but for the rate limit: fifty people come from fifty addresses.
    const answer = await auth().api.signInEmail({ body: { email, password: BENCH_PASSWORD }, headers, asResponse: true })
    cookies.push(answer.headers.get('set-cookie')?.split(';')[0] ?? '')
  }
  const close = async () => {
    await closePools()
    await closeQueue()
    await closeConsole()
  }
  return { origin, sampleUrl, cookies, run: undefined, close }
}

/** The bench confirms runs itself: in a role of its own, so that its connections are not taken for the console's. */
async function ownRole(sampleUrl: string): Promise<string> {
  const client = new Client({ connectionString: sampleUrl })
  await client.connect()
  await client.query(`create role ${BENCH_ROLE} superuser login password '${BENCH_PASSWORD}'`)
  await client.end()
  const url = new URL(sampleUrl)
  return Object.assign(url, { username: BENCH_ROLE, password: encodeURIComponent(BENCH_PASSWORD) }).href
}
