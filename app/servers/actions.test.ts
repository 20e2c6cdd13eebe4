import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { auth } from '@/app/auth'
import { closeConsole, consoleDb } from '@/db/console/client'
import { migrateConsole } from '@/db/console/migrate'
import { account, audit, server, user } from '@/db/console/schema'
import { createAdministrator, setUpToken } from '@/db/console/set-up'
import { type TestDatabase, testDatabase } from '@/db/embedded/test-database'
import * as actions from './actions'

/** What a request carries; Next.js itself is not running here. */
const request = vi.hoisted(() => ({ headers: new Headers() }))
vi.mock('next/headers', () => ({ headers: async () => request.headers }))
vi.mock('next/cache', () => ({ revalidatePath: () => undefined }))

const ORIGIN = 'http://127.0.0.1:3000'
const PASSWORD = 'four plain words here'

let database: TestDatabase
const cookies: Record<string, string> = { nobody: '' }
beforeAll(async () => {
  database = await testDatabase(18)
  process.env.PROCTOR_CONSOLE_URL = database.url
  process.env.PROCTOR_SECRET = 'a secret for tests that is long enough'
  await migrateConsole(database.url)
  const token = await setUpToken(consoleDb())
  await createAdministrator(consoleDb(), token ?? '', { name: 'Ada', email: 'admin@example.org', password: PASSWORD })
  const [kept] = await consoleDb().select().from(account)
  for (const role of ['operator', 'viewer']) {
    await consoleDb()
      .insert(user)
      .values({ id: role, name: role, email: `${role}@example.org`, role })
    await consoleDb()
      .insert(account)
      .values({ id: randomUUID(), accountId: role, providerId: 'credential', userId: role, password: kept?.password })
  }
  for (const role of ['admin', 'operator', 'viewer']) cookies[role] = await signIn(`${role}@example.org`)
})
afterAll(async () => {
  await closeConsole()
  await database.drop()
})

async function signIn(email: string): Promise<string> {
  const headers = { 'content-type': 'application/json', origin: ORIGIN }
  const body = JSON.stringify({ email, password: PASSWORD })
  const answer = await auth().handler(new Request(`${ORIGIN}/api/auth/sign-in/email`, { method: 'POST', headers, body }))
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

const as = (who: string) => {
  request.headers = new Headers({ cookie: cookies[who] ?? '' })
}

const input = () => {
  const { host, port, user: role, password, database: name } = database.target
  return {
    name: 'Own',
    readOnly: false,
    connection: { kind: 'fields', host, port, user: role, password, database: name, sslmode: 'prefer' },
  }
}

const calls: [string, () => Promise<{ ok: boolean }>][] = [
  ['testServer', () => actions.testServer(input(), undefined)],
  ['testStoredServer', () => actions.testStoredServer('own')],
  ['saveServer', () => actions.saveServer(input())],
  ['markReadOnly', () => actions.markReadOnly('own', true)],
  ['takeServerAway', () => actions.takeServerAway('own', 'Own')],
]

it('walks every action', () => {
  expect(calls.map(([name]) => name).sort()).toEqual(Object.keys(actions).sort())
})

it.each(['nobody', 'viewer', 'operator'])('%s is refused everywhere, and changes nothing', async (who) => {
  as(who)
  const before = await consoleDb().$count(audit)
  for (const [name, call] of calls) expect(await call(), name).toMatchObject({ ok: false, problem: { kind: 'insufficient_privilege' } })
  expect(await consoleDb().$count(server)).toBe(0)
  expect(await consoleDb().$count(audit)).toBe(before)
})

it('an administrator tests, adds, marks and removes', async () => {
  as('admin')
  expect(await actions.testServer(input(), undefined)).toMatchObject({ ok: true, value: { major: 18 } })
  expect(await actions.saveServer(input())).toEqual({ ok: true, value: { id: 'own' } })
  expect(await actions.testStoredServer('own')).toMatchObject({ ok: true })
  const { connection, ...rest } = input()
  const kept = { ...rest, connection: { ...connection, password: undefined } }
  expect(await actions.testServer(kept, 'own')).toMatchObject({ ok: true })
  expect(await actions.testServer({ ...rest, connection: { ...connection, password: '', host: 'evil.example' } }, 'own')).toMatchObject({
    ok: false,
  })
  expect(await actions.saveServer(kept, 'own')).toMatchObject({ ok: true })
  expect(await actions.markReadOnly('own', true)).toMatchObject({ ok: true })
  expect(await actions.takeServerAway('own', 'something else')).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  expect(await actions.takeServerAway('own', 'Own')).toMatchObject({ ok: true })
})

it.each([[undefined], [null], ['x'], [{}], [{ name: 'x' }], [[]]])('takes %j for no form, without throwing', async (given) => {
  as('admin')
  expect(await actions.saveServer(given, undefined)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  expect(await actions.markReadOnly(given, given)).toMatchObject({ ok: false })
  expect(await actions.takeServerAway(given, given)).toMatchObject({ ok: false })
})
