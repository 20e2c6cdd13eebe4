import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DBA } from '../../../test/support/confirm-run'
import { benchForTests } from '../../../test/support/run-bench'
import type { Check } from '../../checks/define-check'
import { consoleDb } from '../../console/client'
import { server } from '../../console/schema'
import { checkAsk, finding } from '../../console/schema-findings'
import { findServer, type Server } from '../../console/servers'
import { askLook } from '../../findings/ask-look'
import { readNeeds } from '../../findings/needs'
import { isOverdue, type KeptFinding, readCheckedState } from '../../findings/read-findings'
import { sayOfFindings } from '../../findings/say-of-finding'
import { indexRedundant } from '../../indexes/checks/index-redundant'
import { closePools } from '../../server/pool'
import { failed, ok, type Result } from '../../server/problem'
import { forgetReads } from '../../server/run-read'
import { idleInTransactionAfter } from '../../sessions/checks/idle-in-transaction'
import { openChecker } from './checker'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

describe.each([14, 18] as const)('the findings of a server of PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  // So long ago that no turn comes to the moment at which runs really end.
  let now = Date.now() - 20 * 24 * HOUR_MS
  /** Sessions are looked at from the first second on, and only those of this database: the server has others'. */
  const idle: Check = {
    ...idleInTransactionAfter(0),
    look: async (target, past) => {
      const found = await idleInTransactionAfter(0).look(target, past)
      return found.ok
        ? ok(found.value.filter(({ evidence }) => evidence.includes('metabase') && evidence.includes(bench.db.target.database)))
        : found
    },
  }
  /** What the redundant indexes' check is made to say instead of looking. */
  let blind: Result<never> | undefined
  const redundant: Check = { ...indexRedundant, look: async (target, past) => blind ?? indexRedundant.look(target, past) }
  const open = (onlyAsked = false) =>
    openChecker({ checks: [redundant, idle], now: () => now, onlyAsked, visits: (database) => database === bench.db.target.database })
  let checker = open()
  const here = () => ({ serverId: bench.db.target.serverId, database: bench.db.target.database })
  const known = async () => (await findServer(here().serverId)) as Server
  const turn = (afterMs: number) => {
    now += afterMs
    forgetReads()
    return checker.turn(here().serverId)
  }
  const state = async () => readCheckedState(await known(), here().database, new Date(now))
  const found = async (check: string): Promise<KeptFinding[]> => (await state()).checks.find(({ name }) => name === check)?.findings ?? []
  const rows = () => consoleDb().select().from(finding).where(eq(finding.serverId, here().serverId)).orderBy(finding.id)

  beforeAll(async () => {
    await bench.db.client.query('create table orders (id int primary key, customer int)')
  })
  beforeEach(async () => {
    blind = undefined
    await bench.db.client.query('drop index if exists orders_b; drop index if exists orders_a; create index orders_a on orders (customer)')
    await consoleDb().delete(finding)
    await consoleDb().delete(checkAsk)
    checker = open()
    await turn(2 * HOUR_MS)
    expect(await rows()).toEqual([])
  })
  afterAll(() => closePools())

  const offend = () => bench.db.client.query('create index orders_b on orders (customer)')

  it('opens what it sees at the next look of its check, and not before', async () => {
    await offend()
    expect(await turn(MINUTE_MS)).toBe(now + MINUTE_MS)
    expect(await rows()).toEqual([])
    await turn(HOUR_MS - MINUTE_MS)
    expect(await found('index-redundant')).toMatchObject([
      { relname: expect.stringMatching(/^orders_[ab]$/), life: { state: 'new', openedAt: new Date(now).toISOString(), times: 1 } },
    ])
    const [kept] = await rows()
    await turn(HOUR_MS)
    expect(await rows()).toEqual([kept])
  })

  it('looks at once when it is asked to, once however often that is', async () => {
    await offend()
    for (let times = 0; times < 3; times++) await askLook(here(), { all: true })
    expect((await state()).asked).toBe(true)
    await turn(1_000)
    expect((await state()).asked).toBe(false)
    expect(await found('index-redundant')).toHaveLength(1)
  })

  it('is overdue while a check has never looked, which is no pass', async () => {
    // The checks of the registry that this checker does not have never look here.
    expect(await isOverdue(await known(), here().database, new Date(now))).toBe(true)
    expect((await state()).checks.find(({ name }) => name === 'dead-rows')).toMatchObject({ lookedAt: null, problem: null, total: 0 })
    expect((await state()).checks.find(({ name }) => name === 'index-redundant')).toMatchObject({ lookedAt: new Date(now).toISOString() })
  })

  it('ends what is gone, and goes on with what comes back soon', async () => {
    await offend()
    await turn(HOUR_MS)
    const [first] = await found('index-redundant')
    await bench.db.client.query('drop index orders_b')
    await turn(HOUR_MS)
    expect(await found('index-redundant')).toEqual([])
    expect((await state()).ended).toMatchObject([
      { check: 'index-redundant', life: { id: first?.life.id, state: 'ended', ended: { run: null } } },
    ])
    await offend()
    await turn(HOUR_MS)
    expect(await found('index-redundant')).toMatchObject([{ life: { id: first?.life.id, times: 2, openedAt: first?.life.openedAt } }])
    await bench.db.client.query('drop index orders_b')
    await turn(HOUR_MS)
    now += 4 * HOUR_MS
    await offend()
    await turn(HOUR_MS)
    expect(await rows()).toHaveLength(2)
  })

  it('ends nothing where it could not look, or the server does not answer', async () => {
    await offend()
    await turn(HOUR_MS)
    blind = failed('timeout', 'canceling statement due to statement timeout')
    await turn(HOUR_MS)
    const [check] = (await state()).checks.filter(({ name }) => name === 'index-redundant')
    expect(check).toMatchObject({ problem: { kind: 'timeout' }, findings: [{ life: { state: 'new' } }], total: 1 })
    blind = undefined
    const { DATABASE_URL } = process.env
    await closePools()
    process.env.DATABASE_URL = String(DATABASE_URL).replace(/:\d+\//, ':1/')
    try {
      await turn(HOUR_MS)
      const down = await state()
      expect(
        down.checks
          .filter(({ problem }) => problem?.kind === 'unreachable')
          .map(({ name }) => name)
          .sort(),
      ).toEqual(['idle-in-transaction', 'index-redundant'])
      expect(await found('index-redundant')).toHaveLength(1)
    } finally {
      process.env.DATABASE_URL = DATABASE_URL
    }
    // It is looked at again after a minute, not after an hour.
    await bench.db.client.query('drop index orders_b')
    await turn(MINUTE_MS)
    expect(await found('index-redundant')).toEqual([])
  })

  it('keeps what somebody said through another OID, and forgets it when it gets worse', async () => {
    await offend()
    await turn(HOUR_MS)
    const [before] = await found('index-redundant')
    const id = before?.life.id as number
    expect(await sayOfFindings(here().serverId, [id], { kind: 'acknowledge', note: 'Dropped on Sunday' }, DBA, new Date(now))).toEqual(
      ok(null),
    )
    const oid = () => bench.oidOf((before as { relname: string }).relname)
    const old = await oid()
    await bench.db.client.query(`reindex index concurrently ${(before as { relname: string }).relname}`)
    expect(await oid()).not.toBe(old)
    await turn(HOUR_MS)
    expect(await found('index-redundant')).toMatchObject([
      { oid: await oid(), life: { id, state: 'acknowledged', acknowledged: { by: DBA.email, note: 'Dropped on Sunday' } } },
    ])
    await consoleDb()
      .update(finding)
      .set({ found: { ...before, severity: 'info' } as never })
      .where(eq(finding.id, id))
    await turn(HOUR_MS)
    expect(await found('index-redundant')).toMatchObject([{ severity: 'warn', life: { id, acknowledged: null } }])
  })

  it('snoozes with a reason until then, and can be told otherwise', async () => {
    await offend()
    await turn(HOUR_MS)
    const [one] = await found('index-redundant')
    const id = one?.life.id as number
    const say = (said: Parameters<typeof sayOfFindings>[2], ids = [id]) => sayOfFindings(here().serverId, ids, said, DBA, new Date(now))
    const until = new Date(now + 2 * HOUR_MS)
    expect(await say({ kind: 'snooze', until, reason: ' ' })).toMatchObject({ problem: { kind: 'invalid_input' } })
    expect(await say({ kind: 'snooze', until: new Date(now - 1), reason: 'x' })).toMatchObject({ problem: { kind: 'invalid_input' } })
    expect(await say({ kind: 'snooze', until, reason: 'Release on Sunday' }, [id, 2_000_000])).toMatchObject({
      problem: { kind: 'conflict' },
    })
    const needs = async () => (await readNeeds([await known()], new Date(now))).find(({ database }) => database === here().database)
    expect(await needs()).toMatchObject({ warn: 1, bad: 0, worst: { title: one?.title } })
    expect(await say({ kind: 'snooze', until, reason: 'Release on Sunday' })).toEqual(ok(null))
    expect(await found('index-redundant')).toMatchObject([
      { life: { state: 'snoozed', snoozed: { until: until.toISOString(), reason: 'Release on Sunday', by: DBA.email } } },
    ])
    expect(await needs()).toBeUndefined()
    await turn(2 * HOUR_MS)
    expect(await found('index-redundant')).toMatchObject([{ life: { id, state: 'new', snoozed: null } }])
    expect(await needs()).toMatchObject({ warn: 1 })
    await say({ kind: 'snooze', until: new Date(now + HOUR_MS), reason: 'again' })
    await say({ kind: 'take back', what: 'snooze' })
    expect(await found('index-redundant')).toMatchObject([{ life: { state: 'new', snoozed: null } }])
    const audit = await consoleDb().$client.query(`select action, detail from audit where action like 'finding.%' order by id desc limit 1`)
    expect(audit.rows).toMatchObject([{ action: 'finding.reopened', detail: { check: 'index-redundant', findings: 1, what: 'snooze' } }])
  })

  it('names the run that ended a finding, and looks as soon as that is over', async () => {
    await offend()
    await turn(HOUR_MS)
    const [one] = await found('index-redundant')
    await bench.startWorker()
    const { id } = await bench.confirmed('drop-index', { oid: (one as { oid: number }).oid })
    expect(await bench.over(id)).toMatchObject({ state: 'succeeded' })
    await bench.stopWorkers()
    expect((await state()).asked).toBe(true)
    checker = open(true)
    await consoleDb()
      .update(finding)
      .set({ openedAt: new Date(now) })
    await turn(5_000)
    expect((await state()).ended).toMatchObject([{ life: { id: one?.life.id, ended: { run: id, by: DBA.email } } }])
  })

  it('follows a session, which is another when its pid comes again', async () => {
    const session = await bench.hold('select 1')
    await turn(MINUTE_MS)
    const [one] = await found('idle-in-transaction')
    expect(one).toMatchObject({ kind: 'session', pid: session.pid, life: { state: 'new' } })
    expect(await turn(MINUTE_MS)).toBe(now + MINUTE_MS)
    expect(await found('idle-in-transaction')).toMatchObject([{ life: { id: one?.life.id } }])
    await session.end()
    await turn(MINUTE_MS)
    expect(await found('idle-in-transaction')).toEqual([])
  })

  it('keeps the findings of another cluster at the address apart', async () => {
    await offend()
    await turn(HOUR_MS)
    const { systemIdentifier } = await known()
    const record = (id: string | null) =>
      consoleDb().update(server).set({ systemIdentifier: id, otherIdentifier: null }).where(eq(server.id, here().serverId))
    await record('7000000000000000001')
    expect(await found('index-redundant')).toEqual([])
    await turn(MINUTE_MS)
    expect(await known()).toMatchObject({ otherIdentifier: systemIdentifier })
    expect(await found('index-redundant')).toHaveLength(1)
    await record(systemIdentifier)
    await turn(MINUTE_MS)
    expect(await rows()).toHaveLength(1)
  })
})
