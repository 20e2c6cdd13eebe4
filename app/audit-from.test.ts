import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consoleDb } from '@/db/console/client'
import { ownSessions } from '@/db/console/own-account'
import { closeQueue } from '@/db/console/run-queue'
import { audit } from '@/db/console/schema'
import { registerServer } from '@/db/console/servers'
import { setUpToken } from '@/db/console/set-up'
import { type TestDatabase, testDatabase } from '@/db/embedded/test-database'
import { closePools } from '@/db/server/pool'
import { GB } from '@/db/tuning/units'
import * as auth from './(auth)/actions'
import * as configuration from './[server]/db/[database]/configuration/actions'
import * as indexes from './[server]/db/[database]/indexes/actions'
import * as queries from './[server]/db/[database]/queries/actions'
import { ACCESS } from './access-registry'
import * as account from './account/actions'
import { ADDRESS_HEADER } from './client-address'
import * as runs from './runs/actions'
import * as windows from './servers/[id]/actions'
import * as servers from './servers/actions'
import { accountsForTests, consoleUserOf, ORIGIN, PASSWORD } from './test-accounts'
import { codeOf, wrongCode } from './test-authenticator'
import { keptCookies, requestWith } from './test-request'
import * as users from './users/actions'

/** Actions that only show, on the way to another one that is written down. */
const ONLY_SHOW = ['previewCommands', 'previewWindow', 'startSecondFactor', 'connectProvider']

const accounts = accountsForTests()
let watched: TestDatabase
let place: [string, string]
/** What an action gave that a later one takes. */
const made = { cookie: '', secret: '', link: '', run: '', window: '', oid: 0 }

beforeAll(async () => {
  watched = await testDatabase(18)
  process.env.DATABASE_URL = watched.url
  const { serverId, database } = watched.target
  place = [serverId, database]
  await registerServer({ id: serverId, name: 'watched', source: 'environment', database })
  await watched.client.query('create table t (id int)')
  made.oid = (await watched.client.query(`select 't'::regclass::oid as oid`)).rows[0].oid
})
afterAll(async () => {
  await closeQueue()
  await closePools()
  await watched.drop()
})

const form = (entries: Record<string, string>): FormData => {
  const data = new FormData()
  for (const [name, value] of Object.entries(entries)) data.set(name, value)
  return data
}

let address = 0

/** A request from an address that nobody came from before; the limits of sign-ins count by it. */
function from(cookie: string): string {
  const peer = `198.51.100.${++address}`
  requestWith({ cookie, origin: ORIGIN, host: '127.0.0.1:3000', [ADDRESS_HEADER]: peer })
  return peer
}

const server = () => {
  const { host, port, user, password, database } = watched.target
  return { name: 'Own', readOnly: false, connection: { kind: 'fields', host, port, user, password, database, sslmode: 'prefer' } }
}
const WINDOW = { name: 'Night', cron: '0 2 * * *', timeZone: 'UTC', minutes: 60 }
const PROFILE = { ram: 16 * GB, cpus: 8, storage: 'nvme', workload: 'web', connections: 120 }
const OTHER = 'five other plain words here'

/** Signs in by the form; what follows comes with the new session, from another address. */
async function signedIn(email: string): Promise<void> {
  from('')
  await auth.signIn({}, form({ email, password: PASSWORD })).catch(() => undefined) // a redirect
  from(keptCookies())
}

type Step = [name: string, who: 'nobody' | 'viewer' | 'operator' | 'admin' | 'made', act: () => Promise<unknown>]

