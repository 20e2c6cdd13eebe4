import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../test/support/own-server'
import type { TestDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { runRead } from '../server/run-read'
import { type Trigger, triggersOf } from './autovacuum-triggers'
import { autovacuumFormula } from './reads/autovacuum-formula'

/** The same row changed so often leaves as many dead ones; a statement each, in one transaction. */
const times = (count: number, statement: string) => `do $$ begin for turn in 1..${count} loop ${statement}; end loop; end $$`

describe.each(MAJORS)('what brings autovacuum of PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await databaseOnOwnServer(major, { autovacuum_naptime: '1s', autovacuum_vacuum_insert_threshold: '1000000' })
    const quiet = 'autovacuum_analyze_threshold = 1000000'
    await db.client.query(`
      create table by_dead (id int, n int) with (autovacuum_vacuum_threshold = 40, autovacuum_vacuum_scale_factor = 0.1, ${quiet});
      create table by_inserts (n int) with (autovacuum_vacuum_insert_threshold = 70, autovacuum_vacuum_insert_scale_factor = 0.05, ${quiet});
      create table by_changes (id int, n int) with (autovacuum_analyze_threshold = 30, autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000000);
      create table passed_1 (n int) with (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0, ${quiet});
      create table passed_2 (like passed_1) with (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0, ${quiet});
      create table off (id int, n int) with (autovacuum_enabled = off, autovacuum_vacuum_threshold = 5);
      insert into by_dead select n, 0 from generate_series(1, 1000) n;
      insert into by_inserts select generate_series(1, 1000);
      insert into by_changes select n, 0 from generate_series(1, 1000) n;
      insert into off select n, 0 from generate_series(1, 100) n;
      insert into passed_1 values (1); insert into passed_2 values (1)`)
    for (const name of ['by_dead', 'by_inserts', 'by_changes', 'off']) await db.client.query(`vacuum (freeze, analyze) ${name}`)
  })
  afterAll(() => db.drop())

  const formulaOf = async (name: string) => {
    const { rows } = await db.client.query('select $1::regclass::oid as relid', [name])
    const read = await runRead(db.target, { ...autovacuumFormula, keep: 0 }, { relid: rows[0].relid })
    if (!read.ok) throw new Error(read.problem.message)
    return triggersOf(read.value)
  }
  const trigger = async (name: string, kind: Trigger['kind']) => {
    const found = (await formulaOf(name)).find((one) => one.kind === kind)
    if (!found) throw new Error(`no ${kind}`)
    return found
  }
  /** A session that ends reports what it has counted. */
  const change = async (sql: string) => {
    const session = await db.connect()
    await session.query(sql)
    await session.end()
  }
  const runsOf = async (name: string) => {
    const { rows } = await db.client.query(
      'select autovacuum_count::int as vacuums, autoanalyze_count::int as analyzes from pg_stat_user_tables where relname = $1',
      [name],
    )
    return rows[0] as { vacuums: number; analyzes: number }
  }
  /** Autovacuum has looked at all tables of the database since: it has taken one that was due the whole time. */
  const passes = async (sentinel: string) => {
    const before = (await runsOf(sentinel)).vacuums
    await change(times(3, `update ${sentinel} set n = n + 1`))
    await expect.poll(async () => (await runsOf(sentinel)).vacuums).toBeGreaterThan(before)
  }

  it.each([
    // Deleted rows: a page that is read again forgets the versions of an updated one (heap_page_prune_opt).
    ['by_dead', 'dead', 140, 'delete from by_dead where id = (select min(id) from by_dead)', 'vacuums'],
    ['by_inserts', 'inserts', major < 18 ? 120 : 70, 'insert into by_inserts values (1)', 'vacuums'],
    ['by_changes', 'analyze', 80, 'update by_changes set n = n + 1 where id = 1', 'analyzes'],
  ] as const)('of %s is due above its threshold, and not at it', async (name, kind, at, statement, counted) => {
    const before = (await runsOf(name))[counted]
    await change(times(at, statement))
    await expect.poll(async () => (await trigger(name, kind)).now).toBe(at)
    expect(await trigger(name, kind)).toMatchObject({ at, due: false })
    for (const sentinel of ['passed_1', 'passed_2']) await passes(sentinel)
    expect((await runsOf(name))[counted]).toBe(before)
    await change(statement)
    await expect.poll(async () => (await runsOf(name))[counted]).toBe(before + 1)
    expect((await trigger(name, kind)).now).toBe(0)
  })

  it('leaves a table out that is switched off, however many dead rows it has', async () => {
    await change(times(50, 'update off set n = n + 1 where id = 1'))
    await expect.poll(async () => (await trigger('off', 'dead')).now).toBe(50)
    for (const sentinel of ['passed_1', 'passed_2']) await passes(sentinel)
    expect(await trigger('off', 'dead')).toMatchObject({ at: 25, due: false, own: ['autovacuum_vacuum_threshold'] })
    expect((await runsOf('off')).vacuums).toBe(0)
  })

  const from18 = major >= 18 ? it : null
  from18?.('is capped by autovacuum_vacuum_max_threshold', async () => {
    await db.client.query('alter table by_dead set (autovacuum_vacuum_max_threshold = 60)')
    expect(await trigger('by_dead', 'dead')).toMatchObject({ at: 60, formula: { threshold: 40, scale: 0.1, cap: 60 } })
    const before = (await runsOf('by_dead')).vacuums
    const statement = 'delete from by_dead where id = (select min(id) from by_dead)'
    await change(times(60, statement))
    await expect.poll(async () => (await trigger('by_dead', 'dead')).now).toBe(60)
    for (const sentinel of ['passed_1', 'passed_2']) await passes(sentinel)
    expect((await runsOf('by_dead')).vacuums).toBe(before)
    await change(statement)
    await expect.poll(async () => (await runsOf('by_dead')).vacuums).toBe(before + 1)
  })
})
