import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testConsole } from '../../test/support/test-console'
import type { TestDatabase } from '../../test/support/test-database'
import { type ConsoleDb, connectConsole } from './client'
import { account, audit, user, verification } from './schema'
import { createAdministrator, isSetUpToken, setUpToken } from './set-up'

const INPUT = { name: 'Ada', email: 'ada@example.org', password: 'four plain words here' }

let database: TestDatabase
let db: ConsoleDb
beforeAll(async () => {
  database = await testConsole()
  db = connectConsole(database.url)
})
afterAll(async () => {
  await db.$client.end()
  await database.drop()
})

const newToken = async (): Promise<string> => {
  const token = await setUpToken(db)
  if (!token) throw new Error('no token')
  return token
}

it('keeps only the hash, and a new start ends the link before', async () => {
  const first = await newToken()
  const second = await newToken()
  const rows = await db.select().from(verification)
  expect(rows).toHaveLength(1)
  expect(rows[0]?.value).not.toContain(second)
  expect(await isSetUpToken(db, first)).toBe(false)
  expect(await isSetUpToken(db, second)).toBe(true)
})

it('refuses a link that is too old', async () => {
  const token = await newToken()
  await db.update(verification).set({ expiresAt: new Date(Date.now() - 1000) })
  expect(await createAdministrator(db, token, INPUT, null)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  expect(await db.select().from(user)).toHaveLength(0)
})

it('lets one of two through who use the link at the same moment', async () => {
  const token = await newToken()
  const both = await Promise.all([
    createAdministrator(db, token, INPUT, null),
    createAdministrator(db, token, { ...INPUT, email: 'eve@example.org' }, null),
  ])
  expect(both.filter((result) => result.ok)).toHaveLength(1)
  const users = await db.select().from(user)
  expect(users).toMatchObject([{ role: 'admin' }])
  const [login] = await db.select().from(account).where(eq(account.providerId, 'credential'))
  expect(login?.password).not.toContain(INPUT.password)
  expect(await db.select().from(audit)).toMatchObject([{ action: 'set-up', actor: users[0]?.email }])
})

it('gives no link once there is an administrator', async () => {
  expect(await setUpToken(db)).toBeNull()
  expect(await db.select().from(verification)).toHaveLength(0)
})