/** In this order: what is added is changed and taken away. */
const STEPS: Step[] = [
  ['signIn', 'nobody', () => auth.signIn({}, form({ email: 'viewer@example.org', password: 'wrong' }))],
  [
    'setUp',
    'nobody',
    async () => {
      await consoleDb().execute(sql`update "user" set role = 'viewer' where role = 'admin'`)
      const token = await setUpToken(consoleDb())
      await consoleDb().execute(sql`update "user" set role = 'viewer' where role = 'admin'`)
      return auth
        .setUp(token ?? '', {}, form({ name: 'Eve', email: 'eve@example.org', password: PASSWORD }))
        .finally(() => consoleDb().execute(sql`update "user" set role = 'admin' where email = 'admin@example.org'`))
    },
  ],
  [
    'invitePerson',
    'admin',
    async () => {
      const invited = await users.invitePerson('grace@example.org', 'viewer')
      if (invited.ok) made.link = invited.value.link.split('/').at(-1) ?? ''
      return invited
    },
  ],
  ['join', 'nobody', () => auth.join(made.link, {}, form({ name: 'Grace', password: PASSWORD }))],
  [
    'withdraw',
    'admin',
    async () => {
      await users.invitePerson('tom@example.org', 'viewer')
      const { rows } = await consoleDb().execute(sql`select id from invitation`)
      return users.withdraw(rows[0]?.id)
    },
  ],
  ['giveRole', 'admin', async () => users.giveRole(await consoleUserOf('grace@example.org'), 'operator')],
  ['setClosed', 'admin', async () => users.setClosed(await consoleUserOf('grace@example.org'), true)],
  [
    'untie',
    'admin',
    async () => {
      await consoleDb().execute(sql`insert into account (id, account_id, provider_id, user_id) values ('p', 'issuer 1', 'oidc', 'viewer')`)
      return users.untie('viewer')
    },
  ],
  [
    'disconnectProvider',
    'viewer',
    async () => {
      await consoleDb().execute(sql`insert into account (id, account_id, provider_id, user_id) values ('p', 'issuer 1', 'oidc', 'viewer')`)
      await signedIn('viewer@example.org')
      return account.disconnectProvider(PASSWORD, '')
    },
  ],
  ['changeName', 'operator', () => account.changeName('Olga')],
  [
    'endSession',
    'operator',
    async () => {
      await signedIn('operator@example.org')
      const [newest] = await ownSessions('operator')
      return account.endSession(newest?.id)
    },
  ],
  [
    'endOthers',
    'operator',
    async () => {
      await signedIn('operator@example.org')
      from(accounts.cookies.operator)
      return account.endOthers()
    },
  ],
  ['saveProfile', 'operator', () => configuration.saveProfile(place[0], PROFILE)],
  [
    'explainAnalyze',
    'operator',
    () =>
      queries.explainAnalyze(
        { server: place[0], database: place[1], key: '1.1.1.1', rolname: 'postgres', datname: place[1] },
        { values: [], timeoutSeconds: 5, confirmed: [] },
      ),
  ],
  [
    'confirmCommands',
    'operator',
    async () => {
      const preview = await runs.previewCommands(...place, [{ command: 'analyze-table', input: { oid: made.oid } }])
      const plan = preview.ok ? preview.value.previews[0]?.plan : undefined
      const one = { command: 'analyze-table', input: { oid: made.oid }, statements: plan?.statements ?? [] }
      const queued = await runs.confirmCommands(...place, [one], plan?.phrase ?? '', { giveUpMinutes: null, window: null })
      if (queued.ok) made.run = queued.value[0]?.id ?? ''
      return queued
    },
  ],
  [
    'explainPlan',
    'operator',
    () => queries.explainPlan({ server: place[0], database: place[1], key: '1.1.1.1', rolname: 'postgres', datname: place[1] }),
  ],
  ['sampleNow', 'operator', () => queries.sampleNow(place[0])],
  ['indexScript', 'operator', () => indexes.indexScript(...place, 'drop', null)],
  ['healthCheck', 'operator', () => indexes.healthCheck(...place)],
  ['measureAgain', 'operator', () => indexes.measureAgain(...place, made.oid)],
  ['testServer', 'admin', () => servers.testServer(server(), undefined)],
  ['testStoredServer', 'admin', () => servers.testStoredServer(place[0])],
  ['cancelRun', 'operator', () => runs.cancelRun(made.run)],
  [
    'keepWindow',
    'admin',
    async () => {
      const kept = await windows.keepWindow(place[0], null, WINDOW)
      if (kept.ok) made.window = kept.value.id
      return kept
    },
  ],
  ['takeWindowAway', 'admin', () => windows.takeWindowAway(place[0], made.window)],
  ['saveServer', 'admin', () => servers.saveServer(server())],
  ['markReadOnly', 'admin', () => servers.markReadOnly('own', true)],
  ['takeServerAway', 'admin', () => servers.takeServerAway('own', 'Own')],
  [
    'confirmSecondFactor',
    'operator',
    async () => {
      const begun = await account.startSecondFactor(PASSWORD)
      if (begun.ok) made.secret = begun.value.secret
      const on = await account.confirmSecondFactor(codeOf(made.secret))
      made.cookie = keptCookies()
      return on
    },
  ],
  ['renewBackupCodes', 'made', () => account.renewBackupCodes(PASSWORD, codeOf(made.secret))],
  [
    'enterCode',
    'nobody',
    async () => {
      await signedIn('operator@example.org')
      return auth.enterCode({}, form({ code: wrongCode(made.secret) }))
    },
  ],
  ['resetCode', 'admin', () => users.resetCode('operator')],
  [
    'endSecondFactor',
    'nobody',
    async () => {
      await signedIn('viewer@example.org')
      const begun = await account.startSecondFactor(PASSWORD)
      await account.confirmSecondFactor(codeOf(begun.ok ? begun.value.secret : ''))
      from(keptCookies())
      return account.endSecondFactor(PASSWORD, begun.ok ? begun.value.backupCodes[0] : '')
    },
  ],
  [
    'changePassword',
    'nobody',
    async () => {
      await signedIn('viewer@example.org')
      return account.changePassword(PASSWORD, OTHER)
    },
  ],
  ['signOut', 'admin', () => auth.signOut()],
]

const everyLine = () => consoleDb().select().from(audit).orderBy(audit.id)

it('is tried for every action that there is', () => {
  const actions = Object.entries(ACCESS).flatMap(([file, needs]) => (file.endsWith('actions.ts') ? Object.keys(needs) : []))
  expect([...STEPS.map(([name]) => name), ...ONLY_SHOW].sort()).toEqual(actions.sort())
})

describe('the audit says from where', () => {
  it.each(STEPS)('%s was asked for, as %s', async (_, who, act) => {
    const before = (await everyLine()).length
    from(who === 'made' ? made.cookie : accounts.cookies[who])
    const first = address
    await act().catch((thrown: Error) => {
      if (!thrown.message.startsWith('NEXT_REDIRECT')) throw thrown
    })
    const addresses = Array.from({ length: address - first + 1 }, (_, at) => `198.51.100.${first + at}`)
    const lines = (await everyLine()).slice(before)
    expect(lines.length).toBeGreaterThan(0)
    for (const { action, detail } of lines) expect(addresses, action).toContain(detail.from)
  })
})
