import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import { planForTest } from '../../../test/support/test-command'
import { testDatabase } from '../../../test/support/test-database'
import { createIndex } from '../../commands/create-index/command'
import { listed } from '../../commands/registry'
import { MAJORS } from '../../embedded/binaries'
import { forgetReads } from '../../server/run-read'
import { foreignKeyWithoutIndex } from './foreign-key-without-index'

describe.each(MAJORS)('foreign-key-without-index on PostgreSQL %i', (major) => {
  it('finds the key whose columns no index serves, until there is one', () =>
    checked(major, foreignKeyWithoutIndex, async ({ offend, fix, one, none }) => {
      await offend(
        'create table parent (id int primary key)',
        'create table "the child" (id int primary key, p int constraint child_p references parent on delete cascade, q int references parent)',
        'create index child_q on "the child" (q) where q is not null',
        'create index "the child_p_idx" on "the child" (p) where id > 5',
      )
      expect(await one()).toMatchObject({
        title: 'Foreign key child_p of public."the child" has no index',
        sql: 'CREATE INDEX CONCURRENTLY "the child_p_idx1" ON public."the child" (p);',
        fix: { command: 'create-index', input: { definition: 'CREATE INDEX CONCURRENTLY "the child_p_idx1" ON public."the child" (p)' } },
        severity: 'info',
      })
      await fix()
      await none()
    }))

  it('asks for one index on a partitioned table, and none for its partitions', () =>
    checked(major, foreignKeyWithoutIndex, async ({ offend, fix, one, none }) => {
      await offend(
        'create table parent (id int primary key)',
        'create table part (id int, p int references parent) partition by range (id)',
        'create table part_1 partition of part for values from (0) to (10)',
      )
      expect(await one()).toMatchObject({ relname: 'part', sql: 'CREATE INDEX part_p_idx ON public.part (p);' })
      await fix()
      await none()
    }))

  it('offers to build it on one partition after another, beside writes', async () => {
    const db = await testDatabase(major)
    await db.client.query(`
      create table parent (id int primary key); create table part (id int, p int references parent) partition by range (id);
      create table part_1 partition of part for values from (0) to (10); create table part_2 partition of part for values from (10) to (20)`)
    const found = async () => {
      forgetReads()
      const looked = await foreignKeyWithoutIndex.look(db.target)
      if (!looked.ok) throw new Error(looked.problem.message)
      return looked.value
    }
    const [finding] = await found()
    const planned = await planForTest(db.target, listed(createIndex), finding?.fix?.input)
    if (!planned.ok) throw new Error(planned.problem.message)
    const { locks, parts, statements } = planned.value.plan
    expect(parts).toEqual(['part_1_p_idx', 'part_2_p_idx'])
    expect(locks.map(({ mode }) => mode)).not.toContain('AccessExclusiveLock')
    for (const statement of statements) await db.client.query(statement)
    expect(await found()).toEqual([])
    await db.drop()
  })

  it('proposes a name that PostgreSQL does not cut', () =>
    checked(major, foreignKeyWithoutIndex, async ({ offend, fix, one, none }) => {
      const long = 'ä'.repeat(31)
      await offend('create table parent (id int primary key)', `create table "${long}" (p int references parent)`)
      expect((await one()).sql).toContain(`"${'ä'.repeat(29)}_idx"`)
      await fix()
      await none()
    }))

  it('proposes what the check can use: cast, collation and operator class where the defaults would not serve', async () => {
    const db = await testDatabase(major)
    const look = async () => {
      forgetReads()
      const found = await foreignKeyWithoutIndex.look(db.target)
      if (!found.ok) throw new Error(found.problem.message)
      return found.value
    }
    await db.client.query(`
      create extension citext; create domain whole as int; create type mood as enum ('good'); create schema "S x";
      create collation "S x"."no case" (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      create table p_num (k numeric primary key); create table p_text (k text primary key); create table p_mood (k mood primary key);
      create table p_int (k int primary key); create table p_array (k int[] primary key); create table p_citext (k citext primary key);
      create table p_pattern (k text); create unique index p_pattern_k on p_pattern (k text_pattern_ops);
      create table p_case (k text collate "S x"."no case" primary key);
      create table c (n int references p_num, v varchar(9) references p_text, b char(3) references p_text, m mood references p_mood, w whole references p_int,
        a int[] references p_array, i citext references p_citext, x citext references p_text, y text references p_pattern (k),
        z text collate ${major < 18 ? '"C"' : '"S x"."no case"'} references p_case)`)
    const findings = await look()
    const sql = findings.map((finding) => finding.sql ?? '')
    expect(sql).toHaveLength(10)
    expect(sql).toContain('CREATE INDEX CONCURRENTLY c_n_idx ON public.c (((n)::numeric));')
    expect(sql).toContain('CREATE INDEX CONCURRENTLY c_b_idx ON public.c (((b)::text));')
    expect(sql).toContain('CREATE INDEX CONCURRENTLY c_x_idx ON public.c (x text_ops);')
    expect(sql).toContain(`CREATE INDEX CONCURRENTLY c_z_idx ON public.c (z${major < 18 ? ' COLLATE "S x"."no case"' : ''});`)
    for (const statement of sql) await db.client.query(statement)
    expect(await look()).toEqual([])
    await db.drop()
  })

  it('proposes one index for keys on the same columns, and different names for all', () =>
    checked(major, foreignKeyWithoutIndex, async ({ offend, fix, one, none }) => {
      await offend(
        'create table parent (id int primary key); create table other (id int primary key); create view child_p_idx as select 1',
        'create table child (p int constraint a references parent constraint b references other)',
      )
      expect(await one()).toMatchObject({
        title: 'Foreign keys a, b of public.child have no index',
        sql: 'CREATE INDEX CONCURRENTLY child_p_idx1 ON public.child (p);',
      })
      await fix()
      await none()
    }))

  it('asks for an index on the one partition that lacks it, and says when it costs nothing', () =>
    checked(major, foreignKeyWithoutIndex, async ({ offend, fix, one, none }) => {
      await offend(
        'create table parent (id int primary key); insert into parent values (1), (2)',
        'create table part (id int, p int references parent) partition by range (id)',
        'create table part_1 partition of part for values from (0) to (10); create table part_2 partition of part for values from (10) to (20)',
        'create index part_1_p on part_1 (p)',
      )
      const { sql, evidence, severity } = await one()
      expect(sql).toBe('CREATE INDEX CONCURRENTLY part_2_p_idx ON public.part_2 (p);')
      expect(evidence).toMatch(/Seq Scan of [^.]*public\.part_2/)
      expect(evidence).toContain('Without deletes and key changes there it costs nothing.')
      expect(severity).toBe('info')
      await fix()
      await none()
    }))

  it('warns of a large table whose referenced rows are deleted', () =>
    checked(major, foreignKeyWithoutIndex, async ({ offend, one }) => {
      await offend(
        'create table parent (id int primary key); insert into parent values (1), (2)',
        'create table child (p int references parent, filler text)',
        "insert into child select 1, repeat('x', 1000) from generate_series(1, 12000)",
        'create table never (id int primary key); insert into never values (1)',
      )
      expect((await one()).severity).toBe('info')
      await offend('delete from parent where id = 2')
      // An idle session reports what it did with its next statement, at the latest.
      await expect
        .poll(async () => {
          await offend('select 1')
          return (await one()).severity
        })
        .toBe('warn')
    }))
})

describe('foreign-key-without-index on PostgreSQL 18', () => {
  it('knows keys with PERIOD, and none that are not enforced', () =>
    checked(18, foreignKeyWithoutIndex, async ({ offend, fix, one, none }) => {
      await offend(
        'create extension btree_gist; create table room (id int, during int4range, primary key (id, during without overlaps))',
        'create table stay (id int, during int4range, constraint stay_room foreign key (id, period during) references room (id, period during))',
        'create table q (k int primary key); create table loose (k int references q not enforced)',
      )
      expect((await one()).sql).toBe('CREATE INDEX CONCURRENTLY stay_id_during_idx ON public.stay USING gist (id, during);')
      await fix()
      await none()
      await offend('drop index stay_id_during_idx', 'create index stay_id on stay (id)')
      await none()
    }))
})
