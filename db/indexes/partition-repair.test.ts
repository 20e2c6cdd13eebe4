import { describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { refusedProposals } from '../../test/support/try-proposals'
import { MAJORS, type Major } from '../embedded/binaries'
import type { Result } from '../server/problem'
import { forgetReads } from '../server/run-read'
import { indexInvalid } from './checks/index-invalid'
import { indexHealth } from './index-health'
import { attachesAgain, repairPartitions } from './partition-repair'

async function inDatabase(major: Major, test: (db: TestDatabase) => Promise<void>): Promise<void> {
  const db = await testDatabase(major)
  try {
    await test(db)
  } finally {
    await db.drop()
  }
}

const orThrow = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.problem.message)
  return result.value
}

const LEVELS = `
  create table p (a int, b int, c text) partition by range (a);
  create table p1 partition of p for values from (0) to (10);
  create table "P 2" partition of p for values from (10) to (20) partition by range (b);
  create table "P 2.1" partition of "P 2" for values from (0) to (10);
  create table "P 2.2" partition of "P 2" for values from (10) to (20);
  insert into p select g % 20, g % 10, md5(g::text) from generate_series(1, 500) g`

/** Of what each index of p is made, and what it takes. */
const CASES: { name: string; sql: string; lacks: RegExp }[] = [
  {
    name: 'a lower level that is not attached',
    sql: `create index p_b on only p (b); create index p1_b on p1 (b); alter index p_b attach partition p1_b;
          create index p2_b on "P 2" (b)`,
    lacks: /1 partition \(public\."P 2"\) without an index/,
  },
  {
    name: 'nothing attached at all, of expressions with a predicate',
    sql: `create index "P e" on only p using btree (lower(c) desc nulls last, b) include (a) with (fillfactor = 70) where b > 3`,
    lacks: /4 partitions .* without/,
  },
  {
    name: 'leaves that were made invalid and put right, level by level',
    sql: `create index p_b on p (b);
          update pg_index set indisvalid = false where indexrelid in ('p_b'::regclass, '"P 2_b_idx"'::regclass)`,
    lacks: /the partitioned index was not marked valid/,
  },
  {
    name: 'a leaf that is invalid',
    sql: `create index p_b on p (b);
          update pg_index set indisvalid = false where indexrelid in ('p_b'::regclass, '"P 2_b_idx"'::regclass, '"P 2.1_b_idx"'::regclass)`,
    lacks: /1 index \(public\."P 2\.1_b_idx"\) of a partition invalid/,
  },
  { name: 'a unique index', sql: 'create unique index p_ab on only p (a, b, c)', lacks: /uniqueness is not enforced/ },
  {
    name: 'a primary key of a table with one level',
    sql: `create table k (a int not null, b int not null) partition by list (a); create table k1 partition of k for values in (1);
          create table k2 partition of k for values in (2); alter table only k add primary key (a, b);
          alter table k1 add primary key (a, b); alter index k_pkey attach partition k1_pkey`,
    lacks: /1 partition \(public\.k2\) without/,
  },
  {
    name: 'a deferrable unique constraint on several levels',
    sql: 'alter table only p add constraint late unique (a, b, c) deferrable initially deferred',
    lacks: /4 partitions/,
  },
  {
    name: 'a foreign partition, which can have none',
    sql: `create extension file_fdw; create server away foreign data wrapper file_fdw;
          create foreign table pf partition of p for values from (20) to (30) server away options (filename '/dev/null');
          create index p_b on only p (b); create index p1_b on p1 (b); alter index p_b attach partition p1_b`,
    lacks: /"P 2"/,
  },
]

describe.each(MAJORS)('partitioned indexes on PostgreSQL %i', (major) => {
  it.each(CASES)('become valid by what is shown for $name', ({ name, sql, lacks }) =>
    inDatabase(major, async (db) => {
      await db.client.query(LEVELS)
      for (const statement of sql.split(';')) await db.client.query(statement)
      const look = async () => {
        forgetReads()
        return orThrow(await indexInvalid.look(db.target))
      }
      expect(await refusedProposals(db)).toEqual([])
      const [finding, ...rest] = await look()
      expect(rest).toEqual([])
      expect(finding?.evidence).toMatch(lacks)
      expect(finding?.fix?.command ?? null).toBe(name.startsWith('a foreign') ? null : 'attach-index-partition')
      for (const statement of (finding?.sql ?? '').split('\n')) await db.client.query(statement)
      expect(await look()).toEqual([])
      const { rows } = await db.client.query('select 1 from pg_index where not indisvalid')
      expect(rows).toEqual([])
    }),
  )

  it('say why not where a foreign partition keeps a unique one from ever being valid', () =>
    inDatabase(major, async (db) => {
      await db.client.query(`
        ${LEVELS}; create extension file_fdw; create server away foreign data wrapper file_fdw;
        create foreign table pf partition of p for values from (20) to (30) server away options (filename '/dev/null'); create unique index p_a on only p (a)`)
      expect(orThrow(await indexInvalid.look(db.target))).toMatchObject([
        { sql: null, evidence: expect.stringContaining('public.pf is a foreign table') },
      ])
      const { findings } = orThrow(await indexHealth(db.target, []))
      expect(findings).toMatchObject([{ indexrelname: 'p_a', verdict: 'invalid', reclaimBytes: 0 }])
    }))
})

describe.each(MAJORS.filter((major) => major >= 17))('the index of a partitioned exclusion constraint on PostgreSQL %i', (major) => {
  it('is told to be beyond ATTACH PARTITION', () =>
    inDatabase(major, async (db) => {
      await db.client.query(`
        create extension btree_gist; create table x (a int, r int4range) partition by list (a); create table x1 partition of x for values in (1);
        alter table only x add constraint apart exclude using gist (a with =, r with &&)`)
      expect(orThrow(await indexInvalid.look(db.target))).toMatchObject([{ sql: null, evidence: expect.stringContaining('without ONLY') }])
      expect(await refusedProposals(db)).toEqual([])
    }))
})

describe('a partitioned index of which only the mark is missing', () => {
  const attached = (indexrelname: string, valid: boolean) => ({ schemaname: 'public', indexrelname, valid })
  const common = { root: 1, schemaname: 'public', candidate: null, written: 'USING btree (a)', constraint: null }
  const rows = (indisunique: boolean) => [
    { ...common, relid: 10, parent: null, relname: 'p', relkind: 'p' as const, attached: attached('p_a', false), indisunique },
    { ...common, relid: 11, parent: 10, relname: 'p1', relkind: 'r' as const, attached: attached('p1_a', true), indisunique },
  ]

  it('is attached once more from the minors on that look again', () => {
    expect(repairPartitions(1, rows(true), 180_004)?.sql).toEqual(['ALTER INDEX public.p_a ATTACH PARTITION public.p1_a;'])
    expect([140_022, 140_023, 180_003, 180_004, 190_000].map(attachesAgain)).toEqual([false, true, false, true, true])
  })

  it('is built anew beside before them, or waits for an update where it enforces something', () => {
    expect(repairPartitions(1, rows(false), 180_003)?.sql).toEqual([
      'CREATE INDEX CONCURRENTLY p_a_11 ON public.p1 USING btree (a);',
      'CREATE INDEX p_a_10 ON public.p USING btree (a);',
      'DROP INDEX public.p_a;',
      'ALTER INDEX public.p_a_10 RENAME TO p_a;',
    ])
    expect(repairPartitions(1, rows(true), 180_003)).toMatchObject({ sql: [], unable: expect.stringContaining('18.4') })
  })
})
