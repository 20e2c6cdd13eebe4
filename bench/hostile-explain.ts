import type { Client } from 'pg'
import { type Attempt, harm, harmIf, type Kind } from './hostile-case'
import { type House, MAJORS, type Watched } from './hostile-house'

const DATABASE = 'plans'
const CANARY = 'canary of plans'

/** What mallory owns; whatever of it runs says so in the log, with the session in which it did. */
const TRAPS = /* sql */ `
  create function public.trap() returns text language plpgsql stable as
    $$ begin raise log '${CANARY} % in %', current_user, pg_catalog.current_setting('application_name'); return 'x'; end $$;
  create function public.trap_immutable(text) returns text language plpgsql immutable as $$ begin return public.trap(); end $$;
  create function public.trap_check(text) returns boolean language plpgsql immutable as $$ begin return public.trap() = 'x'; end $$;
  create function public.trap_same(text, text) returns boolean language plpgsql immutable as $$ begin return public.trap() = 'x'; end $$;
  create function public.inlined() returns text language sql stable as $$ select public.trap() $$;
  create function public.fetched() returns text language sql stable as $$ select query_to_xml('select public.trap()', true, true, '')::text $$;
  create operator public.=== (leftarg = text, rightarg = text, function = public.trap_same);
  create table public.t (note text); insert into public.t values ('x');
  create view public.peek as select public.trap() as c;
  create schema closet; create view closet.peek as select public.trap() as c;
  create domain public.checked as text check (public.trap_check(value));
  create type public.pair as (a public.checked);
  create type public.mood as enum ('good');
  create function public.mood_json(public.mood) returns json language plpgsql immutable as $$ begin perform public.trap(); return '1'; end $$;
  create table public.indexed (note text); create index on public.indexed (public.trap_immutable(note)); insert into public.indexed values ('x');
  create table public.guarded (note text); alter table public.guarded enable row level security;
  create policy p on public.guarded using (public.trap_immutable(note) = 'x');
  create table public.bounded (note text check (public.trap_immutable(note) = 'x'))`

/** A cast to json, which to_json finds by itself: as long as it is there, it is reason enough to refuse much else. */
const CAST = 'create cast (public.mood as json) with function public.mood_json(public.mood)'
const CAST_FORM = 'a cast that to_json finds'

/** Without a plan for this one, that there is none for the others says nothing. */
const HARMLESS = 'nothing'

/** What a view says so that planning it runs something. */
const FORMS: Record<string, string> = {
  [HARMLESS]: `select * from public.t where note = 'x'`,
  query_to_xml: `select * from public.t where note = query_to_xml('select public.trap()', true, true, '')::text`,
  query_to_xml_and_xmlschema: `select * from public.t where note = query_to_xml_and_xmlschema('select public.trap()', true, true, '')::text`,
  table_to_xml: `select * from public.t where note = table_to_xml('public.peek'::regclass, true, true, '')::text`,
  table_to_xml_and_xmlschema: `select * from public.t where note = table_to_xml_and_xmlschema('public.peek'::regclass, true, true, '')::text`,
  schema_to_xml: `select * from public.t where note = schema_to_xml('closet', true, true, '')::text`,
  schema_to_xml_and_xmlschema: `select * from public.t where note = schema_to_xml_and_xmlschema('closet', true, true, '')::text`,
  ts_rewrite: `select * from public.t where ts_rewrite('a'::tsquery, 'select ''a''::tsquery, public.trap()::tsquery') = 'b'::tsquery`,
  ts_stat: `select * from public.t where note = (select word from ts_stat('select to_tsvector(public.trap())') limit 1)`,
  'a stable function': `select * from public.t where note = public.trap()`,
  'an immutable function': `select * from public.t where note = public.trap_immutable('x')`,
  'an inlined function': `select * from public.t where note = public.inlined()`,
  'an inlined function of a built-in': `select * from public.t where note = public.fetched()`,
  'an operator': `select * from public.t where 'x'::text operator(public.===) 'y'::text`,
  'a domain': `select * from public.t where note = 'x'::public.checked`,
  'a record with a domain': `select * from public.t where note = (('(x)'::public.pair).a)`,
  json_populate_record: `select * from public.t where note = (json_populate_record(null::public.pair, '{"a":"x"}')).a`,
  [CAST_FORM]: `select * from public.t where note = to_json('good'::public.mood)::text`,
  'an index expression': `select * from public.indexed where public.trap_immutable(note) = 'x'`,
  'a policy': `select * from public.guarded where note = 'x'`,
  'a constraint': `select * from public.bounded where note = 'x'`,
  'a view in views': `select * from (select * from public.peek) a where c = query_to_xml('select * from closet.peek', true, true, '')::text`,
}

