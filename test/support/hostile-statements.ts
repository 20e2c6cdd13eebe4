/** What somebody without any right but to make things prepares, so that EXPLAIN by a superuser would run his code. */
interface HostileStatement {
  name: string
  /** What he makes first; `super:` before it: made by a superuser, who means no harm. */
  makes?: string[]
  /** What is explained. */
  query: string
  /** Whether PostgreSQL itself runs his code when a superuser plans this: true, false, or from that major on. */
  fires: boolean | number
  since?: number
  /** What would stand in the way of every other. */
  undo?: string
  /** Whose search_path. */
  as?: 'shade'
}

/**
 * public is his, and the database. shot() writes a file by COPY TO PROGRAM, with whatever role stands behind the session: what
 * counts is whether that file is there. Functions that are not VOLATILE cannot do it themselves, but may call what can.
 */
export const GROUND = [
  `create function public.shot() returns boolean volatile language plpgsql as $$ begin perform set_config('role', 'none', true); copy (select 1) to program 'cat > /dev/null; touch proctor_canary'; return true; exception when others then return true; end $$`,
  `create function public.trap(text) returns boolean immutable language plpgsql as 'begin return public.shot(); end'`,
  `create function public.trap_number(int) returns int immutable language plpgsql as 'begin perform public.shot(); return $1; end'`,
  `create view public.trapped as select public.trap('x') as hit`,
  'create table public.bait (id int primary key, n int, note text, at timestamptz, r int4range)',
  `insert into public.bait select g, g % 9, 'n' || g, now(), int4range(g, g + 5) from generate_series(1, 200) g`,
  'analyze public.bait',
  'create domain public.checked as text check (public.trap(value))',
  'create type public.holder as (a public.checked)',
  `create type public.mood as enum ('good', 'bad')`,
  'create schema shadow',
  'create schema lonely',
  'create view lonely.trapped as select * from public.trapped',
]

const view = (select: string): Pick<HostileStatement, 'makes' | 'query'> => ({
  makes: [`create or replace view public.lure as ${select}`],
  query: 'select * from public.lure',
})
const ofTable = 'select id from public.bait where note = '

