import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../../test/support/own-server'
import type { TestDatabase } from '../../../test/support/test-database'
import { closePools } from '../../server/pool'
import { forgetReads, runRead } from '../../server/run-read'
import { statisticsWindow } from './statistics-window'

describe.each([14, 18] as const)('the statistics window of PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await databaseOnOwnServer(major)
    await db.client.query(`create role plain login password 'x'`)
  })
  afterAll(async () => {
    await closePools()
    await db.drop()
  })

  /** As a role that sees no other session. */
  const look = async () => {
    forgetReads()
    const read = await runRead(db.as('plain', 'x'), statisticsWindow, {})
    const window = read.ok ? read.value[0] : undefined
    return window && { ...window, since: Date.parse(window.stats_reset ?? window.stats_since) }
  }

  it('begins anew with a crash, which throws the statistics away and keeps the postmaster', async () => {
    const before = await look()
    const { rows } = await db.client.query('select pg_backend_pid() as pid, clock_timestamp() as at')
    const victim = await db.connect()
    const { pid } = (await victim.query('select pg_backend_pid() as pid')).rows[0]
    process.kill(pid, 'SIGKILL')
    await expect.poll(async () => (await look())?.since ?? 0, { timeout: 60_000 }).toBeGreaterThanOrEqual(rows[0].at.getTime())
    expect(before?.since).toBeLessThan(rows[0].at.getTime())
    expect((await look())?.started).toBe(before?.started)
  })

  it('tells that scans are not counted for some role of this database', async () => {
    const admin = await db.connect()
    expect(await look()).toMatchObject({ track_counts: true, timeline: 1, standbys: 0, in_recovery: false })
    await admin.query('alter role plain set track_counts = off')
    expect(await look()).toMatchObject({ track_counts: false })
  })
})
