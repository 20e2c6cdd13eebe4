import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Standby, startStandby } from '../../test/support/standby'
import { type TwoClusters, twoClusters } from '../../test/support/two-clusters'
import { freePort } from '../embedded/free-port'
import { closePools } from '../server/pool'
import { ok } from '../server/problem'
import { forgetReads } from '../server/run-read'
import { targetFromUrl } from '../server/target-url'
import { indexHealth } from './index-health'
import { type IndexPast, UNWATCHED } from './index-past'

const VOUCHED: IndexPast = { ...UNWATCHED, unusedAfter: 0, vouched: '2020-01-01T00:00:00.000Z' }

describe.each([14, 18] as const)('indexes of a primary and its standby, PostgreSQL %i', (major) => {
  let two: TwoClusters
  let standby: Standby
  const at = async (url: string, ...statements: string[]) => {
    const client = new Client({ connectionString: url })
    await client.connect()
    for (const statement of statements) await client.query(statement)
    await client.end()
  }
  const verdict = async (url: string, past: Partial<IndexPast>) => {
    forgetReads()
    const health = await indexHealth(targetFromUrl(url, url), [], { ...VOUCHED, ...past })
    if (!health.ok) throw new Error(health.problem.message)
    const found = health.value.findings.find(({ indexrelname }) => indexrelname === 'app_mail')
    return [found?.verdict, found?.unusedWithheld]
  }
  const peer = (name: string, url: string) => ({ name, target: ok(targetFromUrl(`${url} peer`, url)) })

  beforeAll(async () => {
    two = await twoClusters(major)
    await at(
      two.a.url,
      "create table app (id int primary key, mail text); insert into app select g, 'm' || g from generate_series(1, 20000) g",
      'create index app_mail on app (mail); analyze app',
      'select from app where id = 1',
    )
    const { username: user, password } = new URL(two.a.url)
    const settings = { fsync: 'off', max_connections: '30', primary_conninfo: '', autovacuum: 'off' }
    const folder = path.join(path.dirname(two.a.dataDir), `standby-of-${user}`)
    standby = await startStandby(two.a, { major, folder, port: await freePort(), password: decodeURIComponent(password), settings })
  })
  afterAll(async () => {
    await closePools()
    await standby.stop('immediate')
    await two.stop()
  })

  it('are not judged while a standby is not asked, nor on the standby alone', async () => {
    expect(await verdict(two.a.url, {})).toEqual(['not-scanned', 'a connected standby was not read: queries there may use it'])
    expect(await verdict(standby.url, {})).toEqual(['not-scanned', 'this is a standby: the primary may use it'])
  })

  it('are unused where both say so, and used where either scans them', async () => {
    expect(await verdict(two.a.url, { peers: [peer('replica', standby.url)] })).toEqual(['unused', null])
    expect(await verdict(standby.url, { peers: [peer('primary', two.a.url)] })).toEqual(['unused', null])
    await at(standby.url, 'set enable_seqscan = off', "select id from app where mail = 'm77'")
    await expect.poll(() => verdict(two.a.url, { peers: [peer('replica', standby.url)], unusedAfter: 1 })).toEqual(['healthy', null])
  })

  it('are not judged by what a promoted standby knows of the time before', async () => {
    await two.a.stop('fast')
    await standby.promote()
    await at(standby.url, "select pg_stat_reset_single_table_counters('app_mail'::regclass)", "create role watcher login password 'x'")
    const why = /^(this server was promoted|statistics are) 0 minutes (ago and has no earlier statistics|old), 60 minutes are needed$/
    await expect.poll(() => verdict(standby.url, { unusedAfter: 3_600 })).toEqual(['not-scanned', expect.stringMatching(why)])
    const watcher = new URL(standby.url)
    Object.assign(watcher, { username: 'watcher', password: 'x' })
    expect(await verdict(watcher.href, {})).toEqual(['not-scanned', 'this server was promoted to timeline 2, at an unknown time'])
  })
})
