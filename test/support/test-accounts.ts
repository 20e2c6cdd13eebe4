import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll } from 'vitest'
import { closeConsole, consoleDb } from '@/db/console/client'
import { ROLES, type Role } from '@/db/console/roles'
import { account, user } from '@/db/console/schema'
import { createAdministrator, setUpToken } from '@/db/console/set-up'
import { testConsole } from '@/test/support/test-console'
import type { TestDatabase } from '@/test/support/test-database'
import { answerAuth } from '../../app/auth'
import { ADDRESS_HEADER } from '../../app/client-address'

export const ORIGIN = 'http://127.0.0.1:3000'
export const PASSWORD = 'four plain words here'

/** For tests: posts to better-auth as a browser of the console does. */
export function postAuth(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  const sent = { 'content-type': 'application/json', origin: ORIGIN, ...headers }
  return answerAuth(new Request(`${ORIGIN}/api/auth${path}`, { method: 'POST', headers: sent, body: JSON.stringify(body) }))
}

/** The administrator of the tests, where the audit wants to know. */
export const ADA = { email: 'admin@example.org', from: null }

/** The session cookie of somebody who signs in with PASSWORD. */
export async function signIn(email: string, from: Record<string, string> = {}): Promise<string> {
  const answer = await postAuth('/sign-in/email', { email, password: PASSWORD }, from)
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

let addresses = 0

/** A header with another address each time: better-auth's rate limit counts by it. */
export const nextAddress = () => ({ [ADDRESS_HEADER]: `192.0.2.${++addresses}` })

interface TestAccounts {
  database: TestDatabase
  cookies: Record<Role | 'nobody', string>
}

/** A console database with one user a role (viewer@example.org …, id as the role but for the administrator), each signed in. */
export async function testAccounts(): Promise<TestAccounts> {
  const database = await testConsole()
  process.env.PROCTOR_CONSOLE_URL = database.url
  process.env.PROCTOR_SECRET = 'a secret for tests that is long enough'
  const token = await setUpToken(consoleDb())
  await createAdministrator(consoleDb(), token ?? '', { name: 'Ada', email: 'admin@example.org', password: PASSWORD }, null)
  const [kept] = await consoleDb().select().from(account)
  for (const role of ['operator', 'viewer']) {
    await consoleDb()
      .insert(user)
      .values({ id: role, name: role, email: `${role}@example.org`, role })
    await consoleDb()
      .insert(account)
      .values({ id: randomUUID(), accountId: role, providerId: 'credential', userId: role, password: kept?.password })
  }
  const cookies = { nobody: '', viewer: '', operator: '', admin: '' }
  for (const role of ROLES) cookies[role] = await signIn(`${role}@example.org`)
  return { database, cookies }
}

/** The same for all tests of a file: there before the first, gone after the last. */
export function accountsForTests(): TestAccounts {
  const accounts = {} as TestAccounts
  beforeAll(async () => void Object.assign(accounts, await testAccounts()))
  afterAll(async () => {
    await closeConsole()
    await accounts.database.drop()
  })
  return accounts
}

/** The id behind an address. */
export async function consoleUserOf(email: string): Promise<string> {
  const [found] = await consoleDb().select({ id: user.id }).from(user).where(eq(user.email, email))
  if (!found) throw new Error(`There is no account of ${email}`)
  return found.id
}
