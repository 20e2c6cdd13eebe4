import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillSizes, type SizesOfDay } from '../../test/support/months-of-sizes'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { closeConsole } from '../console/client'
import { migrateConsole } from '../console/migrate'
import { forecast } from '../domain/forecast'
import { fasterGrowth } from '../domain/growth'
import { closePools } from '../server/pool'
import { diskFullForecast } from '../storage/checks/disk-full-forecast'
import { pastOf } from './past'
import { dailyGrowth, dailySizes } from './storage'
import { tableGrowth, tableSizeHistory } from './tables'

const DAY_MS = 86_400_000
const GB = 1024 ** 3
/** The middle of a day: a day ago is the day before. */
const NOW = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS + DAY_MS / 2 - 1)
const TODAY = Math.floor(NOW.getTime() / DAY_MS)
const since = (days: number) => ({ from: new Date(NOW.getTime() - days * DAY_MS), to: new Date(NOW.getTime() + 1_000) })
const [SHOP, OTHER] = [16_400, 16_500]

describe('sizes that were sampled for a month', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(18)
    await migrateConsole(db.url)
    process.env.PROCTOR_CONSOLE_URL = db.url
    for (const id of ['month', 'week', 'full']) {
      await db.client.query(`insert into server (id, name, source, database) values ($1, $1, 'environment', 'shop')`, [id])
      await db.client.query(`insert into sampled_server (server_id) values ($1)`, [id])
    }
    await db.client.query(`insert into sampled_database select no, ${SHOP}, 'shop' from sampled_server`)
    await db.client.query(`insert into sampled_database select no, ${OTHER}, 'other' from sampled_server`)
  })
  afterAll(async () => {
    await closeConsole()
    await closePools()
    await db.drop()
  })
  const fill = async (server: string, days: number, sizes: (ago: number) => SizesOfDay) => {
    const { rows } = await db.client.query('select no from sampled_server where server_id = $1', [server])
    await fillSizes((sql, values) => db.client.query(sql, values), rows[0].no, days, sizes, NOW)
  }
  /** One that grows all the time, one that never changes, one that began to three days ago, one that shrank, and one of another database. */
  const month = (ago: number): SizesOfDay => ({
    databases: [{ datid: SHOP, bytes: (60 - ago) * GB }, ...(ago === 29 ? [{ datid: OTHER, bytes: 7 * GB }] : [])],
    tables: [
      { datid: SHOP, relid: 1, bytes: (60 - ago) * GB },
      ...(ago === 29 ? [{ datid: SHOP, relid: 2, bytes: 5 * GB }] : []),
      ...(ago === 29 || ago < 3 ? [{ datid: SHOP, relid: 3, bytes: Math.max(1, 4 - ago) * GB }] : []),
      { datid: SHOP, relid: 4, bytes: (10 + ago) * GB },
      { datid: OTHER, relid: 1, bytes: (100 - 3 * ago) * GB },
    ],
  })

  it('are told by day, give a forecast from a month and none from a week', async () => {
    await fill('month', 30, month)
    await fill('week', 7, (ago) => ({ databases: [{ datid: SHOP, bytes: (60 - ago) * GB }] }))
    const days = await dailySizes('month', since(90))
    expect(days).toHaveLength(30)
    expect(days.at(-1)).toEqual({ day: TODAY, value: 67 * GB })
    expect(days[0]).toEqual({ day: TODAY - 29, value: 38 * GB })
    expect(forecast(days)).toMatchObject({ kind: 'trend', trend: { slope: GB, days: 30 } })
    expect(forecast(await dailySizes('week', since(90)))).toMatchObject({ kind: 'none', reason: 'young', days: 7 })
    expect(await dailySizes('nobody', since(90))).toEqual([])
  })

  it('tell which tables of a database grew, the most first', async () => {
    const grown = await tableGrowth('month', 'shop', since(30), 10)
    expect(grown.map(({ relid, first, last }) => [relid, last - first])).toEqual([
      [1, 29 * GB],
      [3, 3 * GB],
    ])
    expect(grown[0]).toMatchObject({ first: 31 * GB, last: 60 * GB })
    expect(Math.floor((grown[0]?.firstAt ?? 0) / DAY_MS)).toBe(TODAY - 29)
    expect(await tableGrowth('month', 'shop', since(30), 1)).toHaveLength(1)
    expect(await tableGrowth('month', 'other', since(30), 10)).toMatchObject([{ relid: 1, first: 13 * GB, last: 100 * GB }])
    const all = await tableGrowth('month', null, since(30), 2)
    expect(all.map(({ datname, relid }) => [datname, relid])).toEqual([
      ['other', 1],
      ['shop', 1],
    ])
    expect(await tableGrowth('month', 'gone', since(30), 10)).toEqual([])
    expect(await tableGrowth('week', 'shop', since(30), 10)).toEqual([])
    expect(await tableSizeHistory('month', 'shop', [2, 3], since(30))).toHaveLength(5)
  })

  it('hold between two that were sampled, for the check of faster growth', async () => {
    const { database, tables } = await dailyGrowth('month', 'shop', new Date(NOW.getTime() - 4 * DAY_MS), NOW)
    expect(database).toHaveLength(30)
    expect([...tables.keys()].sort()).toEqual([1, 3])
    expect(tables.get(3)).toHaveLength(30)
    expect(tables.get(3)?.[20]).toEqual({ day: TODAY - 9, value: GB })
    expect(fasterGrowth(tables.get(3) ?? [], TODAY + 1)).toMatchObject({ added: 3 * GB, most: 0 })
    expect(fasterGrowth(tables.get(1) ?? [], TODAY + 1)).toBeNull()
  })

  it('end in a finding that the volume fills, with what the file system has', async () => {
    const past = pastOf('full')
    const [place] = (
      await db.client.query(
        `select current_setting('data_directory') as directory, floor(extract(epoch from pg_postmaster_start_time()))::float8 as started`,
      )
    ).rows
    const { measured } = (await past.volume?.(place)) ?? { measured: null }
    if (!measured) throw new Error('The test server is on this machine')
    expect(measured.free).toBeLessThanOrEqual(measured.bytes)
    const rate = measured.free / 10
    await fill('full', 30, (ago) => ({ databases: [{ datid: SHOP, bytes: Math.round((40 - ago) * rate) }] }))
    expect(await diskFullForecast.look(db.target, past)).toMatchObject({ ok: true, value: [{ kind: 'server', severity: 'warn' }] })
    expect(await diskFullForecast.look(db.target, pastOf('week'))).toEqual({ ok: true, value: [] })
    await db.client.query(`insert into server_volume values ('full', 123456789, 'somebody', now())`)
    expect((await past.volume?.(null)) ?? {}).toEqual({ measured: null, typed: 123_456_789 })
  })
})
