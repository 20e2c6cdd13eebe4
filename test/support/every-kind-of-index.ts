/** Statements that make indexes, tables and names of every kind that SQL for a person is written for. */
export const EVERY_KIND_OF_INDEX: { since?: number; sql: string }[] = [
  // Names: quotes, dots, semicolons, comment signs, line breaks, keywords, capitals, 63 bytes of one and of several bytes a character.
  { sql: `create schema "S.1; --"; create table "S.1; --"."T ""x""" ("Order" int primary key, "se\nlect" int, "ü" text)` },
  {
    sql: `create index "i; drop table x; --" on "S.1; --"."T ""x""" ("se\nlect"); create index "I2 'q'" on "S.1; --"."T ""x""" ("se\nlect")`,
  },
  { sql: `create index "line\nbreak" on "S.1; --"."T ""x""" (("ü" || E'a\\nb'));` },
  { sql: `create schema "user"; create table "user"."table" ("all" int, "end" int); create index "select" on "user"."table" ("all")` },
  { sql: `create index "from" on "user"."table" ("all")` },
  { sql: `create table "${'ä'.repeat(31)}" (a int); create index "${'n'.repeat(63)}" on "${'ä'.repeat(31)}" (a)` },
  // Kinds of index.
  { sql: 'create extension if not exists btree_gist; create extension if not exists btree_gin; create extension if not exists pg_trgm' },
  {
    sql: `create table many (id bigserial primary key, a int, b int, t text, j jsonb, p point, r int4range, ts timestamptz, unique (a, b))`,
  },
  { sql: `insert into many (a, b, t, j, ts) select g, g, md5(g::text), jsonb_build_object('a', g), now() from generate_series(1, 500) g` },
  {
    sql: `create index on many using hash (t); create index on many using gin (j); create index on many using gist (p); create index on many using brin (ts)`,
  },
  {
    sql: `create index on many using spgist (r); create index on many using gist (t gist_trgm_ops(siglen=64)); create index on many using gin (a, t gin_trgm_ops)`,
  },
  { sql: `create index many_expr on many (lower(t), (a + b)); create index many_part on many (a) where t is not null and b > 5` },
  { sql: `create unique index many_unique on many (t collate "C" text_pattern_ops desc nulls last) include (a, b) with (fillfactor = 70)` },
  { sql: `create index many_a1 on many (a); create index many_a2 on many (a); create index many_ab on many (a, b)` },
  {
    sql: `create table excluded (r int4range, exclude using gist (r with &&)); create table late (a int unique deferrable initially deferred)`,
  },
  {
    sql: `create table ident (a int not null, b int); create unique index ident_a on ident (a); alter table ident replica identity using index ident_a`,
  },
  { sql: `create unlogged table unl (a int); create index on unl (a); create index unl_2 on unl (a)` },
  {
    sql: `create materialized view mv as select a, b from many; create index on mv (a); create index mv_2 on mv (a); create unique index on mv (b)`,
  },
  { sql: `create temp table temporary (a int); create index on temporary (a); create index temporary_2 on temporary (a)` },
  { sql: `create table clustered (a int); create index clustered_a on clustered (a); cluster clustered using clustered_a` },
  { since: 15, sql: 'create table nnd (a int, unique nulls not distinct (a)); create unique index nnd_2 on nnd (a) nulls not distinct' },
  { since: 18, sql: 'create table temporal (a int, during daterange, primary key (a, during without overlaps))' },
  { since: 18, sql: 'create table virtual (a int, b int generated always as (a + 1) virtual); create index on virtual (a)' },
  // Foreign keys without an index.
  {
    sql: `create table parent (a int, b text collate "C", primary key (a, b)); create table child (a int, b text collate "C", foreign key (a, b) references parent)`,
  },
  { sql: `create table "S.1; --"."Child" ("Fk ""1""" int references "S.1; --"."T ""x"""("Order") on delete cascade)` },
  { sql: `create table "user"."order" ("group" int references many, "${'l'.repeat(60)}" bigint references many (id))` },
  // Partitions: none, several levels, a foreign one, a default one, a root without those of its partitions.
  {
    sql: `create table empty (a int, b int) partition by range (a); create index empty_a on empty (a); create index empty_a2 on empty (a)`,
  },
  {
    sql: `create table "Parts" (a int, b int, c text) partition by range (a); create table "Parts 1" partition of "Parts" for values from (0) to (10) partition by list (b)`,
  },
  {
    sql: `create table "Parts 1.1" partition of "Parts 1" for values in (1); create table "Parts 1.x" partition of "Parts 1" default; create table "Parts x" partition of "Parts" default`,
  },
  {
    sql: `create index "Parts a" on "Parts" (a); create index "Parts a2" on "Parts" (a); create unique index "Parts ab" on "Parts" (a, b); create index on "Parts 1.1" (c)`,
  },
  { sql: `alter table "Parts" add primary key (a, b); alter table "Parts" add foreign key (b) references many (id)` },
  {
    sql: `create index "Parts only" on only "Parts" (c desc); create index "Parts 1 only" on only "Parts 1" (c desc); create index "Parts 1.1 c" on "Parts 1.1" (c desc)`,
  },
  { sql: `alter index "Parts only" attach partition "Parts 1 only"; alter index "Parts 1 only" attach partition "Parts 1.1 c"` },
  { sql: `create extension file_fdw; create server away foreign data wrapper file_fdw` },
  { sql: `create table half (a int, b int) partition by list (a); create table half_1 partition of half for values in (1)` },
  {
    sql: `create foreign table half_2 partition of half for values in (2) server away options (filename '/dev/null'); create index half_b on half (b); create index half_b2 on half (b)`,
  },
  // What a drop has to bring back.
  { sql: `comment on index many_expr is E'it''s -- a\nline; \\ and "more"'; alter index many_expr alter column 1 set statistics 500` },
  {
    sql: `create index many_dep on many (b desc); alter index many_dep depends on extension pg_trgm; alter index many_part set (fillfactor = 60)`,
  },
  // Bloat, of a plain and of a partitioned index; tables that nobody analyzed.
  { sql: `create table "Bloated" ("Id" int, "T t" text); insert into "Bloated" select g, md5(g::text) from generate_series(1, 80000) g` },
  { sql: `create index "B 1" on "Bloated" ("Id"); create index "B 2" on "Bloated" ("T t")` },
  {
    sql: `create table bloated (a int, b int) partition by range (a); create table bloated_1 partition of bloated for values from (0) to (100000)`,
  },
  {
    sql: `insert into bloated select g, g from generate_series(1, 80000) g; create index on bloated (b); delete from bloated where a % 10 <> 0`,
  },
  { sql: `delete from "Bloated" where "Id" % 10 <> 0` },
  { sql: 'vacuum analyze "Bloated"' },
  { sql: 'vacuum analyze bloated' },
  {
    sql: `create table uncounted (a int) partition by range (a); create table uncounted_1 partition of uncounted default; insert into uncounted select generate_series(1, 3000)`,
  },
]
