import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { refusedProposals } from '../../test/support/try-proposals'
import type { Finding } from '../checks/define-check'
import { MAJORS } from '../embedded/binaries'
import type { Result } from '../server/problem'
import { forgetReads } from '../server/run-read'
import type { Target } from '../server/target'
import { indexInvalid } from './checks/index-invalid'
import { indexLeftover } from './checks/index-leftover'
import { indexHealth } from './index-health'
import { invalidIndex } from './invalid-index'

describe('an invalid index on a standby', () => {
  it('is told, and nothing is proposed: who is at work on it is seen on the primary', () => {
    const state = { indexrelid: 1, indisready: true, indislive: true, conname: null, indisreplident: false, toast_of: null, bytes: 0 }
    const idle = { building: null, dropping: null, hidden: null, twin: null, copied_from: null, version: 180_004 }
    const index = { schemaname: 'public', indexrelname: 't_a_ccnew', exclusion: false }
    expect(invalidIndex(index, { ...state, ...idle, in_recovery: false })).toMatchObject({ action: 'drop' })
    expect(invalidIndex(index, { ...state, ...idle, in_recovery: true })).toMatchObject({ action: null, sql: null })
  })
})

describe.each(MAJORS)('invalid indexes on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeEach(async () => {
    db = await testDatabase(major)
  })
  afterEach(() => db.drop())

  const orThrow = <T>(result: Result<T>): T => {
    if (!result.ok) throw new Error(result.problem.message)
    return result.value
  }
  const look = async (target: Target = db.target): Promise<{ leftover: Finding[]; invalid: Finding[] }> => {
    forgetReads()
    return { leftover: orThrow(await indexLeftover.look(target)), invalid: orThrow(await indexInvalid.look(target)) }
  }
  const verdicts = async (): Promise<Record<string, string>> => {
    forgetReads()
    const { findings } = orThrow(await indexHealth(db.target, []))
    return Object.fromEntries(findings.map(({ indexrelname, verdict }) => [indexrelname, verdict]))
  }
  const allValid = async (): Promise<boolean> => {
    const { rows } = await db.client.query('select bool_and(indisvalid and indisready and indislive) as valid from pg_index')
    return rows[0].valid
  }
  /** Runs what is shown, each statement by itself. */
  const follow = async ({ sql }: Finding | undefined = {} as never): Promise<void> => {
    for (const statement of (sql ?? 'no sql').split('\n')) await db.client.query(statement)
  }

  it('finishes a drop that was cut off', async () => {
    await db.client.query('create table t (id int primary key, v int); create index t_v on t (v)')
    await db.client.query(
      `update pg_index set indislive = false, indisready = false, indisvalid = false where indexrelid = 't_v'::regclass`,
    )
    expect(await refusedProposals(db)).toEqual([])
    const { leftover, invalid } = await look()
    expect(invalid).toEqual([])
    expect(leftover).toMatchObject([
      { relname: 't_v', sql: 'DROP INDEX CONCURRENTLY public.t_v;', fix: { command: 'drop-leftover-index' } },
    ])
    await follow(leftover[0])
    expect(await verdicts()).toEqual({ t_pkey: 'constraint' })
  })

  it("drops a repack tool's copy and an invalid equal of a valid index, and rebuilds the only one", async () => {
    await db.client.query(`
      create table t (a int, b text collate "C", c int4range);
      create index t_a on t (a); create index "index_1" on t (a desc);
      create index t_ab on t (lower(b), a) where b > 'x'; create index tmp_new on t (lower(b), a)  where (b > 'x');
      create unique index t_u on t (a, b); create index t_not_unique on t (a, b);
      create index only_one on t (b); create index only_two on t (b);
      create index g on t using gist (c); create index g2 on t using gist (c)`)
    await db.client.query(`do $$ begin execute format('alter index index_1 rename to index_%s', 't_a'::regclass::oid); end $$`)
    const { rows } = await db.client.query(`select relname from pg_class where relname like 'index\\_%'`)
    await db.client.query(`update pg_index set indisvalid = false where indexrelid = any (array[
      '${rows[0].relname}', 'tmp_new', 't_u', 'only_one', 'only_two', 'g2']::regclass[])`)
    expect(await refusedProposals(db)).toEqual([])
    const { leftover, invalid } = await look()
    expect(leftover.map((one) => one.kind === 'relation' && one.relname).sort()).toEqual(
      ['g2', rows[0].relname, 'only_two', 'tmp_new'].sort(),
    )
    // t_not_unique does not do the work of t_u.
    expect(invalid.map(({ sql, fix }) => [sql, fix?.command]).sort()).toEqual([
      ['REINDEX INDEX CONCURRENTLY public.only_one;', 'reindex-index'],
      ['REINDEX INDEX CONCURRENTLY public.t_u;', 'reindex-index'],
    ])
    for (const finding of [...leftover, ...invalid]) await follow(finding)
    expect(await allValid()).toBe(true)
    expect(await look()).toEqual({ leftover: [], invalid: [] })
  })

  it('finds what REINDEX TABLE CONCURRENTLY left on a table and its TOAST, and an invalid index of the catalog', async () => {
    await db.client.query(
      `create schema "S x"; create table "S x".doc (id int primary key, body text); insert into "S x".doc values (1, 'x')`,
    )
    const holder = await db.connect()
    await holder.query('begin isolation level repeatable read; select 1 from "S x".doc')
    await db.client.query("set lock_timeout = '100ms'")
    await expect(db.client.query('reindex table concurrently "S x".doc')).rejects.toThrow(/lock timeout/)
    await holder.query('rollback')
    await db.client.query(`set lock_timeout = 0; update pg_index set indisvalid = false where indexrelid = 'pg_cast_oid_index'::regclass`)
    await expect.poll(async () => (await look()).leftover).toHaveLength(2) // the failed session takes its progress back a moment later
    expect(await refusedProposals(db)).toEqual([])
    const { leftover, invalid } = await look()
    const toast = leftover.find((one) => one.kind === 'relation' && one.schemaname === 'pg_toast')
    expect(toast).toMatchObject({
      relname: expect.stringMatching(/^pg_toast_\d+_index_ccnew$/),
      evidence: expect.stringContaining('It is on the TOAST table of "S x".doc'),
    })
    expect(invalid).toMatchObject([{ relname: 'pg_cast_oid_index', sql: 'REINDEX INDEX pg_catalog.pg_cast_oid_index;' }])
    for (const finding of [...leftover, ...invalid]) await follow(finding)
    expect(await allValid()).toBe(true)
  })

  it('proposes nothing for an index of TOAST itself, which PostgreSQL does not rebuild', async () => {
    await db.client.query('create table doc (body text)')
    await db.client.query(
      `update pg_index set indisvalid = false where indrelid = (select reltoastrelid from pg_class where oid = 'doc'::regclass)`,
    )
    const { leftover, invalid } = await look()
    expect(leftover).toEqual([])
    expect(invalid).toMatchObject([{ sql: null, fix: null, evidence: expect.stringContaining('public.doc') }])
  })

  it('tells by the index itself that it is being built or dropped, and the invalid one beside it', async () => {
    await db.client.query('create table t (a int, b int); insert into t values (1, 1), (1, 2); create index t_b on t (b)')
    await expect(db.client.query('create unique index concurrently broken on t (a)')).rejects.toThrow(/duplicated|unique/)
    const holder = await db.connect()
    const builder = await db.connect()
    await holder.query('begin; lock table t in row exclusive mode')
    const built = builder.query('create index concurrently growing on t (a, b)')
    await expect.poll(verdicts).toMatchObject({ broken: 'invalid', growing: 'healthy' })
    await holder.query('commit')
    await built
    await holder.query('begin; lock table t in row exclusive mode')
    const dropped = builder.query('drop index concurrently t_b')
    const { findings } = await expect
      .poll(async () => {
        forgetReads()
        return orThrow(await indexHealth(db.target, []))
      })
      .toMatchObject({
        findings: expect.arrayContaining([
          expect.objectContaining({ indexrelname: 't_b', rule: expect.stringMatching(/^Healthy: pid \d+ is dropping/) }),
        ]),
      })
      .then(async () => orThrow(await indexHealth(db.target, [])))
    expect(findings.find(({ indexrelname }) => indexrelname === 'broken')?.verdict).toBe('invalid')
    await holder.query('commit')
    await dropped
    expect((await look()).invalid).toMatchObject([{ relname: 'broken' }])
  })

  it('withholds what is to be done while a build is hidden from a role, which could be of this index', async () => {
    const role = `shy_${db.target.database}`
    await db.client.query(`create role ${role} login password 'x'; create table t (a int); insert into t values (1), (1)`)
    await expect(db.client.query('create unique index concurrently broken on t (a)')).rejects.toThrow(/duplicated|unique/)
    const holder = await db.connect()
    const builder = await db.connect()
    await holder.query('begin; lock table t in row exclusive mode')
    const built = builder.query('create index concurrently growing on t (a)')
    await expect.poll(verdicts).toMatchObject({ broken: 'invalid', growing: 'healthy' })
    const { invalid, leftover } = await look(db.as(role, 'x'))
    expect(leftover).toEqual([])
    expect(invalid).toMatchObject([
      { sql: null, evidence: expect.stringContaining('pg_read_all_stats') },
      { sql: null, evidence: expect.stringContaining('pg_read_all_stats') },
    ])
    await holder.query('commit')
    await built
    await db.client.query(`drop role ${role}`)
  })
})
