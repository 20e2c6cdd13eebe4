import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { consoleForTests } from '../../test/support/test-console'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { databases } from '../databases/reads/databases'
import { runRead } from '../server/run-read'
import { consoleDb } from './client'
import { audit, server } from './schema'
import { addServer, changeServer, removeServer, setReadOnly } from './server-changes'
import { type NewServer, readServerInput } from './server-input'
import { findServer, listServers, registerServer, serverIsReadOnly, serverTarget } from './servers'

const SECRET = 'sëcret password 7251'
const ACTOR = { email: 'ada@example.org', from: '192.0.2.1' }

consoleForTests()
let monitored: TestDatabase
beforeAll(async () => {
  monitored = await testDatabase(17)
  process.env.PROCTOR_SECRET = 'a secret for tests that is long enough'
  await monitored.client.query(`create role watcher login password '${SECRET}'`)
})
afterAll(async () => {
  await monitored.client.query('drop role watcher')
  await monitored.drop()
})
beforeEach(() => consoleDb().delete(server))

const entry = (more: Partial<NewServer['address']> = {}, name = 'Billing (Prague)'): NewServer => ({
  name,
  readOnly: false,
  address: {
    host: monitored.target.host,
    port: monitored.target.port,
    user: 'watcher',
    password: SECRET,
    database: monitored.target.database,
    sslmode: 'prefer',
    ...more,
  },
})

const add = async (given = entry()): Promise<string> => {
  const added = await addServer(given, ACTOR)
  if (!added.ok) throw new Error(added.problem.message)
  return added.value.id
}

const lastNote = async () => (await consoleDb().select().from(audit).orderBy(audit.id)).at(-1)

it('keeps a server, reaches it with the password, and shows the password nowhere', async () => {
  const id = await add()
  expect(id).toBe('billing-prague')
  const target = await serverTarget(id)
  if (!target.ok) throw new Error(target.problem.message)
  expect((await runRead(target.value, databases, {})).ok).toBe(true)
  const shown = await listServers()
  expect(shown).toMatchObject([{ id, name: 'Billing (Prague)', source: 'stored', username: 'watcher', hasPassword: true }])
  expect(Object.keys(shown[0] ?? {})).not.toContain('sealedPassword')
  expect(JSON.stringify([shown, await findServer(id)])).not.toContain(SECRET)
  const { rows } = await consoleDb().execute(sql`select query_to_xml('select * from server, audit', true, false, '')::text as everything`)
  expect(rows[0]?.everything).toContain('watcher')
  expect(rows[0]?.everything).not.toContain('7251')
  expect(await lastNote()).toMatchObject({ actor: ACTOR.email, action: 'add-server', serverId: id, detail: { password: 'given' } })
})