export const HOSTILE_STATEMENTS: HostileStatement[] = [
  { name: 'table_to_xml in a view', ...view(`${ofTable} table_to_xml('public.trapped', true, true, '')::text`), fires: true },
  {
    name: 'table_to_xml_and_xmlschema',
    ...view(`${ofTable} table_to_xml_and_xmlschema('public.trapped', true, true, '')::text`),
    fires: true,
  },
  { name: 'schema_to_xml', ...view(`${ofTable} schema_to_xml('lonely', true, true, '')::text`), fires: true },
  { name: 'database_to_xml', query: `${ofTable} database_to_xml(true, true, '')::text`, fires: true },
  {
    name: 'a view of a view',
    makes: [
      `create or replace view public.lure as ${ofTable} table_to_xml('public.trapped', true, true, '')::text`,
      'create view public.lure_of_lure as select * from public.lure',
    ],
    query: 'select * from public.lure_of_lure',
    fires: true,
  },
  {
    name: 'a type named to pg_input_is_valid',
    ...view(`select id from public.bait where note = pg_input_is_valid('{x}', 'public.checked[]')::text`),
    fires: true,
    since: 16,
  },
  {
    name: 'a type named to pg_input_error_info',
    query: `select * from pg_input_error_info('{x}', 'public.checked[]')`,
    fires: false,
    since: 16,
  },
  {
    name: 'a type given to domain_in',
    ...view(`select id from public.bait where note = concat(domain_in('x', 'public.checked'::regtype, -1))`),
    fires: true,
  },
  {
    name: 'a type given to array_in',
    ...view(`select id from public.bait where note = array_in('{x}', 'public.checked'::regtype, -1)::text`),
    fires: true,
  },
  {
    name: 'a type given to record_in',
    ...view(`select id from public.bait where note = record_in('(x)', 'public.holder'::regtype, -1)::text`),
    fires: false,
  },
  {
    name: 'a constant of an array of a domain',
    query: `select id from public.bait where note = any ('{x}'::public.checked[]::text[])`,
    fires: true,
  },
  { name: 'a constant of a composite type', query: `select id from public.bait where ('(x)'::public.holder) is null`, fires: true },
  {
    name: 'json_populate_record',
    ...view(`select id from public.bait where note = (json_populate_record(null::public.holder, '{"a":"x"}')).a`),
    fires: true,
  },
  { name: 'json_to_record', query: `select * from json_to_record('{"a":"x"}') as (a public.checked)`, fires: false },
  { name: 'xmltable', query: `select * from xmltable('/a' passing '<a/>' columns a public.checked)`, fires: false },
  { name: 'json_table', query: `select * from json_table('{"a":1}', '$' columns (a public.checked path '$.a'))`, fires: false, since: 17 },
  { name: 'json_value', query: `select json_value('{"a":1}', '$.a' returning public.checked)`, fires: false, since: 17 },
  {
    name: "hstore's populate_record",
    query: `select id from public.bait where note = (public.populate_record(null::public.holder, 'a=>x'::public.hstore)).a`,
    fires: true,
  },
  {
    name: 'a cast to json',
    makes: [
      `create function public.as_json(public.mood) returns json immutable language plpgsql as 'begin perform public.shot(); return null; end'`,
      'create cast (public.mood as json) with function public.as_json(public.mood)',
    ],
    query: `select id from public.bait where note = to_json('good'::public.mood)::text`,
    undo: 'drop cast (public.mood as json)',
    fires: true,
  },
  {
    name: 'a cast of an array',
    makes: [
      `create function public.as_text(public.mood[]) returns text immutable language plpgsql as 'begin perform public.shot(); return null; end'`,
      'create cast (public.mood[] as text) with function public.as_text(public.mood[])',
    ],
    query: `select id from public.bait where note = array['good'::public.mood]::text`,
    undo: 'drop cast (public.mood[] as text)',
    fires: true,
  },
  {
    name: 'an index',
    makes: ['create table public.indexed (id int)', 'create index on public.indexed (public.trap_number(1))'],
    query: 'select * from public.indexed where id = 1',
    fires: true,
  },
  {
    name: "an index's condition",
    makes: ['create table public.part_indexed (id int)', `create index on public.part_indexed (id) where public.trap('x')`],
    query: 'select * from public.part_indexed where id = 1',
    fires: true,
  },
  {
    name: "a child's index",
    makes: [
      'create table public.mother (id int)',
      'create table public.child () inherits (public.mother)',
      'create index on public.child (public.trap_number(1))',
    ],
    query: 'select * from public.mother where id = 1',
    fires: true,
  },
  {
    name: "a child's check",
    makes: ['create table public.parent (id int)', `create table public.heir (check (public.trap('x'))) inherits (public.parent)`],
    query: 'select * from public.parent where id = 1',
    fires: true,
  },
  {
    name: 'statistics of an expression',
    makes: ['create table public.counted (id int)', 'create statistics public.counts on (public.trap_number(1)), id from public.counted'],
    query: 'select * from public.counted where id = 1',
    fires: true,
  },
  {
    name: 'a partition key',
    makes: [
      'create table public.parted (id int) partition by list (public.trap_number(id))',
      'create table public.parted_1 partition of public.parted for values in (1)',
    ],
    query: 'select * from public.parted where public.trap_number(id) = public.trap_number(1)',
    fires: true,
  },
  {
    name: 'a default',
    makes: ['create table public.filled (id int default public.trap_number(1), b int)'],
    query: 'insert into public.filled (b) values (1)',
    fires: true,
  },
  {
    name: 'a generated column',
    makes: ['create table public.made (id int, b int generated always as (public.trap_number(1)) stored)'],
    query: 'insert into public.made (id) values (1)',
    fires: true,
  },
  {
    name: 'a rule',
    makes: [
      'create table public.ruled (id int)',
      `create rule also as on insert to public.ruled do also select id from public.bait where note = table_to_xml('public.trapped', true, true, '')::text`,
    ],
    query: 'insert into public.ruled values (1)',
    fires: true,
  },
  {
    name: 'a rule instead',
    makes: [
      'create view public.facade as select 1 as id',
      `create rule instead as on update to public.facade do instead update public.bait set note = note where public.trap('x')`,
    ],
    query: 'update public.facade set id = 2',
    fires: true,
  },
  {
    name: 'an operator on statistics',
    makes: [
      `create function public.same(int, int) returns boolean volatile language plpgsql as 'begin return public.shot(); end'`,
      'create operator public.=== (leftarg = int, rightarg = int, function = public.same, restrict = eqsel)',
    ],
    query: 'select * from public.bait where n operator(public.===) 7',
    fires: true,
  },
  {
    name: "an operator that calls PostgreSQL's own VOLATILE function",
    makes: ['create operator public.!!! (leftarg = int, rightarg = bigint, function = pg_terminate_backend, restrict = eqsel)'],
    query: 'select * from public.bait where n operator(public.!!!) 0::bigint',
    fires: false,
    since: 14,
  },
  {
    name: 'the difference of a range',
    makes: [
      `create function public.gap(int, int) returns float8 immutable language plpgsql as 'begin perform public.shot(); return $1 - $2; end'`,
      'create type public.span as range (subtype = int, subtype_diff = public.gap)',
      'create table public.spans (s public.span)',
      'insert into public.spans select public.span(g, g + g % 7) from generate_series(1, 500) g',
      'analyze public.spans',
    ],
    query: `select * from public.spans where s && '[3,9)'::public.span`,
    fires: true,
  },
  {
    name: 'an aggregate',
    makes: [
      'create function public.add_trapped(int, int) returns int immutable language plpgsql as $$ begin perform public.shot(); return $1; end $$',
      'create aggregate public.gather(int) (sfunc = public.add_trapped, stype = int)',
    ],
    query: 'select public.gather(id) from public.bait',
    fires: false,
  },
  {
    name: 'a function in SQL that is put into the statement',
    makes: [
      `create function public.inlined() returns xml volatile language sql as $$ select table_to_xml('public.trapped', true, true, '') $$`,
    ],
    query: `select id from public.bait where note = public.inlined()::text`,
    fires: true,
  },
  { name: 'a limit', query: 'select * from public.bait limit public.trap_number(1)', fires: true },
  { name: 'a sample', query: 'select * from public.bait tablesample bernoulli (public.trap_number(1))', fires: true },
  {
    name: 'a default argument',
    makes: [`create function public.lazy(a boolean default public.trap('x')) returns boolean immutable language sql as 'select a'`],
    query: 'select public.lazy()',
    fires: true,
  },
  {
    name: 'an attribute that is a function',
    makes: [`create function public.sly(public.holder) returns boolean immutable language plpgsql as 'begin return public.shot(); end'`],
    query: 'select (null::public.holder).sly',
    fires: true,
  },
  {
    name: "a superuser's function that executes a text",
    makes: [
      `super:create function public.execute_text(text) returns text stable language plpgsql as 'declare t text; begin execute $1 into t; return t; end'`,
      `create or replace view public.lure as select id from public.bait where note = public.execute_text('select public.shot()')`,
    ],
    query: 'select * from public.lure',
    fires: true,
  },
  {
    name: "a superuser's function in SQL, to which a type is named",
    makes: [
      `super:create function public.reads_xml(regclass) returns xml stable language sql as $$ select table_to_xml($1, true, true, '') $$`,
      `create or replace view public.lure as select id from public.bait where note = public.reads_xml('public.trapped')::text`,
    ],
    query: 'select * from public.lure',
    fires: true,
  },
  {
    name: "a superuser's function in SQL of the standard",
    makes: [
      `super:create function public.reads_standard(regclass) returns xml stable language sql return table_to_xml($1, true, true, '')`,
      `create or replace view public.lure as select id from public.bait where note = public.reads_standard('public.trapped')::text`,
    ],
    query: 'select * from public.lure',
    fires: true,
  },
  {
    name: 'names within a body',
    makes: [
      `super:create function public.tidy(text) returns text immutable language sql as 'select lower($1)'`,
      `create function shadow.lower(text) returns text immutable language plpgsql as 'begin perform public.shot(); return $1; end'`,
    ],
    query: `select public.tidy('X')`,
    fires: true,
    as: 'shade',
  },
  {
    name: 'names within a body that has a search_path of its own',
    makes: [
      `super:create function public.tidied(text) returns text immutable language sql set search_path = shadow, pg_catalog as 'select upper($1)'`,
      `create function shadow.upper(text) returns text immutable language plpgsql as 'begin perform public.shot(); return $1; end'`,
    ],
    query: `select public.tidied('x')`,
    fires: true,
  },
  {
    name: "a superuser's view of his function",
    makes: [`super:create view public.official as select id from public.bait where public.trap('x')`],
    query: 'select * from public.official',
    fires: true,
  },
  {
    name: 'a cast between types of PostgreSQL',
    makes: [
      `super:create function public.point_text(point) returns text immutable language plpgsql as 'begin return public.shot()::text; end'`,
      'super:create cast (point as text) with function public.point_text(point) as assignment',
    ],
    query: `select id from public.bait where note = point(1, 2)::text`,
    undo: 'drop cast (point as text)',
    fires: true,
  },
]

