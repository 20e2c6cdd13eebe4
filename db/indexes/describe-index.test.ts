import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { describeIndex } from './describe-index'

describe.each(MAJORS)('one index with its evidence on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const found = async (name: string) => {
    const { rows } = await db.client.query('select $1::regclass::oid::int8::int as oid', [`"${name}"`])
    const described = await describeIndex(db.target, rows[0].oid, [])
    if (!described.ok) throw new Error(described.problem.message)
    return described.value
  }
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`
      create table u (id int primary key);
      create table t (id int primary key, a int, b int, u_id int references u (id), unique (b));
      insert into u select generate_series(1, 100);
      insert into t select g, g, g, 1 from generate_series(1, 1000) g;
      create index copy_a on t (a);
      create index copy_b on t (a);
      create index serves on t (u_id);
      create unique index alone on t (a, b);
      analyze`)
  })
  afterAll(() => db.drop())

  it('offers a drop where one of two is enough, and how to undo it', async () => {
    const { finding, dropSql, dropGuard, undoSql, estimate } = await found('copy_b')
    expect(finding).toMatchObject({ verdict: 'redundant', redundantWith: { indexrelname: 'alone' } })
    expect(dropGuard).toBeNull()
    expect(dropSql).toBe('DROP INDEX CONCURRENTLY public.copy_b;')
    await db.client.query(dropSql as string)
    await db.client.query(undoSql as string)
    expect(undoSql).toBe('CREATE INDEX CONCURRENTLY copy_b ON public.t USING btree (a);')
    expect(estimate?.bytes).toBeGreaterThan(0)
  })

  it('guards what enforces or serves something, and says what', async () => {
    expect(await found('t_pkey')).toMatchObject({ dropSql: null, dropGuard: 'Drop is guarded: it backs constraint t_pkey.' })
    expect(await found('u_pkey')).toMatchObject({ dropSql: null, dropGuard: 'Drop is guarded: it backs constraint u_pkey.' })
    expect(await found('alone')).toMatchObject({ dropSql: null, dropGuard: 'Drop is guarded: it enforces uniqueness.' })
    expect(await found('serves')).toMatchObject({ dropSql: null, dropGuard: 'Drop is guarded: it serves foreign key t_u_id_fkey.' })
    const served = [{ conname: 't_u_id_fkey', referenced: 'public.u', on_delete: 'no action' }]
    expect((await found('serves')).detail.foreign_keys).toEqual(served)
    expect((await found('copy_a')).detail.foreign_keys).toEqual([])
  })

  it('an index that is gone is a conflict', async () => {
    expect(await describeIndex(db.target, 1, [])).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  })
})
