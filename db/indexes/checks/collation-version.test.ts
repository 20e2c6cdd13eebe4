import { describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { refusedProposals } from '../../../test/support/try-proposals'
import { MAJORS, type Major } from '../../embedded/binaries'
import { forgetReads } from '../../server/run-read'
import type { Target } from '../../server/target'
import { collationVersion } from './collation-version'

async function inDatabase(major: Major, test: (db: TestDatabase) => Promise<void>): Promise<void> {
  const db = await testDatabase(major)
  try {
    await test(db)
  } finally {
    await db.drop()
  }
}

async function look(target: Target) {
  forgetReads()
  const found = await collationVersion.look(target)
  if (!found.ok) throw new Error(found.problem.message)
  return found.value
}

const rebuilt = (sql: string | null | undefined): string[] =>
  [...(sql ?? '').matchAll(/^REINDEX INDEX (?:CONCURRENTLY )?public\.(\S+);$/gm)].map(([, name]) => name ?? '').sort()

describe.each(MAJORS)('collation-version on PostgreSQL %i', (major) => {
  it('finds the indexes that rest on a collation, and no others, until they are rebuilt and it is refreshed', () =>
    inDatabase(major, async ({ target, client }) => {
      expect(await look(target)).toEqual([])
      await client.query(`
        create extension btree_gist; create extension btree_gin; create extension pg_trgm;
        create type texts as range (subtype = text, collation = "de-x-icu");
        create domain many as texts[]; create type pair as (a int, b text collate "de-x-icu");
        create function own(text) returns int immutable language sql as 'select length($1)';
        create table t (id int primary key, name text collate "de-x-icu" unique, words text[] collate "de-x-icu", r texts, d many, p pair, x text, c text collate "C");
        create index y_include on t (name) include (id); create index y_words on t using gin (words); create index y_range on t (r);
        create index y_range_gist on t using gist (r); create index y_domain on t (d); create index y_pair on t (p); create index y_brin on t using brin (name);
        create index y_gist on t using gist (name); create index y_trgm on t using gin (name gin_trgm_ops);
        create index y_lower on t (lower(x collate "de-x-icu")); create index y_own on t (own(name)); create index y_pred on t (id) where name > 'm';
        create index y_least on t (id) where least(name, 'x') = 'x'; create index y_collate on t (c collate "de-x-icu");
        create index n_pattern on t (name text_pattern_ops); create index n_hash on t using hash (name); create index y_md5 on t (md5(name)); create index n_md5 on t (id) where md5(name) = 'x' and length(name) > 3;
        create index n_equal on t (id) where name = 'm'; create index n_other on t (x, c); create index n_spgist on t using spgist (name);
        create index n_c on t (name collate "C"); create index n_in on t (id) where name in ('a', 'b');
        create table part (k text collate "de-x-icu", v int) partition by range (k); create table part_1 partition of part for values from ('a') to ('m');
        create index y_part on part (k, v);
        alter table t add constraint y_apart exclude using gist (name with =)`)
      if (major >= 14) await client.query('create index y_multi on t (multirange(r))')
      await client.query(`update pg_collation set collversion = '1.1' where collname in ('de-x-icu', 'fr-x-icu', 'it-x-icu')`)
      const found = await look(target)
      expect(found).toMatchObject([
        { name: 'pg_catalog."de-x-icu"', severity: 'bad', evidence: expect.stringContaining('Partitions of public.part') },
        {
          name: null,
          severity: 'info',
          sql: expect.stringMatching(/^ALTER COLLATION pg_catalog."fr-x-icu" REFRESH VERSION;\nALTER COLLATION .*it-x/),
        },
      ])
      const { rows } = await client.query(
        `select relname::text as name from pg_class where relname like 'y\\_%' and relkind in ('i', 'I') union all select 't_name_key' order by 1`,
      )
      expect(rebuilt(found[0]?.sql)).toEqual(rows.map(({ name }) => name).sort())
      for (const { sql } of found) for (const statement of (sql ?? '').split('\n')) await client.query(statement)
      expect(await look(target)).toEqual([])
    }))

  it('proposes what the server accepts, with names that need quotes', () =>
    inDatabase(major, async (db) => {
      await db.client.query(`
        create schema "C s"; create collation "C s"."ein ""x""" (provider = icu, locale = 'de');
        create table "C s"."T" (a text collate "C s"."ein ""x""", unique (a)); create index "i\nj" on "C s"."T" (upper(a));
        update pg_collation set collversion = '1.1' where collname in ('ein "x"', 'und-x-icu')`)
      expect(await look(db.target)).toHaveLength(2)
      expect(await refusedProposals(db)).toEqual([])
    }))
})

describe.each(MAJORS.filter((major) => major >= 15))("collation-version of a database's default on PostgreSQL %i", (major) => {
  it('is found with what is built on it, until it is refreshed', () =>
    inDatabase(major, async (admin) => {
      const name = `Icu ${admin.target.database}`
      await admin.client.query(`create database "${name}" template template0 locale_provider icu icu_locale 'en'`)
      const db = await testDatabase(major, admin.url, `"${name}"`)
      try {
        await db.client.query(
          `create table t (id int primary key, a text, b int); create index t_a on t (a); create index t_b on t (b) where a = 'x'`,
        )
        expect(await look(db.target)).toEqual([])
        await db.client.query('update pg_database set datcollversion = $1 where datname = $2', ['1.1', db.target.database])
        const found = await look(db.target)
        expect(found).toMatchObject([
          {
            sql: `REINDEX INDEX CONCURRENTLY public.t_a;\nALTER DATABASE ${db.target.database} REFRESH COLLATION VERSION;`,
            severity: 'bad',
          },
        ])
        for (const statement of (found[0]?.sql ?? '').split('\n')) await db.client.query(statement)
        expect(await look(db.target)).toEqual([])
      } finally {
        await db.drop()
        await admin.client.query(`drop database "${name}"`)
      }
    }))
})
