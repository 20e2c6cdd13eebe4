-- What the language has besides: JSON, arrays, ranges, text, geometry, writes.
merge into shop_order o using (values (1, 'x', 5.5), (2, 'y', 6)) as v(id, status, total) on o.id = v.id when matched and o.total > 5 then update set status = v.status, total = v.total + 1 when not matched then insert (id, status, total) values (v.id, 'new', 0); -- since 15
merge into shop_order o using shop_customer c on o.customer_id = c.id and c.id = 7 when matched and o.status = 'gone' then delete when matched then update set total = o.total * 1.1, status = 'raised' when not matched then do nothing; -- since 15
merge into shop_customer c using (select 5 as id, 'n' as name, 'e' as email) s on c.id = s.id when matched then update set name = s.name when not matched then insert (id, name, email) values (s.id, s.name, s.email); -- since 15
merge into shop_customer c using (select $1::bigint as id, $2::text as name) s on c.id = s.id when matched then update set name = s.name, visits = visits + 1 when not matched by source and c.id = 99999 then delete returning merge_action(), c.id -- with [5, "x"] -- since 17
insert into shop_customer as c (id, name, visits) values (1, 'a', 1) on conflict (id) do update set visits = c.visits + 1, name = coalesce(excluded.name, 'none') where c.visits < 100 returning (xmax = 0) as inserted;
insert into shop_customer (id, name) select 1000 + g, 'n' || g from generate_series(1, 3) g on conflict (id) do nothing;
insert into shop_customer (id, email) select 2000, 'x' where not exists (select 1 from shop_customer where email = 'x');
insert into shop_order (customer_id, status, total) select 1, 'a', 5 union all select 2, 'b', 6.5;
insert into shop_order (customer_id, doc, tags, placed) values (1, '{"a": 1}', array['x', 'y'], now() - interval '1 day'), (2, jsonb_build_object('k', 5), '{}', 'now');
insert into shop_customer (id, feeling, active) values (3000, 'good', 't'), (3001, null, false) on conflict (id) do update set feeling = 'bad';
with moved as (delete from shop_order where status = 'old' returning *) insert into shop_order (customer_id, status, total) select customer_id, 'archived', total from moved where total > 5;
update shop_order set (status, total) = (select 'x', 5 from shop_customer limit 1) where id = 9;
update shop_order set tags = array_append(tags, 'n'), doc = jsonb_set(coalesce(doc, '{}'), '{a,b}', '5'), doc2 = doc2 || '{"z": 1}'::jsonb where id = 10;
update shop_order set tags[1] = 'first', total = total + case when status = 'paid' then 1 else 2 end, placed = placed + interval '1 hour' * 3 where id in (select id from shop_order where total < 5 order by id limit 5);
delete from shop_order o using shop_customer c where o.customer_id = c.id and c.name = 'gone' and o.placed < now() - make_interval(years => 3);
select doc ->> 'a', doc -> 'list' -> 0 ->> 'x', doc #>> '{a,b}', doc #> array['a', 'b'] from shop_order where doc ->> 'a' = 'x' and (doc ->> 'n')::int > 5;
select doc @> '{"a": [1]}'::jsonb, doc ? 'a', doc ?& array['a', 'b'], doc @? '$.a[*] ? (@ > 2)', doc @@ '$.a == 1', doc - 'a', doc - array['a', 'b'], doc #- '{a,b}', doc || '{"b": 2}' from shop_order;
select key, value from shop_order, jsonb_each_text(doc) where key <> 'x' and value like '%a%' limit 10;
select * from jsonb_to_recordset('[{"a":1,"b":"x"}]') as x(a int, b text) where a > 0;
select * from json_populate_recordset(null::category, '[{"id":1,"name":"n"}]');
select e ->> 'id', count(*) from shop_order cross join jsonb_array_elements(coalesce(doc -> 'items', '[]')) e group by e ->> 'id';
select jsonb_path_query_array(doc, '$.a[*] ? (@.x > $min)', '{"min": 5}'), jsonb_path_exists(doc, '$.b') from shop_order;
select json_build_array(1, 'a', null, 2.5), json_object('{a,1,b,2}'), jsonb_object_agg('k' || id, total), to_jsonb(5), row_to_json(row(1, 'x')), jsonb_pretty('{}') from shop_order;
select jsonb_typeof(doc['a']), doc['a']['b'], doc -> -1 from shop_order where doc['a'] = '1';
select json_value(doc, '$.a' returning int default 0 on empty), json_query(doc, '$.b' with wrapper), json_exists(doc, '$.c ? (@ > $x)' passing 5 as x) from shop_order where json_value(doc, '$.s') = 'x'; -- since 17
select jt.* from shop_order, json_table(doc, '$.items[*]' columns (id int path '$.id', name text path '$.name' default 'none' on empty, nested path '$.tags[*]' columns (tag text path '$'))) jt where jt.id > 5; -- since 17
select json_object('a': 1, 'b': status), json_array(1, status, 'x'), json_arrayagg(id order by id), json_objectagg('k': id) from shop_order group by status; -- since 16
select json_scalar(5), json_serialize('{"a":1}'), json('{"b":2}'); -- since 17
select * from shop_order where doc::text is json object with unique keys and status is not json; -- since 16
select tags[1], tags[1:2], tags[:3], array_length(tags, 1), cardinality(tags), array_to_string(tags, ','), array_remove(tags, 'x'), array_replace(tags, 'a', 'b'), array_cat(tags, array['z']), tags || 'q'::text, 'p'::text || tags from shop_order;
select * from shop_order where tags && array['a', 'b'] or tags @> '{a}' or 'x' = any (tags) or 5 = all (array[5, 6]) or status = some (array['a', 'b']) or status like any (array['a%', 'b%']) or status <> all ('{x,y}');
select array[[1, 2], [3, 4]], array[1.5, 2], array['a', null], array[date '2024-01-01'], (array['x', 'y', 'z'])[2], array(select id from shop_order limit 3), '{1,2}'::int[] || 3, array[]::text[];
select * from unnest(array[1, 2, 3]) a where a > 1;
select * from shop_order where id in (select * from unnest('{1,2,3}'::bigint[])) and (customer_id, status) in (values (1, 'a'), (2, 'b'));
select * from shop_order where (id, total) not in ((1, 5.5), (2, 7)) or row(customer_id, total) >= row(5, 10.5) and (status, id) = any (select 'x', 5) or (id, 5) is not distinct from (1, 5);
select * from booking where during && tstzrange('2024-01-01', '2024-02-01', '[)') and not isempty(during) and upper(during) > now() and during @> timestamptz '2024-01-15' and lower(during) < '2025-01-01';
select int4range(1, 10) * int4range(5, 15), numrange(1.5, 2.5), '[2024-01-01,2024-02-01)'::daterange, range_agg(during), multirange(tstzrange(null, '2024-01-01')) from booking where room = 5;
select * from shop_customer where name ilike '%a%' and name !~~* 'b%' and name ~* '^c' and name not similar to '%(d|e)%' and name like 'a\_%' and name like 'x!%%' escape '!' and starts_with(name, 'n') and name ^@ 'm';
select substring(name from '([a-z]+)'), substring(name similar 'a#"%#"b' escape '#'), substring(name, 2), substring(name for 2), overlay(name placing 'xx' from 2 for 3), position('a' in name), trim(leading 'x' from name), btrim(name, 'xy'), translate(name, 'abc', 'xyz') from shop_customer;
select regexp_match(name, '(\d+)-(\d+)'), regexp_split_to_array(name, '\s+'), regexp_replace(name, '^(.)', '\1x', 'gi'), (regexp_matches(name, 'a', 'g'))[1], format('%1$s %2$L', name, 5), lpad(id::text, 8, '0'), initcap('hello world'), chr(65), ascii('a'), quote_literal('x'), reverse('abc') from shop_customer;
select name collate "C" from shop_customer where name collate "C" > 'a' order by name || 'x' collate "C" limit 5;
select E'a\nb', U&'d\0061t', U&'d!0061t' uescape '!', $$dollar$$, $q$it's$q$, B'1010', X'1F', N'nat', 1e3, .5, 5., -7, +8, - 9 as minus_nine;
select -5 + 3, - id - 1, abs(-total), 2 ^ -1, |/ 25, @ -5, ~5, 5 & 3, 5 | 2, 5 # 1, 1 << 3, 10 % 3, 5!=6 from shop_order;
select not true, true and active, active is not false, active is unknown, (5 > 3) = active, coalesce(active, false) or 'yes'::bool, bool 'no' from shop_customer where active = true and 't' and not false;
select * from shop_order where status is not distinct from 'x' or total is distinct from 5 or status = coalesce(null, 'y') or nullif(status, '') is null or greatest(total, 5, 6.5) > least(1, total);
select exists (select from shop_order where total > 5), (select count(*) from shop_order where status = 'x') > 5, 5 in (select id from shop_order), 5 not in (1, 2), total > all (select 5 union select 6), array[1, 2] = array(select 1 union all select 2) from shop_order;
select inet '192.168.1.5' <<= cidr '192.168.0.0/16', host('10.0.0.1/8'), set_masklen(inet '10.0.0.1', 16), '10.0.0.1'::inet + 5, gen_random_uuid() = uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11';
select box(point(0, 0), point(1, 1)) @> point '(0.5,0.5)', circle(point(0, 0), 5), point(1, 2) <-> point '(3,4)', lseg '[(0,0),(1,1)]' ?# lseg '[(0,1),(1,0)]', polygon '((0,0),(1,1),(1,0))';
select to_tsvector('simple', name) @@ plainto_tsquery('simple', 'a b'), to_tsvector(name) @@ to_tsquery('x:*'), setweight(to_tsvector('a'), 'A'), ts_headline('english', name, 'a'::tsquery, 'StartSel=<b>'), 'fat & rat'::tsquery || 'cat', s.n from shop_customer, (select 1 as n) s;
select xmlelement(name a, xmlattributes('x' as b), 'text'), xmlforest(5 as n, 'y' as s), xmlconcat('<a/>', '<b/>'), xmlparse(content '<c/>'), xmlserialize(content xml '<d/>' as text), (xpath('/a/text()', '<a>b</a>'))[1];
select x.* from xmltable('/r/i' passing xml '<r><i id="1">a</i></r>' columns id int path '@id', t text path 'text()' default 'none', o for ordinality) x where id > 0;
select cast('5' as integer) + 1, '5'::int8, 5::text || 'x', cast(5.55 as numeric(3, 1)), float8(5), int4 '7', text(5), date('2024-01-01'), varchar(3) 'abcd', 'x'::char(3), cast(null as text), cast(array['1'] as int[]), 5::money, '1 day'::interval(0), '2024-01-01'::timestamp(3) with time zone;
select row(1, 'x'), (row(1, c.name)).f2, c, (c).name, (c.meta ->> 'x'), row(c.*) is null from shop_customer c where c.id = 5 and (c).id < 7;
select * from rows from (generate_series(1, 3), unnest(array['a', 'b'])) with ordinality as r(a, b, n) where n > 1;
select * from shop_order o join shop_customer c using (id) natural join category full join numbers n on n.n = 5 where o.id > 5 and c.id = 7 and 1 = 1;
select * from shop_order where total > $1 + $2 and placed > $3 and status = any ($4) -- with [1, 2, "2024-01-01", ["a"]] -- types numeric, numeric, timestamptz, text[]
select $1::int + 5, $2 || 'x', $3 = 5, coalesce($4, 'none'), case when $5 then 1 else 0 end -- with [1, "a", 5, "n", true] -- types int, text, int, text, bool
select * from shop_order where placed > $1 - $2 and total between $3 and $4 + 5 -- with ["2024-01-01", "1 day", 1, 2] -- types timestamptz, interval, numeric, numeric
select date_trunc($1, placed), extract(epoch from $2 - placed), to_char($2, $3) from shop_order -- with ["day", "2024-01-01", "YYYY"] -- types text, timestamptz, text
select lower($1), length($2), $3 like $4, $5 is null, abs($6), round($7, 2) -- with ["a", "b", "c", "d", "e", 5, 5.5] -- types text, text, text, text, text, int, numeric
select*from shop_order where status='x'and placed>date'2024-01-01'and placed>now()-interval'1 day'order by id limit 5 offset 1;
select count(*)from shop_order where status like'p%'and total in(1,2,3)and(status='y'or id=5);
