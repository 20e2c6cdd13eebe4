import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { startStandby } from '../../test/support/standby'
import { consoleForTests } from '../../test/support/test-console'
import { serverAccount } from '../embedded/account'
import { startCluster } from '../embedded/cluster'
import { ownFolder } from '../embedded/data-files'
import { freePort } from '../embedded/free-port'
import { claimRun } from '../runs/claim'
import { findRun, insertRun, moveRun, readRunLog } from '../runs/runs'
import { closeConsole, connectConsole, consoleDb } from './client'
import { becomeCopy, consoleDoubt, consoleId, consoleRow } from './console-id'
import { migrateConsole } from './migrate'
import type { Home } from './place'
import { audit, maintenancePolicy, maintenanceWindow, ownConsole, session, user } from './schema'
import { registerServer, serverTarget } from './servers'
import { answerCopied, answerMoved, settlePlace } from './which-console'

process.env.PROCTOR_SECRET = 'a secret for tests that is long enough'
const ADA = { email: 'ada@example.org', from: null }
const HOME: Home = { machine: 'a1', folder: '/srv/proctor', inode: '11', born: '1' }
const COPY: Home = { machine: 'a1', folder: '/srv/copy', inode: '12', born: '2' }
const database = consoleForTests()
const settle = (home: Home | null) => settlePlace(home, database.url)
const actions = async () => (await consoleDb().select({ action: audit.action }).from(audit).orderBy(audit.id)).map(({ action }) => action)
const doubtAt = async () => (await consoleDoubt())?.at ?? ''

afterEach(() => consoleDb().update(ownConsole).set({ doubt: null, place: null }))

describe('the place of a console', () => {
  it('is taken down at the first start, and raises no doubt at the next', async () => {
    expect(await consoleId()).toMatch(/^[0-9a-f]{12}$/)
    expect(await settle(HOME)).toBeNull()
    expect(await settle(HOME)).toBeNull()
    expect((await consoleRow()).place).toMatchObject({ home: HOME, database: { timeline: 1, addresses: [] } })
  })

  it('raises a doubt elsewhere, which a start at the old place ends', async () => {
    await settle(HOME)
    expect(await settle(COPY)).toMatchObject({ because: [{ what: 'folder' }, { what: 'directory' }], place: { home: COPY } })
    expect(await settle(COPY)).toMatchObject({ at: await doubtAt() })
    expect(await settle(null)).toMatchObject({ because: [{ what: 'folder' }, { what: 'directory' }], place: { home: COPY } })
    expect(await settle(HOME)).toBeNull()
    expect((await consoleRow()).place).toMatchObject({ home: HOME })
  })

  it('raises one in a database that was made from its own, and in one that was restored, wherever that is started', async () => {
    await settle(null)
    await closeConsole()
    const copied = `${database.target.database}_copy`
    const admin = new URL(database.url)
    admin.pathname = '/postgres'
    const server = connectConsole(admin.href)
    await database.client.end()
    await server.execute(`create database ${copied} template ${database.target.database}`)
    Object.assign(database, { client: await database.connect() })
    const url = new URL(database.url)
    url.pathname = `/${copied}`
    const db = connectConsole(url.href)
    expect(await settlePlace(null, url.href, db)).toMatchObject({ because: [{ what: 'database' }] })
    expect(await answerMoved(ADA, null, db)).toMatchObject({ ok: true })
    expect(await settlePlace(null, url.href, db)).toBeNull()
    await becomeCopy(db)
    expect(await settlePlace(null, url.href, db)).toMatchObject({ because: [{ what: 'restored' }], place: { home: null } })
    expect(await answerMoved(ADA, null, db)).toMatchObject({ ok: true })
    expect(await settlePlace(null, url.href, db)).toBeNull()
    await db.$client.end()
    await server.execute(`drop database ${copied}`)
    await server.$client.end()
  })
})

it.each([14, 18] as const)('tells a promoted standby of its database on PostgreSQL %i, but not a fail-over', async (major) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-promoted-'))
  await ownFolder(folder, await serverAccount())
  const options = { major, password: 'x', settings: { fsync: 'off' } }
  const primary = await startCluster({ ...options, folder: path.join(folder, 'primary'), port: await freePort() })
  const standby = await startStandby(primary, { ...options, folder: path.join(folder, 'standby'), port: await freePort() })
  const db = connectConsole(primary.url)
  try {
    await migrateConsole(primary.url)
    await settlePlace(null, primary.url, db)
    await standby.caughtUp()
    await standby.promote()
    const promoted = connectConsole(standby.url)
    expect(await settlePlace(null, standby.url, promoted)).toMatchObject({
      because: [{ what: 'promoted', was: 'timeline 1', is: 'timeline 2' }],
    })
    expect(await settlePlace(null, primary.url, promoted)).toBeNull() // a name that leads there by now
    expect((await consoleRow(promoted)).place?.database).toMatchObject({ timeline: 2, addresses: [expect.stringContaining(':')] })
    await promoted.$client.end()
  } finally {
    await db.$client.end()
    await Promise.all([standby.stop('immediate'), primary.stop('immediate')])
    await rm(folder, { recursive: true, force: true })
  }
})

