select l_returnflag, sum(amount * (1 - n / 100.0)) as disc, avg(amount) from (select status as l_returnflag, amount, n from ord) x where n <= 5 + 3 group by l_returnflag order by l_returnflag;
select 100.00 * sum(case when status like 'PROMO%' then amount * (1 - 0.05) else 0 end) / nullif(sum(amount * (1 - 0.1)), 0) as promo from ord where d >= date '2020-01-01' and d < date '2020-01-01' + interval '1' month;
select extract(year from d) as y, sum(case when status = 'BRAZIL' then amount else 0 end) / sum(amount) as share from ord group by extract(year from d) order by y;
select substring(name from 1 for 2) as code, count(*) from cust where substring(name from 1 for 2) in ('13', '31', '23') group by substring(name from 1 for 2) order by 1;
UPDATE ord SET n = n + -1234 WHERE id = 5;
INSERT INTO ord (n, cust_id, amount, ts) VALUES (1, 2, -45, CURRENT_TIMESTAMP);
SELECT count("Order".*) AS "count" FROM "ord" AS "Order" WHERE ("Order"."status" = 'a' AND "Order"."n" BETWEEN 1 AND 5 AND "Order"."ts" >= '2022-01-01 00:00:00.000 +00:00');
select u0."id", u0."name", fragment.x from "cust" as u0 inner join lateral (select coalesce(sum(o."amount"), 0::decimal) as x from ord o where o.cust_id = u0.id) as fragment on true where (u0."active" = TRUE) and (u0."created" > (now()::timestamp + (-30::numeric * interval '1 day')));
select * from "cust" where exists (select * from "ord" where "cust"."id" = "ord"."cust_id" and "status" = $1 and "ts"::date = $2) and "name" ilike $3 order by "created" desc limit 15 offset 0 -- with ["a", "2024-01-01", "%a%"]
SELECT count(1) FROM "ord" WHERE (status = $1 OR n > $2) AND "ord"."doc" IS NULL -- with ["a", 5]
SELECT 0 + COUNT(o0_.id) AS sclr_0 FROM ord o0_ WHERE o0_.status IN ('a', 'b') AND DATE_TRUNC('day', o0_.ts) = '2024-01-01';
select json_build_object('total', count(*), 'rows', coalesce(json_agg(row_to_json(t)), '[]'::json)) from (select id, status from ord where n > 3 limit 10) t;
select coalesce(array_to_json(array_agg(row_to_json(t))), '[]') from (select id, round(amount, 2) as a from ord where amount > 5.5 limit 3) t;
select id, sum(amount) over (partition by cust_id order by ts range between '1 day' preceding and '1 day' following) from ord;
select id, lead(ts, 1, now()) over (order by ts) - ts as gap, dense_rank() over (order by n desc nulls last), percent_rank() over (order by n) from ord;
select *, count(*) over () as full_count from ord where status = 'a' order by id offset 10 limit 10;
select distinct on (cust_id, date_trunc('day', ts)) cust_id, date_trunc('day', ts), amount from ord order by cust_id, date_trunc('day', ts), amount desc;
select date_trunc('hour', ts) + floor(extract(minute from ts) / 15) * interval '15 min' as bucket, avg(amount) from ord group by date_trunc('hour', ts) + floor(extract(minute from ts) / 15) * interval '15 min' order by bucket;
select to_timestamp(floor(extract(epoch from ts) / 300) * 300) as time, status as metric, count(*) as value from ord where ts between '2020-01-01T00:00:00Z' and '2030-01-01T00:00:00Z' group by 1, 2 order by 1;
select floor(extract(epoch from ts) / 60) * 60 as "time", avg(n) as v from ord group by floor(extract(epoch from ts) / 60) * 60 order by 1;
select case when n < 10 then '0-10' when n < 100 then '10-100' else '100+' end as bucket, count(*) from ord group by case when n < 10 then '0-10' when n < 100 then '10-100' else '100+' end order by min(n);
select case n when 1 then 'one' when 2 then 'two' else n::text end from ord where case status when 'a' then true else false end;
select sum(case when n > 5 then 1 end) over (partition by status), max(case when status = 'a' then ts end) from ord group by status, n;
select coalesce(sum(n) filter (where status = 'a'), 0) + 1, coalesce(max(d), '1970-01-01'), coalesce(min(ts), now() - interval '1 year') from ord;
select coalesce(null, 5), coalesce('a', 'b'), nullif(5, 6), greatest('a', 'b'), least(date '2020-01-01', '2021-01-01'), greatest(1.5, n) from ord limit 1;
select (case when n > 5 then 10 else 20 end) * 2 + n, (case when n > 5 then '1 day' else '2 days' end)::interval + ts from ord;
select * from ord where n = case when status = 'a' then 1 else 2 end and d = case when n > 5 then date '2020-01-01' else '2021-01-01' end;
select * from ord where amount between 5 and 10 and ts between now() - interval '7 days' and now() and d between '2020-01-01'::date and '2020-01-01'::date + 7;
select * from ord where ts >= now() - (5 || ' minutes')::interval or ts >= now() - 5 * interval '1 minute' or ts > now() - make_interval(mins := 5);
select now() - '5 days'::interval, now() + 3 * '1 hour'::interval, date '2020-03-01' - date '2020-01-01', date '2020-01-01' + time '10:00', timestamp '2020-01-01' - timestamp '2019-01-01', interval '1 day' / 2, -interval '1 day';
select extract(day from interval '40 days 1 minute'), extract(century from date '2000-12-16'), date_part('hour', timestamp '2001-02-16 20:38:40'), date_trunc('day', timestamptz '2001-02-16 20:38:40+00', 'Australia/Sydney');
select 'a' || 1 || 'b', 1 || '', 'x' || null, 5 || 'y', n || '%' from ord limit 1;
select 5 / 2, 5 / 2.0, 5::float / 2, 7 % 3, 2 ^ 10, |/ 16, ||/ 27;
select round(5.678, 2), round(5.5), ceil(-1.2), random() * 10 + 1, floor(random() * (10 - 1 + 1) + 1)::int, trunc(5.99), div(9, 4), gcd(12, 18), width_bucket(5.35, 0.024, 10.06, 5), sqrt(2), exp(1), ln(2), atan2(1, 2), pi();
select length('abc'), upper('a'), concat_ws('-', 'a', 'b', 5), substr('abc', 2), strpos('abc', 'b'), rpad('a', 5, '*'), split_part('a-b', '-', 2), replace('abc', 'b', 'x'), left('abc', -1), to_hex(255), md5('a'), sha256('a'), encode(sha256('a'::bytea), 'hex'), quote_ident('A b');
select to_char(125, '999'), to_char(125.8::real, '999D9'), to_char(now(), 'HH12:MI:SS'), to_char(interval '15h 2m', 'HH24:MI'), to_number('12,454.8-', '99G999D9S'), to_date('05 Dec 2000', 'DD Mon YYYY'), to_timestamp('05 Dec 2000', 'DD Mon YYYY'), to_timestamp(1284352323.5);
select array_agg(x) from generate_series(1, 5) x where x % 2 = 1;
select unnest(array[1, 2]), unnest(array['a', 'b']), generate_subscripts(array[1, 2], 1);
select * from unnest(array[1, 2], array['a', 'b']) with ordinality t(a, b, o) where o > 1 and a = any (array[1, 2]) and b <> all (array['x', 'y']);
select array_fill(0, array[3]), array_dims(array[[1, 2], [3, 4]]), array_upper(array[1, 2], 1), array_ndims('{{1}}'::int[]), array[1, 2] <@ array[1, 2, 3], array[1, 4] && array[2, 1], array_position(array['a', 'b'], 'b'), trim_array(array[1, 2, 3], 1);
select * from ord where id in (1, 2, 3) or id not in (4, 5) or status in ('a') or (n, status) in ((1, 'a')) or n in (select 5 union all select 6);
select * from ord where tags @> '{a}'::text[] and not tags && array['z']::text[] and array_length(tags, 1) > 1 and tags[1] like 'a%' and 'b' = any(tags);
select jsonb_agg(jsonb_build_object('a', n, 'b', 'x') order by n) filter (where n > 5), jsonb_object_agg(id, jsonb_build_array(1, 'x', true)) from ord where id < 5;
select doc -> 'a' ->> 'b', (doc ->> 'n')::numeric * 2, coalesce(doc ->> 'x', 'none'), jsonb_array_length('[1,2]'), doc #>> '{a,b}', jsonb_strip_nulls('{"a":null}'), jsonb_insert('{"a":[0]}', '{a,1}', '5'), jsonb_set_lax('{"a":1}', '{a}', null) from ord where (doc -> 'a' ->> 'b')::int between 1 and 5 and doc ->> 'z' is null;
select t.k, t.v from ord, jsonb_each(doc) as t(k, v) where jsonb_typeof(t.v) = 'object' and ord.id < 5;
select * from jsonb_to_record('{"a":1,"b":"x"}') as x(a int, b text), jsonb_array_elements_text('["a","b"]') e, jsonb_object_keys('{"k":1}') k;
select jsonb_path_query_first(doc, '$.a.b'), doc @? '$.a ? (@.b > 0)', jsonb_path_match(doc, 'exists($.a)'), doc::text like '%a%' from ord limit 3;
with upd as (update ord set status = 'x', n = 5 where id = 1 returning id, 'old' as tag), ins as (insert into cust (id, name) select id + 100000, 'n' from upd returning id) select count(*) + 1 from ins, upd where upd.tag = 'old';
with t as (select 5 as lim, 'a' as st, null::date as dd) select * from ord, t where ord.n < t.lim and ord.status = t.st and (t.dd is null or ord.d = t.dd);
with a(x) as (values (1), (2)), b as not materialized (select x + 1 as y from a where x > 1) select a.x, b.y, a.x * 10 from a left join b on b.y = a.x + 1 and b.y <> 7;
with recursive nums as (select 1 as n union all select n + 1 from nums where n < 10), fib as (select 0 as a, 1 as b, 1 as i union all select b, a + b, i + 1 from fib where i < 10) select nums.n, fib.a from nums join fib on fib.i = nums.n where nums.n > 2;
with recursive walk(id, depth, path, done) as (select id, 1, array[id], false from cust where id = 1 union all select c.id, w.depth + 1, w.path || c.id, c.id = any (w.path) from cust c, walk w where c.id = w.id + 1 and not w.done and w.depth < 5) select * from walk where depth <= 3;
with recursive cal as (select '2024-01-01'::date as d, 0 as i union all select (d + interval '1 day')::date, i + 1 from cal where i < 30) select d, coalesce(sum(amount), 0) from cal left join ord using (d) group by d;
insert into cust (id, name, meta, active, created) values (5001, 'x', '{"a":1}', true, default), (5002, null, null, false, now()), (5003, 'y' || 'z', jsonb_build_object('k', 1), not true, '2020-01-01') on conflict (id) do update set name = coalesce(nullif(excluded.name, ''), 'none'), meta = cust.meta || excluded.meta || '{"b":2}';
insert into ord (cust_id, status, n, d) select 1, s, g, date '2020-01-01' + g from generate_series(1, 3) g, unnest(array['a', 'b']) s where g <> 2 returning id, n * 2, 'done';
insert into ord (n, status) select x.n, case when x.n > 1 then 'hi' else 'lo' end from (values (1), (2)) x(n);
insert into ord (n, amount) values (1 + 2, 3 * 1.5), (abs(-4), 10 / 4.0), ((select max(id) from cust), null);
update ord o set amount = s.total * 1.1, status = coalesce(o.status, 'none') || '!' from (select cust_id, sum(amount) + 5 as total from ord group by cust_id having count(*) > 2) s where s.cust_id = o.cust_id and o.n between 5 and 6;
update cust set meta = jsonb_set(coalesce(meta, '{}'::jsonb), array['k', 'x'], to_jsonb(5), true), active = (id % 2 = 0), name = case when name is null then 'x' when length(name) > 50 then left(name, 50) else name end where id in (select cust_id from ord where ts < now() - interval '1 month' and status <> all (array['a', 'b'])) returning *;
update ord set n = nullif(greatest(n - 1, 0), 5), d = d + 1, ts = date_trunc('minute', ts) + interval '30 s', tags = array_remove(tags, 'a') || array['b', 'c'] where id = 3 and (doc ->> 'v')::int is distinct from 5;
delete from ord where id in (select id from (select id, row_number() over (partition by cust_id, status order by ts desc) as rn from ord) x where rn > 1 + 1) and n = -1;
delete from ord o where not exists (select 1 from cust c where c.id = o.cust_id) or (o.status, o.n) in (values ('a', 1), ('b', 2)) returning o.id, 'gone'::text;
merge into cust t using (values (1, 'a', true), (999999, 'b', false)) as s(id, name, active) on t.id = s.id when matched and s.active then update set name = s.name || '?', active = false when not matched and s.id > 5 then insert (id, name, active) values (s.id, upper(s.name), true); -- since 15
select * from ord tablesample system (5) repeatable (7) where n > 3;
select * from ord where status like 'a%' escape '\' or status not like '_b' or status similar to '(a|b)%' escape '#' or status ~~* 'A%' or lower(status) = 'a' or status collate "C" < 'b' or status between 'a' and 'c';
select * from ord order by status = 'paid' desc, array_position(array['a', 'b'], status), n % 10, case when n > 5 then 0 else 1 end, random() limit 10 offset 20;
select count(*), count(distinct status), count(*) filter (where n > 5), sum(distinct n), avg(n)::numeric(10, 2), bool_and(n > 0), every(n < 100), bit_or(n), string_agg(distinct status, ', '), array_agg(n order by n desc), max(n) - min(n) + 1, stddev_pop(n), corr(n, id), regr_slope(n, id) from ord where n > 1 having count(*) > 1;
select status, grouping(status, n), sum(amount) from ord where n < 50 group by grouping sets ((status, n), (status), ()) having sum(amount) > 10 order by grouping(status, n), 1;
select status, coalesce(n::text, 'all'), count(*) from ord group by cube (status, n % 5, n) having count(*) > 3;
select pg_size_pretty(pg_total_relation_size('ord')), pg_relation_size('ord'::regclass), current_setting('work_mem'), pg_backend_pid() = 5, txid_current() > 5, version() like 'Post%';
select pid, state, query from pg_stat_activity where state <> 'idle' and now() - query_start > interval '5 minutes' and query not ilike '%pg_stat%' order by query_start limit 5;
select n.nspname, c.relname, pg_get_userbyid(c.relowner), case c.relkind when 'r' then 'table' when 'i' then 'index' else 'other' end, obj_description(c.oid, 'pg_class') from pg_class c left join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', '') and n.nspname <> 'pg_catalog' and n.nspname !~ '^pg_toast' and pg_table_is_visible(c.oid) order by 1, 2;
select tc.constraint_name, kcu.column_name from information_schema.table_constraints tc join information_schema.key_column_usage kcu on tc.constraint_name = kcu.constraint_name where tc.constraint_type = 'FOREIGN KEY' and tc.table_name = 'ord';
select column_name, data_type, is_nullable = 'YES' from information_schema.columns where table_schema = 'public' and table_name = 'ord' order by ordinal_position;
select a.amname, i.relname, pg_get_indexdef(ix.indexrelid), ix.indkey::text from pg_index ix join pg_class i on i.oid = ix.indexrelid join pg_am a on a.oid = i.relam where ix.indrelid = 'ord'::regclass and ix.indisvalid and not ix.indisprimary;
select $1::text, $2::int + 1, $3::jsonb ->> 'a', $4::timestamptz - interval '1 day', $5::uuid, $6::text[] || array[1]::text[], ($7::bool) is true -- with ["a", 1, "{\"a\":1}", "2024-01-01", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "{a}", true]
select * from ord where ($1 = 0 or cust_id = $1) and ($2 = '' or status ilike '%' || $2 || '%') and (ts >= $3 or $3 is null) limit $4 -- with [0, "", "2024-01-01", 5] -- types bigint, text, timestamptz, bigint
select * from ord where id > $1 and n + $2 > $3 * 2 and amount >= $4 / 100 and d > $5 - 7 and d + $6 < current_date -- with [1, 2, 3, 4, "2024-01-01", 5] -- types bigint, int, int, numeric, date, int
select date_bin($1, ts, $2), count(*) from ord where ts > now() - $1 group by date_bin($1, ts, $2) -- with ["5 minutes", "2024-01-01"] -- types interval, timestamptz -- since 14
select * from ord where status = any ($1) and n = any ($2) and tags && $3 and doc @> $4 and ts::date = $5 -- with [["a"], [1], ["a"], "{}", "2024-01-01"] -- types text[], int[], text[], jsonb, date
select greatest($1, $2), $3 + $4, $5 || $6, $7 < $8, not $9, -$10 -- with [1, 2, 3, 4, "a", "b", 1, 2, true, 5] -- types int, int, numeric, numeric, text, text, int, int, bool, int
insert into ord (cust_id, status, amount, n, ts) values ($1, $2, $3 * 1.2, $4 + 1, coalesce($5, now())) on conflict (id) do update set n = ord.n + $4, amount = $3 -- with [1, "a", 5.5, 1, "2024-01-01"] -- types bigint, text, numeric, int, timestamptz
PREPARE plan_it AS SELECT * FROM ord WHERE n = $1 AND status = 'x' -- execute plan_it(5)
