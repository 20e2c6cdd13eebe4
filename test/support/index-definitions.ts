/** What stands after CREATE INDEX name ON app., one after another; U before it: UNIQUE. The server itself says which of them it takes. */
const DEFINITIONS = `
  t (id) ; t (nope) ; t (lower(nope)) ; t (id) include (n) ; t (id) include (nope) ; t (id) include (lower(n))
  t (id) include (n desc) ; t (ctid) ; t (tableoid) ; t (id) include (xmin) ; t (id) where ctid is not null
  t (nofunction(n)) ; t (lower(id)) ; t (id) where n ; t (id) where lower(n) ; t (id collate "C") ; t (n collate "C")
  t (n collate nope) ; t (lower(n) collate "C" text_pattern_ops desc nulls last) ; t (sum(id)) ; t (generate_series(1, id))
  t ((row_number() over ())) ; t ((id = (select 1))) ; t (id) where exists (select) ; t ((t.*)) ; t ((t.id + 1)) ; t (dom)
  t (mood) ; t (arr) ; t (r) ; t (pair) ; t using nope (id) ; t using hash (id) ; t using hash (id, n)
  U t using hash (id) ; t using hash (id desc) ; t using hash (id nulls first) ; t using gin (id) ; t using gin (jb)
  t using gin (jb jsonb_path_ops) ; t using gin (arr) ; t using gin (jb desc) ; t using gin (jb) include (id)
  t using gin (n gin_trgm_ops) ; t using gist (n) ; t using gist (r) ; t using gist (p) ; t using gist (r) include (id)
  U t using gist (r) ; t using spgist (p) ; t using spgist (n) include (id) ; t using spgist (n, n) ; t using brin (id, n)
  t using brin (id) include (n) ; U t using brin (id) ; t (p) ; t (j) ; t (jb) ; t (x) ; t (id int8_ops) ; t (id int4_ops)
  t (n text_pattern_ops) ; t (n varchar_pattern_ops) ; t (vc text_pattern_ops) ; t (dom text_pattern_ops) ; t (n jsonb_ops)
  t (id nope_ops) ; t (id) with (fillfactor = 5) ; t (id) with (fillfactor = 70) ; t (id) with (fillfactor = 101)
  t (id) with (foo = 1) ; t (id) with (deduplicate_items = off) ; t (id) with (deduplicate_items = maybe)
  t (id) with (fastupdate = on) ; t using gin (jb) with (fastupdate = off, gin_pending_list_limit = 64)
  t using gin (jb) with (gin_pending_list_limit = 1) ; t using brin (id) with (pages_per_range = 0)
  t using brin (id) with (pages_per_range = 32, autosummarize) ; t using gist (r) with (buffering = auto)
  t using gist (r) with (buffering = maybe) ; t (id) tablespace pg_global ; t (id) tablespace pg_default ; t (lower(n))
  t (now()) ; t ((random())) ; t ((current_date)) ; t ((current_user)) ; t ((id + 1)) ; t ((n || n)) ; t ((n || d))
  t ((d || n)) ; t ((id || n)) ; t ((n || 'x')) ; t (length(dom)) ; t (upper(r)) ; t (app.imm(vc)) ; t (to_char(tz, n))
  t (timezone(n, tz)) ; t (make_date(id, 1, 1)) ; t ((arr || 1)) ; t (cardinality(arr)) ; t (abs(id))
  t (round(id / 2.0, 1)) ; t (date(tz)) ; t (date(ts)) ; t ("left"(n, 1)) ; t ((- id)) ; t (app.imm(coalesce(n, vc)))
  t (lower(app.sta(n))) ; t using gin ((jb -> 'a')) ; t using gist (n public.gist_trgm_ops) ; t ((n || id))
  t (concat(n, n)) ; t (format('%s', n)) ; t (date_trunc('day', d)) ; t (date_trunc('day', ts)) ; t (date_trunc('day', tz))
  t (date_trunc('day', tz, 'UTC')) ; t (date_trunc('day', tz at time zone 'UTC')) ; t ((tz at time zone 'UTC'))
  t ((ts at time zone 'UTC')) ; t ((tz::date)) ; t ((ts::date)) ; t ((d::timestamp)) ; t ((d::timestamptz))
  t (((tz at time zone 'UTC')::date)) ; t ((ts::text)) ; t ((d::text)) ; t ((id::text)) ; t ((n::int)) ; t ((n::date))
  t ((jb::text)) ; t ((arr::text)) ; t ((arr::int8[])) ; t ((vc::text)) ; t ((n::varchar(5))) ; t (((jb ->> 'a')::int))
  t (((jb ->> 'a')::timestamptz)) ; t ((jb -> 'a')) ; t ((jb['a'])) ; t (to_char(ts, 'YYYY')) ; t (to_char(id, '9'))
  t (to_date(n, 'YYYY')) ; t (to_tsvector(n)) ; t using gin (to_tsvector('english', n))
  t using gin (to_tsvector('english', coalesce(n, '') || ' ' || coalesce(vc, ''))) ; t (extract(epoch from tz))
  t (extract(year from tz)) ; t (extract(year from ts)) ; t (extract(year from d)) ; t (date_part('year', tz))
  t (age(ts, ts)) ; t (age(tz, tz)) ; t (age(ts)) ; t ((ts + interval '1 day')) ; t ((tz + interval '1 day'))
  t ((tz - tz)) ; t ((d + 1)) ; t (md5(n)) ; t (regexp_replace(n, 'a', 'b')) ; t (array_to_string(arr, n))
  t (to_jsonb(n)) ; t (row_to_json(t)) ; t (jsonb_build_object(n, id)) ; t (coalesce(n, vc)) ; t (greatest(id, 1))
  t ((case when id > 1 then n else vc end)) ; t ((case when id > 1 then now() end)) ; t (nextval('seq'))
  t (gen_random_uuid()) ; t (current_setting('x')) ; t (substring(n from 1 for 3)) ; t (trim(n)) ; t (position(n in n))
  t (left(n, 3)) ; t ((n ~~ n)) ; t (nullif(n, vc)) ; t (app.vol(n)) ; t (app.sta(n)) ; t (app.imm(n)) ; t (app.volsql(n))
  t (app.imm(dom)) ; t (app.over(n)) ; t (app.over(id)) ; t (app.defaulted(n)) ; t (app.many(n, n, n))
  t (id) where tz > '2024-01-01' ; t (id) where tz > now() ; t (id) where tz > now() - interval '30 days'
  t (id) where ts > '2024-01-01'::date ; t (id) where tz > '2024-01-01'::date ; t (id) where d > current_date
  t (id) where n in ('a', 'b') ; t (id) where id = any (array[1, 2]) ; t (id) where id between 1 and 5
  t (id) where n like 'a%' ; t (id) where n similar to 'a%' ; t (id) where n is not null and id > 0
  t (id) where not (id > 0 or n is null) ; t (id) where flag ; t (id) where flag is true ; t (id) where mood = 'sad'
  t (id) where mood = 'nope' ; t (id) where id = 'x' ; t (id) where n is distinct from 'a' ; t (id) where d = tz
  t (id) where ts = tz ; t (id) where d = ts ; t (id) where jb @> '{}' ; t (id) where jb ? 'a'
  t (id) where (jb ->> 'at')::date > '2024-01-01' ; part (k) ; U part (k) ; U part (v) ; U part (k, v) ; U part (lower(v))
  U byexpr (k) ; byexpr (k) ; U deep (k) ; U deep (k, v) ; U withforeign (k) ; withforeign (k) ; mat (n) ; part (now())`

