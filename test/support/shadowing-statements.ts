/** What the grammar calls by an operator, or by a name, that is his when his schema comes first. */
export const SHADOWED: [operator: string, query: string, fires?: boolean][] = [
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
