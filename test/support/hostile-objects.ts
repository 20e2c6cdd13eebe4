import type { HostileStatement } from './hostile-statements'

/** What the planner looks at, or puts into the statement, with tables, views, operators and functions. */
export const HOSTILE_OBJECTS: HostileStatement[] = [
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
