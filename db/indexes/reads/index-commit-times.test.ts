import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../../test/support/own-server'
import type { TestDatabase } from '../../../test/support/test-database'
import { closePools } from '../../server/pool'
import { forgetReads, runRead } from '../../server/run-read'
import { inDatabase } from '../../server/target'
import { indexCommitTimes } from './index-commit-times'

describe.each([14, 18] as const)('the commits of indexes on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await databaseOnOwnServer(major, { track_commit_timestamp: 'on' })
    await db.client.query('create table t (id int, v int); create index t_v on t (v)')
  })
  afterAll(() => db.drop())

  const now = async (): Promise<number> => (await db.client.query('select clock_timestamp() as at')).rows[0].at.getTime()
  const existed = async (database: string): Promise<number> => {
    forgetReads()
    const read = await runRead(inDatabase(db.target, database), indexCommitTimes, {})
    if (!read.ok) throw new Error(read.problem.message)
    expect(read.value).toHaveLength(1)
    return Date.parse(read.value[0]?.existed ?? '')
  }

  it('tell the first of them, which a later change of its row does not hide', async () => {
    const first = await existed(db.target.database)
    await db.client.query('alter index t_v set (fillfactor = 80)')
    expect(await existed(db.target.database)).toBe(first)
  })

  it('make an index no older than the database that was copied with it', async () => {
    const before = await now()
    expect(await existed(db.target.database)).toBeLessThan(before)
    await copyAs('copied')
    expect(await existed('copied')).toBeGreaterThanOrEqual(before)
    await closePools()
  })

  /** A template has no session while it is copied. */
  const copyAs = async (name: string): Promise<void> => {
    await closePools()
    await db.client.end()
    const url = new URL(db.url)
    url.pathname = '/postgres'
    const client = new Client({ connectionString: url.href })
    await client.connect()
    await client.query(`create database ${name} template ${db.target.database}`)
    await client.end()
  }
})