const trips = async (house: House, major: Watched): Promise<string[]> =>
  (await house.serverLog(major)).split('\n').filter((line) => line.includes(CANARY) && / in proctor/.test(line))

/** Keys of the statements that mallory ran, by the view that each reads. */
async function keysOf(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ query: string; key: string }>(`
    select query, concat_ws('.', queryid, userid, dbid, 1) as key from pg_stat_statements where query like 'select * from public.view_%'`)
  return new Map(rows.map(({ query, key }) => [query, key]))
}

/** A plan that a viewer or an operator asks for runs nothing of what the owner of a view put into it. */
export const explainKind: Kind = {
  name: 'EXPLAIN',
  prepare: async (house) => {
    const attempts: Attempt[] = []
    for (const major of MAJORS) {
      const admin = await house.database(major, DATABASE)
      await admin.query(`create extension pg_stat_statements; create role planner login password 'planner';
        alter database ${DATABASE} owner to planner; alter schema public owner to planner; set session authorization planner; ${TRAPS}`)
      const views = Object.entries(FORMS).map(([name, sql], at) => ({ name, sql, query: `select * from public.view_${at}` }))
      for (const [at, { sql }] of views.entries()) {
        await admin.query(`create view public.view_${at} as ${sql}`)
        await admin.query(`select * from public.view_${at}`).catch(() => undefined) // counted or not, it is planned
        await admin.query(`begin; declare c cursor for select * from public.view_${at}; rollback`)
      }
      await admin.query(`reset session authorization;
        create role watcher login password 'watcher'; grant pg_monitor, pg_read_all_data to watcher`)
      const address = Object.assign(new URL(house.url(major, DATABASE)), { username: 'watcher', password: 'watcher' })
      const watcher = await house.watch(`Watcher ${major}`, address.href)
      const keys = await keysOf(admin)
      for (const { name, query } of views)
        for (const [who, server] of [
          ['viewer', house.ids[major]],
          ['operator', house.ids[major]],
          ['viewer', watcher],
        ] as const)
          attempts.push({
            name: `${name}, ${who}, ${server}`,
            make: async () => {
              const key = keys.get(query)
              if (!key) throw new Error('nobody ran it')
              if (name === CAST_FORM) await admin.query(CAST)
              const before = (await trips(house, major)).length
              const of = { server, database: DATABASE, datname: DATABASE, rolname: 'planner', key }
              const answer = await house.act<object>('explainPlan', [of], house.cookies[who])
              const ran = (await trips(house, major)).slice(before)
              if (name === CAST_FORM) await admin.query('drop cast (public.mood as json)')
              return [
                ...ran.flatMap((line) => harm('code', line)),
                ...harmIf(name === HARMLESS && !answer.ok && (who === 'operator' || server === watcher), 'other', 'it has no plan'),
                ...harmIf(answer.ok && who === 'viewer' && server !== watcher, 'other', 'a viewer got a plan from a superuser'),
              ]
            },
          })
    }
    return {
      attempts,
      control: async () => {
        const victim = await house.connect(`${house.url(18, DATABASE)}?application_name=proctor`)
        for (const at of Object.keys(FORMS).keys()) await victim.query(`explain select * from public.view_${at}`).catch(() => undefined)
        const ran = await trips(house, 18)
        return ran.flatMap((line) => harm('code', line))
      },
    }
  },
}