describe('while it may be a copy', () => {
  const planned = {
    title: 'x',
    statements: ['select 1'],
    locks: [],
    effect: [],
    cancel: '',
    phrase: 'x',
    alwaysTyped: false,
    undo: null,
    prediction: null,
  }
  const queued = () =>
    insertRun(
      {
        batchId: null,
        systemIdentifier: null,
        timeline: null,
        onStandby: false,
        serverId: 'one',
        database: 'd',
        command: 'analyze-table',
        input: {},
        object: { oid: 1, schemaname: 's', relname: 't', relfilenode: 1, relid: 1 },
        plan: planned,
        preflight: [],
        giveUpMinutes: 1,
        windowId: null,
        confirmedBy: ADA.email,
      },
      consoleDb(),
    )
  const openRuns = async () => {
    await registerServer({ id: 'one', name: 'one', source: 'environment', database: 'd' })
    process.env.DATABASE_URL = 'postgresql://nobody@127.0.0.1:1/d'
    const [waits, goes, ends] = [await queued(), await queued(), await queued()]
    await moveRun(goes.id, 'running', { startedAt: new Date() })
    await moveRun(ends.id, 'running', { startedAt: new Date() })
    await moveRun(ends.id, 'cancelling')
    return { waits: waits.id, goes: goes.id, ends: ends.id }
  }
  /** Whose policy is paused is said by the rows, as nobody is here to look at the page. */
  const policy = async () => {
    const [window] = await consoleDb()
      .insert(maintenanceWindow)
      .values({ serverId: 'one', name: 'n', cron: '0 2 * * *', timeZone: 'UTC', minutes: 5 })
      .returning()
    const limits = { until: null, most: 1, mostBytes: 2 ** 30, allowWarnings: false }
    const rule = { kind: 'vacuum-dead' as const, deadPercent: 20, deadRows: 1000, ...limits }
    const terms = { systemIdentifier: '1', confirmedBy: ADA.email, confirmedAt: new Date() }
    const [made] = await consoleDb()
      .insert(maintenancePolicy)
      .values({ serverId: 'one', database: 'd', windowId: window?.id ?? '', rule, ...terms })
      .returning()
    const its = eq(maintenancePolicy.id, made?.id ?? '')
    return async () => (await consoleDb().select().from(maintenancePolicy).where(its))[0]?.pausedBy
  }
  const states = async (ids: object) => Promise.all(Object.values(ids).map(async (id) => (await findRun(id))?.state))

  it('no way leads to a server, and no run is taken', async () => {
    const { waits } = await openRuns()
    expect(await serverTarget('one')).toMatchObject({ ok: true })
    await settle(HOME)
    await settle(COPY)
    expect(await serverTarget('one')).toMatchObject({ ok: false, problem: { kind: 'conflict', hint: expect.stringContaining('/console') } })
    expect(await claimRun('one', waits, { owner: 'a worker', seen: 0 })).toBeUndefined()
  })

  it('moved: it goes on with its id and its runs', async () => {
    const ids = await openRuns()
    const pausedBy = await policy()
    await settle(HOME)
    await settle(COPY)
    const id = await consoleId()
    expect(await answerMoved(ADA, '2020-01-01T00:00:00.000Z')).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    expect(await answerMoved(ADA, await doubtAt())).toEqual({ ok: true, value: { id } })
    expect(await states(ids)).toEqual(['queued', 'running', 'cancelling'])
    expect(await pausedBy()).toBeNull()
    expect(await settle(COPY)).toBeNull()
    expect(await serverTarget('one')).toMatchObject({ ok: true, value: { consoleId: id } })
    expect((await actions()).at(-1)).toBe('console.moved')
    expect(await answerMoved(ADA, null)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  })

  it('moved, but restored: what was queued is not done a second time', async () => {
    const ids = await openRuns()
    const pausedBy = await policy()
    await settle(HOME)
    await becomeCopy()
    expect(await settle(HOME)).toMatchObject({ because: [{ what: 'restored' }] })
    expect(await answerMoved(ADA, null)).toMatchObject({ ok: true })
    expect(await states(ids)).toEqual(['cancelled', 'running', 'cancelling'])
    expect(await pausedBy()).toBe('proctor')
  })

  it('copied: another id, every open run ended here with the reason, everybody else signed out', async () => {
    const ids = await openRuns()
    const pausedBy = await policy()
    await consoleDb().insert(user).values({ id: 'ada', name: 'Ada', email: ADA.email, role: 'admin' })
    const open = { userId: 'ada', expiresAt: new Date(Date.now() + 60_000) }
    await consoleDb()
      .insert(session)
      .values([
        { id: 'here', token: 'here', ...open },
        { id: 'there', token: 'there', ...open },
      ])
    await settle(HOME)
    await settle(COPY)
    const was = await consoleId()
    const answered = await answerCopied(ADA, await doubtAt(), 'here')
    const is = await consoleId()
    expect(answered).toEqual({ ok: true, value: { id: is } })
    expect(is).toMatch(/^[0-9a-f]{12}$/)
    expect(is).not.toBe(was)
    expect(await states(ids)).toEqual(['cancelled', 'lost', 'lost'])
    expect(await pausedBy()).toBe('proctor')
    for (const id of Object.values(ids)) {
      expect((await findRun(id))?.problem).toMatchObject({ kind: 'conflict', message: expect.stringContaining(was) })
      expect((await readRunLog(id)).at(-1)?.message).toContain(was)
    }
    expect(await consoleDb().select({ id: session.id }).from(session)).toEqual([{ id: 'here' }])
    expect((await actions()).at(-1)).toBe('console.copied')
    expect(await settle(COPY)).toBeNull()
  })
})