it('gives each server an id and a name of its own, and no route as id', async () => {
  await add()
  expect(await addServer(entry({}, 'billing (PRAGUE)'), ACTOR)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  expect(await add(entry({}, 'Billing Prague'))).toBe('billing-prague-2')
  expect(await add(entry({}, 'Runs'))).toBe('runs-2')
  expect(await add(entry({}, '数据库'))).toBe('server')
  const both = await Promise.all([addServer(entry({}, 'Twin'), ACTOR), addServer(entry({}, 'Twin'), ACTOR)])
  expect(both.map(({ ok }) => ok).sort()).toEqual([false, true])
})

it('keeps the password for the same host, port and role only', async () => {
  const id = await add()
  const kept = await changeServer(id, entry({ password: undefined, database: 'postgres' }), ACTOR)
  expect(kept.ok).toBe(true)
  expect(await serverTarget(id)).toMatchObject({ ok: true, value: { password: SECRET, database: 'postgres' } })
  expect(await lastNote()).toMatchObject({ action: 'change-server', detail: { password: 'kept', after: { database: 'postgres' } } })
  for (const elsewhere of [{ host: 'evil.example' }, { port: 1 }, { user: 'postgres' }]) {
    const refused = await changeServer(id, entry({ password: undefined, ...elsewhere }), ACTOR)
    expect(refused).toMatchObject({ ok: false, problem: { message: expect.stringContaining('Enter the password again') } })
  }
})

it('does not open a password whose row was pointed elsewhere behind its back', async () => {
  const id = await add()
  await consoleDb().update(server).set({ host: 'evil.example' })
  expect(await serverTarget(id)).toMatchObject({
    ok: false,
    problem: { kind: 'invalid_input', message: expect.stringContaining('cannot be opened') },
  })
})

const watchers = async (): Promise<number> => {
  const { rows } = await monitored.client.query(`select count(*)::int as n from pg_stat_activity where usename = 'watcher'`)
  return rows[0].n
}

it('closes the connections to an address that has changed', async () => {
  const id = await add()
  const read = async () => {
    const target = await serverTarget(id)
    return target.ok ? runRead(target.value, databases, {}) : target
  }
  expect((await read()).ok).toBe(true)
  expect(await watchers()).toBe(1)
  await changeServer(id, entry({ user: 'postgres', password: monitored.target.password }), ACTOR)
  await expect.poll(watchers).toBe(0)
  expect((await read()).ok).toBe(true)

  // another process made the change: this one sees it when it asks the next time
  await changeServer(id, entry(), ACTOR)
  expect((await read()).ok).toBe(true)
  await consoleDb().update(server).set({ changedAt: new Date() })
  const closed = await watchers()
  expect(closed).toBe(1)
  await serverTarget(id)
  await expect.poll(watchers).toBe(0)
})

it('says which servers no command may reach', async () => {
  const id = await add()
  expect(await serverIsReadOnly(id)).toBe(false)
  await setReadOnly(id, true, ACTOR)
  expect(await serverIsReadOnly(id)).toBe(true)
  expect(await serverIsReadOnly('no-such-server')).toBe(true)
  expect(await lastNote()).toMatchObject({ action: 'mark-server', serverId: id, detail: { after: { readOnly: true } } })
  expect((await setReadOnly('no-such-server', true, ACTOR)).ok).toBe(false)
})

it('removes a server with its address and password, and never gives its id again', async () => {
  const id = await add()
  expect((await removeServer(id, ACTOR)).ok).toBe(true)
  expect(await listServers()).toEqual([])
  expect((await serverTarget(id)).ok).toBe(false)
  expect(await consoleDb().select().from(server)).toMatchObject([{ id, host: null, username: null, sealedPassword: null }])
  expect((await removeServer(id, ACTOR)).ok).toBe(false)
  expect((await changeServer(id, entry(), ACTOR)).ok).toBe(false)
  expect(await add()).toBe('billing-prague-2')
})

it('leaves what the settings name to the settings, but for the read-only mark', async () => {
  process.env.DATABASE_URL = monitored.url
  const settings = { id: 'main', name: 'main', source: 'environment', database: monitored.target.database } as const
  await registerServer(settings)
  expect((await changeServer('main', entry(), ACTOR)).ok).toBe(false)
  expect((await removeServer('main', ACTOR)).ok).toBe(false)
  expect((await setReadOnly('main', true, ACTOR)).ok).toBe(true)
  await registerServer(settings)
  expect(await serverIsReadOnly('main')).toBe(true)
  expect(await serverTarget('main')).toMatchObject({ ok: true, value: { host: monitored.target.host, ssl: false } })
  delete process.env.DATABASE_URL
  expect(await listServers()).toEqual([])
})

const form = (connection: object, more: object = {}) => readServerInput({ name: 'x', readOnly: false, connection, ...more })
const FIELDS = { kind: 'fields', host: 'db', port: '5432', user: 'ada', database: 'lms', sslmode: 'prefer', password: SECRET }

it('takes fields or a connection string', () => {
  expect(form(FIELDS)).toMatchObject({ ok: true, value: { address: { host: 'db', port: 5432, password: SECRET } } })
  const pasted = form({ kind: 'address', address: 'postgresql://ada:pw@db:6432/lms?sslmode=require' })
  expect(pasted).toMatchObject({
    ok: true,
    value: { address: { host: 'db', port: 6432, user: 'ada', password: 'pw', sslmode: 'require' } },
  })
})

it.each([
  [{ ...FIELDS, host: '' }, {}, 'Host is missing'],
  [{ ...FIELDS, host: 'a:b/c' }, {}, 'Host is a name'],
  [{ ...FIELDS, port: 'x' }, {}, 'Port is a number'],
  [{ ...FIELDS, user: 'a\0b' }, {}, 'Role is one line'],
  [{ ...FIELDS, sslmode: 'verify-ca' }, {}, 'needs the certificate'],
  [{ ...FIELDS, sslmode: 'verify-full' }, { ca: 'nonsense' }, 'No certificate in it'],
  [{ ...FIELDS, sslmode: 'verify-full' }, { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }, 'cannot be read'],
  [{ ...FIELDS, sslmode: 'verify-full' }, { ca: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----' }, 'private key'],
  [
    { kind: 'address', address: `postgresql://ada:${encodeURIComponent(SECRET)}@db/lms?sslrootcert=/etc/passwd` },
    {},
    'Leave sslrootcert out',
  ],
  [{ kind: 'address', address: `postgresql://ada:${encodeURIComponent(SECRET)}@a,b/lms` }, {}, 'one host'],
  [{ kind: 'file' }, {}, ''],
])('refuses %j in a sentence that holds no password', (connection, more, words) => {
  const refused = form(connection, more)
  expect(refused).toMatchObject({ ok: false, problem: { kind: 'invalid_input', message: expect.stringContaining(words) } })
  expect(JSON.stringify(refused)).not.toContain('7251')
})