/** What the grammar calls by an operator, or by a name, that is his when his schema comes first. */
export const SHADOWED: [operator: string, query: string, fires?: false][] = [
  ['=', 'select * from public.bait where n in (1, 2)'],
  ['=', 'select case 1 when 2 then 3 end'],
  ['=', 'select nullif(1, 2)'],
  ['=', 'select 1 is distinct from 2'],
  ['=', 'select * from public.bait join public.bait b using (n)'],
  ['=', 'select * from public.bait where n = any (array[1, 2])'],
  ['=', 'select * from public.bait where n in (select 1)'],
  ['<', 'select * from public.bait where (n, n) < (1, 2)', false],
  ['>=', 'select * from public.bait where n between 1 and 2'],
  ['<>', 'select * from public.bait where n not in (1, 2)'],
  ['+', 'select * from public.bait where n = 1 + 2'],
]

/** VOLATILE: the planner leaves it alone, and what it is given would be executed. */
export const NEVER_RUN: [name: string, query: string][] = [
  ['query_to_xml', `select query_to_xml('select public.shot()', true, true, '')`],
  ['cursor_to_xml', `select cursor_to_xml('c', 1, true, true, '')`],
  ['ts_stat', `select * from ts_stat('select to_tsvector(public.shot()::text)')`],
  ['ts_rewrite', `select ts_rewrite('a & b'::tsquery, 'select ''a''::tsquery, (public.shot()::text)::tsquery')`],
  ['dblink', `select * from public.dblink('dbname=postgres', 'select 1') as t(a int)`],
  ['dblink_exec', `select public.dblink_exec('dbname=postgres', 'select 1')`],
  ['set_config', `select set_config('search_path', 'public', false)`],
  ['lo_import', `select lo_import('/etc/passwd')`],
  ['brin_summarize_new_values', `select brin_summarize_new_values('public.bait_pkey')`],
]

