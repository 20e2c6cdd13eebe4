import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { parseSql } from '../../server/parse-sql'
import { dropIndex } from './command'

describe.each(MAJORS)('drop-index on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())
  const { planned, refused, send, query, oidOf } = commandTest(() => db, dropIndex)

  /** All that a drop and its undo may not change. */
  const described = (table: string) =>
    query(
      `select json_agg(json_build_array(c.relname, pg_get_indexdef(c.oid), obj_description(c.oid, 'pg_class'), i.indisclustered, i.indisvalid,
              c.reloptions, (select spcname from pg_tablespace where oid = c.reltablespace),
              (select json_agg(json_build_array(attnum, attstattarget) order by attnum) from pg_attribute where attrelid = c.oid),
              (select inhparent::regclass::text from pg_inherits where inhrelid = c.oid)) order by c.relname)
         from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname ~ ('^' || $1)`,
      [table],
    )
  const undone = async (undo: string | null) => {
    const parsed = await parseSql(undo ?? '')
    if (!parsed.ok) throw new Error(parsed.problem.message)
    await send(parsed.value.map(({ text }) => text))
  }

  it('drops an index, and its undo brings it back as it was', async () => {
    const quiet = major >= 15 ? 'nulls not distinct' : ''
    await db.client.query(`
      create table whole (id int, note text, at date);
      create unique index "whole ""x; WHERE" on whole (lower(note) collate "C" text_pattern_ops desc, (id + 1)) include (at) ${quiet}
        with (fillfactor = 70) where note <> ' WHERE it''s' and id > 0;
      alter index "whole ""x; WHERE" alter column 2 set statistics 321;
      comment on index "whole ""x; WHERE" is 'it''s \\ ; drop table whole; --';
      create index whole_clustered on whole (id); alter table whole cluster on whole_clustered`)
    await db.client.query('create extension if not exists btree_gist')
    await db.client.query('alter index whole_clustered depends on extension btree_gist')
    const before = await described('whole')
    for (const name of ['"whole ""x; WHERE"', 'whole_clustered']) {
      const { plan, preflight } = await planned({ oid: await oidOf(name) })
      expect(plan.statements.at(-1)).toBe(`DROP INDEX CONCURRENTLY public.${name}`)
      expect(plan).toMatchObject({ alwaysTyped: true, locks: [{ mode: 'ShareUpdateExclusiveLock' }] })
      expect(preflight.filter(({ status }) => status === 'stop')).toEqual([])
      await send(plan.statements)
      expect(await query('select to_regclass($1)', [name])).toBeNull()
      await undone(plan.undo)
    }
    expect(await described('whole')).toEqual(before)
    const depends = `select count(*)::int from pg_depend where objid = 'whole_clustered'::regclass and deptype = 'x'`
    expect(await query(depends)).toBe(1)
  })

  it('takes a partitioned index in its plain form, and brings every part back by name', async () => {
    await db.client.query(`
      create table parted (id int) partition by range (id);
      create table parted_1 partition of parted for values from (0) to (10) partition by range (id);
      create table parted_1a partition of parted_1 for values from (0) to (5);
      create table parted_2 partition of parted for values from (10) to (20);
      create index parted_id on parted (id) with (fillfactor = 80);
      alter index parted_2_id_idx rename to "parted_2 OdD";
      comment on index "parted_2 OdD" is 'mine'`)
    const before = await described('parted')
    const oid = await oidOf('parted_id')
    expect((await refused({ oid })).message).toMatch(/plain form/)
    expect((await refused({ oid: await oidOf('parted_1a_id_idx') })).message).toMatch(/attached/)
    const { plan, line } = await planned({ oid, concurrently: false })
    expect(plan).toMatchObject({
      statements: expect.arrayContaining(['DROP INDEX public.parted_id']),
      locks: [{ mode: 'AccessExclusiveLock' }],
    })
    expect(line('lock-user')?.status).toBe('pass')
    await send(plan.statements)
    expect(await described('parted')).toBeNull()
    await undone(plan.undo)
    expect(await described('parted')).toEqual(before)
  })

  it('keeps tablespaces', async () => {
    const folder = await query<string>(`select current_setting('data_directory')`)
    const name = `space_${db.target.database}`
    await db.client.query(`set allow_in_place_tablespaces = on`).catch(() => undefined)
    if (major === 14) return expect(folder).toBeTruthy() // in-place tablespaces came with 15
    await db.client.query(`create tablespace ${name} location ''`)
    await db.client.query(`create table spaced (id int); create index spaced_id on spaced (id) tablespace ${name} where id > 1`)
    const before = await described('spaced')
    const { plan } = await planned({ oid: await oidOf('spaced_id') })
    expect(plan.undo).toContain(`TABLESPACE ${name} WHERE`)
    await send(plan.statements)
    await undone(plan.undo)
    expect(await described('spaced')).toEqual(before)
    await db.client.query(`drop table spaced; `)
    await db.client.query(`drop tablespace ${name}`)
  })

  it('refuses what holds something up, in words', async () => {
    await db.client.query(`
      create table held (id int primary key, code int not null, spot int unique, r int4range, exclude using gist (r with &&));
      create unique index held_code on held (code); alter table held replica identity using index held_code;
      create unique index held_target on held (id, code);
      create table pointing (id int, code int, foreign key (id, code) references held (id, code))`)
    const why = async (index: string) => refused({ oid: await oidOf(index) })
    expect(await why('held_pkey')).toMatchObject({ kind: 'conflict', message: expect.stringContaining('backs the constraint held_pkey') })
    expect((await why('held_spot_key')).message).toContain('backs the constraint')
    expect((await why('held_r_excl')).message).toContain('backs the constraint')
    expect((await why('held_code')).message).toContain('replica identity')
    expect((await why('held_target')).message).toMatch(/foreign key pointing_id_code_fkey of public.pointing refers/)
    expect((await why('pg_class_oid_index')).message).toContain('catalog')
    expect((await refused({ oid: await oidOf('held') })).message).toContain('no index with OID')
    await db.client.query('create temp table scratch (id int); create index scratch_id on scratch (id)')
    expect((await why('scratch_id')).message).toContain('temporary')
  })

  it('asks for knowledge where a foreign key loses its only index', async () => {
    await db.client.query(`
      create table parent (id int primary key);
      create table child (id int, parent int constraint child_of references parent on delete cascade);
      create index child_parent on child (parent)`)
    const oid = await oidOf('child_parent')
    expect((await planned({ oid })).preflight[0]).toMatchObject({
      name: 'foreign-key',
      status: 'stop',
      title: expect.stringContaining('child_of'),
    })
    expect((await planned({ oid, knowing: true })).line('foreign-key')).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining('DELETE'),
    })
    await db.client.query('create index child_other on child (id, parent)')
    expect((await planned({ oid })).line('foreign-key')).toBeDefined()
    await db.client.query('create index child_wide on child (parent, id)')
    expect((await planned({ oid })).line('foreign-key')).toBeUndefined()
  })

  it('shows the evidence: scans and their window, the partner, uniqueness, the expression', async () => {
    await db.client.query(`
      create table shown (id int, note text); insert into shown select i, i from generate_series(1, 5000) i;
      create index shown_id on shown (id); create index shown_id_note on shown (id, note);
      create unique index shown_lower on shown (lower(note)); analyze shown`)
    const oid = await oidOf('shown_id')
    const before = await planned({ oid })
    expect(before.line('scans')).toMatchObject({ status: 'warn', title: 'No scan, but its age is not known' })
    expect(before.line('redundant')?.detail).toBe('public.shown_id_note begins with its columns and serves the same queries.')
    const unique = await planned({ oid: await oidOf('shown_lower') })
    expect(unique.line('unique')?.status).toBe('warn')
    expect(unique.line('expression')?.status).toBe('warn')
    expect(unique.line('redundant')?.title).toBe('No other index does the same')
    const reader = await db.connect()
    await reader.query('set enable_seqscan = off; set enable_bitmapscan = off; drop index shown_id_note')
    await reader.query('select * from shown where id = 5')
    await reader.end()
    await expect
      .poll(async () => (await planned({ oid })).line('scans'))
      .toMatchObject({
        status: 'warn',
        title: 'Queries use it',
        detail: expect.stringMatching(/^1 scan in/),
      })
  })

  it('tells what counts on it, and commands that need it', async () => {
    await db.client.query(`
      create table counted (a int, b int); create index counted_a on counted (a); create index counted_a_again on counted (a);
      create index counted_b on counted (b); create index counted_ba on counted (b desc, a); create index counted_ab on counted (b, a desc);
      cluster counted using counted_b; create materialized view seen as select id from shown;
      create unique index seen_id on seen (id); create unique index seen_some on seen (id) where id > 5`)
    const of = async (name: string) => planned({ oid: await oidOf(name) })
    expect((await of('counted_a')).line('redundant')).toMatchObject({
      status: 'warn',
      title: 'It stands in for another index',
      detail: expect.stringContaining('public.counted_a_again (0 scans)'),
    })
    expect((await of('counted_a_again')).line('redundant')?.detail).toBe('public.counted_a repeats it, key for key.')
    expect((await of('counted_b')).line('redundant')).toMatchObject({ status: 'warn', detail: expect.stringContaining('CLUSTER mark') })
    expect((await of('counted_b')).line('commands')?.title).toMatch(/CLUSTER/)
    expect((await of('seen_id')).line('commands')?.title).toMatch(/^REFRESH/)
    expect((await of('seen_some')).line('commands')).toBeUndefined()
    await db.client.query('create unique index seen_again on seen (id)')
    expect((await of('seen_id')).line('commands')).toBeUndefined()
  })

  it('refuses while a lock hides the definition, and says whose', async () => {
    await db.client.query('create table hidden (id int); create index hidden_id on hidden (id)')
    const session = await db.connect()
    await session.query('begin; lock table hidden')
    expect(await refused({ oid: await oidOf('hidden_id') })).toMatchObject({
      kind: 'lock_not_available',
      message: expect.stringMatching(/pid \d+/),
    })
    await session.query('rollback')
  })

  it('names who uses the table, for the plain form', async () => {
    await db.client.query('create table used (id int); create index used_id on used (id)')
    const session = await db.connect()
    await session.query('begin; select from used')
    const { line } = await planned({ oid: await oidOf('used_id'), concurrently: false })
    expect(line('lock-user')).toMatchObject({ status: 'warn', title: 'A session uses the table' })
    await session.query('rollback')
  })
})
