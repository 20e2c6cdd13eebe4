import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../../test/support/own-server'
import { checked } from '../../../test/support/test-check'
import { MAJORS } from '../../embedded/binaries'
import { forgetReads } from '../../server/run-read'
import { deadRows } from './dead-rows'

const FILL = [
  'create table "the course" (id int primary key) with (autovacuum_enabled = off)',
  'insert into "the course" select generate_series(1, 30000)',
]
const DIE = 'delete from "the course" where id <= 20000'

/** Statistics come when the session that counted says its next word (14), or a little later. */
const counted = (client: Client, dead: number) =>
  expect
    .poll(async () => Number((await client.query(`select pg_stat_get_dead_tuples('"the course"'::regclass) as dead`)).rows[0].dead), {
      timeout: 20_000,
      interval: 300,
    })
    .toBe(dead)

const BUSY = {
  autovacuum_max_workers: '1',
  autovacuum_naptime: '1s',
  autovacuum_vacuum_cost_delay: '100ms',
  autovacuum_vacuum_cost_limit: '1',
}

it('dead rows wait for a worker where all are busy', async () => {
  const db = await databaseOnOwnServer(18, BUSY)
  try {
    const look = async () => {
      forgetReads()
      const found = await deadRows.look(db.target)
      if (!found.ok) throw new Error(found.problem.message)
      return found.value.map(({ evidence }) => evidence)
    }
    for (const table of ['first', 'second']) await db.client.query(`create table ${table} as select generate_series(1, 30000) as id`)
    await db.client.query('delete from first where id <= 20000')
    const busy = async () => (await db.client.query('select relid::regclass::text as of from pg_stat_progress_vacuum')).rows[0]?.of
    await expect.poll(busy, { timeout: 60_000 }).toBe('first')
    await db.client.query('delete from second where id <= 20000')
    await expect.poll(look, { timeout: 60_000 }).toEqual([expect.stringContaining('The one autovacuum worker is busy')])
    // 1 for each 100 ms is half a page a second, as a dirty one costs 20
    expect((await look())[0]).toContain('at most 4 kB a second')
  } finally {
    await db.drop()
  }
})

describe.each(MAJORS)('dead rows on PostgreSQL %i', (major) => {
  it('want VACUUM, until it ran', () =>
    checked(major, deadRows, async ({ offend, one, none, fix, connect }) => {
      await offend(...FILL)
      const worker = await connect()
      await worker.query(DIE)
      await counted(worker, 20_000)
      expect(await one()).toMatchObject({ kind: 'relation', relname: 'the course', fix: { command: 'vacuum-table' }, severity: 'warn' })
      expect((await one()).evidence).toContain('Autovacuum is off for it.')
      await offend('alter table "the course" reset (autovacuum_enabled)', 'analyze "the course"')
      expect((await one()).evidence).toContain("autovacuum's threshold is 2,050")
      await worker.query('begin; lock table "the course" in share mode')
      const { rows } = await worker.query('select pg_backend_pid() as pid')
      expect((await one()).evidence).toContain(`pid ${rows[0].pid} holds a ShareLock on it`)
      await worker.query('commit')
      await fix()
      await expect.poll(() => none().then(() => 'none', String), { timeout: 20_000 }).toBe('none')
    }))

  it('want none while a snapshot holds them; the finding says whose, and what VACUUM then removes proves it', () =>
    checked(major, deadRows, async ({ offend, one, fix, connect }) => {
      await offend(...FILL)
      const holder = await connect()
      const { rows } = await holder.query('select pg_backend_pid() as pid')
      await holder.query('begin isolation level repeatable read; select 1')
      const worker = await connect()
      await worker.query(DIE)
      await counted(worker, 20_000)
      await expect.poll(async () => (await one()).fix, { timeout: 20_000 }).toBeNull()
      expect(await one()).toMatchObject({
        title: expect.stringContaining(`keeps dead rows for pid ${rows[0].pid} (`),
        evidence: expect.stringContaining('VACUUM cannot remove'),
        sql: null,
      })
      await worker.query('vacuum "the course"')
      await counted(worker, 20_000)
      expect((await one()).evidence).toMatch(/20,000 dead rows/)
      await holder.query('commit')
      await expect.poll(async () => (await one()).fix, { timeout: 20_000 }).toMatchObject({ command: 'vacuum-table' })
      await fix()
    }))

  it('are held by a prepared transaction and by a slot too, but not by a session of another database', async () => {
    const db = await databaseOnOwnServer(major)
    try {
      const look = async () => {
        forgetReads()
        const found = await deadRows.look(db.target)
        if (!found.ok) throw new Error(found.problem.message)
        return found.value.map(({ title, fix }) => (fix ? 'vacuum' : title))
      }
      for (const sql of FILL) await db.client.query(sql)
      await db.client.query('create database elsewhere')
      const elsewhere = new URL(db.url)
      elsewhere.pathname = '/elsewhere'
      const other = new Client({ connectionString: elsewhere.href })
      await other.connect()
      await other.query('begin isolation level repeatable read; select txid_current()')
      await db.client.query(DIE)
      await counted(db.client, 20_000)
      await expect.poll(look, { timeout: 20_000 }).toEqual(['vacuum'])
      await db.client.query(`begin; insert into "the course" values (0); prepare transaction 'left'`)
      await db.client.query('update "the course" set id = -1 where id = 30000')
      await expect.poll(look).toEqual([expect.stringMatching(/for prepared transaction left of postgres, for \d+ s$/)])
      await db.client.query(`rollback prepared 'left'`)
      await expect.poll(look).toEqual(['vacuum'])
      await other.end()
    } finally {
      await db.drop()
    }
  })
})