/** What stays: nothing of his is in it, though it stands in his database. */
export const HARMLESS = [
  `select b.note, count(*), max(b.at), to_char(now() - interval '1 day', 'YYYY') from public.bait b group by b.note order by 2 desc`,
  `select extract(epoch from at), at at time zone 'UTC', at::date, note || 'x', upper(note) from public.bait where note like 'n1%'`,
  `select * from public.bait where note operator(public.%) 'n10' and 'a=>b'::public.hstore operator(public.->) 'a' = note`,
  `select public.unaccent('é'), public.uuid_generate_v4(), public.similarity(note, 'n'), public.earth() from public.bait`,
  `select jsonb_build_object('a', note) ->> 'a', json_agg(b), array_agg(id), to_jsonb(b.*) from public.bait b group by b.id, b.note`,
  `select xmlelement(name a, note), ts_rewrite('a'::tsquery, 'a'::tsquery, 'b'::tsquery), to_tsvector('english', note) from public.bait`,
  'select * from information_schema.columns where table_name = $1',
  'select s.pid, s.query from pg_stat_activity s join pg_locks l using (pid)',
  'select c.relname, pg_total_relation_size(c.oid), pg_get_indexdef(i.indexrelid) from pg_class c join pg_index i on i.indrelid = c.oid',
  'select * from pg_stat_user_tables natural join pg_statio_user_tables',
  'select viewname, definition from pg_views',
  `insert into public.bait (id, note) values ($1, $2) on conflict (id) do update set note = excluded.note returning *`,
  'update public.bait b set note = c.note from public.bait c where c.id = b.id',
  `with recursive t as (select 1 as n union all select n + 1 from t where n < 5) select n, sum(n) over (order by n rows 1 preceding) from t`,
  'select grouping(note), count(*) filter (where id > 1) from public.bait group by rollup (note)',
  `select '[1,3)'::int4range && r, r @> 3, range_agg(r) from public.bait group by r`,
]
