import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fullBy, storageTitle } from '@/components/storage/storage-messages'
import { consoleDb } from '@/db/console/client'
import type { Role } from '@/db/console/roles'
import { typedVolume } from '@/db/console/server-volumes'
import { registerServer } from '@/db/console/servers'
import { closePools } from '@/db/server/pool'
import { forgetReads } from '@/db/server/run-read'
import { fillSizes } from '@/test/support/months-of-sizes'
import { accountsForTests, nextAddress, ORIGIN } from '@/test/support/test-accounts'
import { type TestDatabase, testDatabase } from '@/test/support/test-database'
import { requestWith } from '@/test/support/test-request'
import { saveVolume } from './[server]/db/[database]/storage/actions'
import { readStorage } from './[server]/db/[database]/storage/storage-reads'

const GB = 1024 ** 3
const accounts = accountsForTests()
let [here, other]: TestDatabase[] = []
let place: { server: string; database: string }
/** OIDs of the two databases, and of a table in each. */
const oids = { here: 0, other: 0, table: 0, theirs: 0 }

beforeAll(async () => {
  ;[here, other] = [await testDatabase(18), await testDatabase(18)]
  process.env.DATABASE_URL = here.url
  const { serverId, database } = here.target
  place = { server: serverId, database }
  await registerServer({ id: serverId, name: 'watched', source: 'environment', database })
  const query = (sql: string, values?: unknown[]) => consoleDb().$client.query(sql, values)
  await query('insert into sampled_server (server_id) values ($1)', [serverId])
  for (const [key, table, db] of [
    ['here', 'table', here],
    ['other', 'theirs', other],
  ] as const) {
    await db.client.query(`create table grown (id int); insert into grown select generate_series(1, 5000)`)
    const { rows } = await db.client.query(
      `select 'grown'::regclass::oid::int8 as relid, oid::int8 as datid, datname from pg_database where datname = current_database()`,
    )
    oids[key] = Number(rows[0].datid)
    oids[table] = Number(rows[0].relid)
    await query('insert into sampled_database select no, $1, $2 from sampled_server', [oids[key], rows[0].datname])
  }
})
afterAll(async () => {
  await closePools()
  await Promise.all([here?.drop(), other?.drop()])
})

const save = (role: Role | 'nobody', bytes: unknown, server: unknown = place.server) => {
  requestWith({ cookie: accounts.cookies[role], origin: ORIGIN, host: '127.0.0.1:3000', ...nextAddress() })
  return saveVolume(server, bytes)
}
const kind = async (answer: Promise<{ ok: boolean; problem?: { kind: string } }>) => (await answer).problem?.kind
const fill = async (days: number, perDay: number) => {
  const { rows } = await consoleDb().$client.query<{ no: number }>('select no from sampled_server')
  await consoleDb().$client.query('delete from database_size; delete from table_size; delete from connection_sample')
  const client = await consoleDb().$client.connect()
  try {
    await fillSizes(
      (sql, values) => client.query(sql, values),
      rows[0]?.no ?? -1,
      days,
      (ago) => ({
        databases: [
          { datid: oids.here, bytes: 100 * GB },
          { datid: oids.other, bytes: 200 * GB - ago * perDay },
        ],
        // Smaller than they are now: since then each has grown.
        tables: [
          { datid: oids.here, relid: oids.table, bytes: 100_000 - 1_000 * ago },
          { datid: oids.other, relid: oids.theirs, bytes: 100_000 - 2_000 * ago },
        ],
      }),
    )
  } finally {
    client.release()
  }
}
const read = async () => {
  forgetReads()
  const answer = await readStorage(place)
  if (!answer.ok) throw new Error(answer.problem.message)
  return answer.value
}

describe('the size of a volume', () => {
  it('is kept for an operator, changed, and forgotten', async () => {
    expect(await save('operator', 100 * GB)).toEqual({ ok: true, value: null })
    expect(await typedVolume(place.server)).toMatchObject({ bytes: 100 * GB, changedBy: 'operator@example.org' })
    expect(await save('admin', 2 ** 50)).toEqual({ ok: true, value: null })
    expect(await typedVolume(place.server)).toMatchObject({ bytes: 2 ** 50, changedBy: 'admin@example.org' })
    expect(await save('operator', null)).toEqual({ ok: true, value: null })
    expect(await typedVolume(place.server)).toBeNull()
    expect(await save('operator', null)).toEqual({ ok: true, value: null }) // there is nothing to forget
    const { rows } = await consoleDb().$client.query<{ action: string; detail: object }>(
      `select action, detail from audit where action like 'volume.%' order by id`,
    )
    expect(rows.slice(0, 3)).toMatchObject([
      { action: 'volume.saved', detail: { before: null, after: 100 * GB } },
      { action: 'volume.saved', detail: { before: 100 * GB, after: 2 ** 50 } },
      { action: 'volume.forgotten', detail: { before: 2 ** 50, after: null } },
    ])
  })

  it('is refused from a viewer and from nobody, of a server that is not there, and where it is no size', async () => {
    expect(await kind(save('viewer', 100 * GB))).toBe('insufficient_privilege')
    expect(await kind(save('nobody', 100 * GB))).toBe('insufficient_privilege')
    expect(await kind(save('operator', 100 * GB, 'no such server'))).toBe('invalid_input')
    for (const wrong of [0, -1, 1024, 1.5 * GB + 0.5, 2 ** 60, Number.NaN, '100 GB', {}, undefined])
      expect(await kind(save('operator', wrong))).toBe('invalid_input')
    expect(await typedVolume(place.server)).toBeNull()
  })
})

describe('the page of storage', () => {
  it('says a date from a month of sizes, none from a week, and who grew in any database', async () => {
    await fill(30, GB)
    const month = await read()
    expect(month.days).toHaveLength(30)
    expect(month.forecast).toMatchObject({ kind: 'trend', trend: { days: 30 } })
    // The test's server is on this machine: its file system says what is free.
    const free = month.volume?.free ?? 0
    const now = Date.now()
    const inDays = Math.round(((fullBy(month, now)?.median ?? 0) - now) / 86_400_000)
    if (free / GB < 3 * 365) {
      expect(Math.abs(inDays - free / GB)).toBeLessThanOrEqual(2)
      expect(storageTitle(month, now)).toContain('will be full around')
    }
    expect(month.unseen).toEqual([])
    expect(month.growers).toMatchObject({
      value: [
        { database: other?.target.database, relname: 'grown', relid: oids.theirs },
        { database: place.database, relname: 'grown', relid: oids.table },
      ],
    })
    await fill(7, GB)
    const week = await read()
    expect(week.forecast).toMatchObject({ kind: 'none', reason: 'young', days: 7 })
    expect(fullBy(week, now)).toBeNull()
    expect(storageTitle(week, now)).not.toContain('full around')
  })
})