export const definitionsOf = (major: number): string[] => [
  ...DEFINITIONS.split(/ ; |\n/).flatMap((one) => one.trim() || []),
  ...[32, 33].map((count) => `t (${Array.from({ length: count }, () => 'id').join(', ')})`),
  `t (id) include (${Array.from({ length: 32 }, () => 'n').join(', ')})`,
  ...(major >= 15 ? FROM_15 : []),
  ...(major >= 18 ? FROM_18 : []),
]

const FROM_15 = ['U t (id) nulls not distinct', 'U t (id, n) nulls not distinct', 't (id) nulls not distinct']
const FROM_18 = ['gen (v)', 'gen (id) include (v)', 'gen ((v + 1))', 'gen (id) where v > 1', 'gen (s)', 'gen (id)']

/** What they are made on. */
export const DEFINITIONS_SCHEMA = `create schema app; create extension pg_trgm; create extension postgres_fdw;
  create domain app.name as text check (value <> ''); create type app.mood as enum ('sad', 'ok'); create type app.pair as (a int, b text); create sequence app.seq;
  create table app.t (id int, n text, vc varchar(20), ts timestamp, tz timestamptz, d date, j json, jb jsonb, p point, x xml, arr int[], r int4range, dom app.name, mood app.mood, pair app.pair, flag boolean);
  create function app.vol(text) returns text language plpgsql as 'begin return $1; end';
  create function app.sta(text) returns text stable language plpgsql as 'begin return $1; end';
  create function app.imm(text) returns text immutable language plpgsql as 'begin return $1; end';
  create function app.volsql(text) returns text language sql as 'select pg_catalog.lower($1)';
  create function app.over(text) returns text immutable language plpgsql as 'begin return $1; end';
  create function app.over(int) returns int volatile language plpgsql as 'begin return $1; end';
  create function app.defaulted(text, int default 1) returns text immutable language plpgsql as 'begin return $1; end';
  create function app.many(variadic text[]) returns text stable language plpgsql as 'begin return $1[1]; end';
  create table app.part (k int, v text) partition by list (k); create table app.part_1 partition of app.part for values in (1);
  create table app.byexpr (k int, v text) partition by list ((k + 1));
  create table app.deep (k int, v text) partition by list (k); create table app.deep_1 partition of app.deep for values in (1) partition by list (v);
  create server elsewhere foreign data wrapper postgres_fdw; create table app.withforeign (k int) partition by list (k);
  create foreign table app.withforeign_1 partition of app.withforeign for values in (1) server elsewhere;
  create materialized view app.mat as select 1 as id, 'x'::text as n`
