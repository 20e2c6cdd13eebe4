-- Statements as object-relational mappers and applications send them, one a line. After `-- with` the values of $1 … $n in JSON, after `-- types` those that the driver names,
-- after `-- since` the first major that knows it.
SELECT "shop_customer"."id", "shop_customer"."name" FROM "shop_customer" WHERE ("shop_customer"."active" AND UPPER("shop_customer"."name"::text) LIKE UPPER('%a%')) ORDER BY "shop_customer"."created" DESC LIMIT 21;
SELECT (1) AS "a" FROM "shop_customer" WHERE "shop_customer"."email" = 'a@b' LIMIT 1;
SELECT 1 AS "a" FROM "shop_order" WHERE "shop_order"."customer_id" = 5 LIMIT 1;
SELECT COUNT(*) FROM (SELECT DISTINCT "shop_order"."customer_id" AS "col1" FROM "shop_order" WHERE "shop_order"."total" > 5.0) subquery;
SELECT DATE_TRUNC('month', "shop_order"."placed" AT TIME ZONE 'UTC') AS "m", COUNT("shop_order"."id") AS "c" FROM "shop_order" GROUP BY DATE_TRUNC('month', "shop_order"."placed" AT TIME ZONE 'UTC') ORDER BY 1 ASC;
SELECT (DATE_TRUNC('day', "placed" AT TIME ZONE 'Europe/Berlin'))::date AS "d", COALESCE(SUM("total"), 0) AS "s" FROM "shop_order" GROUP BY 1 HAVING COALESCE(SUM("total"), 0) > 10;
SELECT "id", CASE WHEN "total" > 100 THEN 'large' WHEN "total" > 10 THEN 'middle' ELSE 'small' END AS "size" FROM "shop_order" ORDER BY CASE WHEN "total" > 100 THEN 'large' WHEN "total" > 10 THEN 'middle' ELSE 'small' END ASC LIMIT 100 OFFSET 20;
UPDATE "shop_customer" SET "name" = CASE WHEN ("shop_customer"."id" = 1) THEN 'x' WHEN ("shop_customer"."id" = 2) THEN 'y' ELSE NULL END WHERE "shop_customer"."id" IN (1, 2);
UPDATE "shop_order" SET "total" = CAST(CASE WHEN ("shop_order"."id" = 1) THEN 5 WHEN ("shop_order"."id" = 2) THEN 6 ELSE NULL END AS numeric(10, 2)) WHERE "shop_order"."id" IN (1, 2);
INSERT INTO "shop_order" ("customer_id", "status", "total", "placed") VALUES (1, 'new', '12.50', '2024-01-01T10:00:00+00:00'::timestamptz), (2, 'paid', '7.10', '2024-01-02T10:00:00+00:00'::timestamptz) RETURNING "shop_order"."id";
INSERT INTO "shop_customer" ("id", "name", "email") VALUES (1, 'a', 'b') ON CONFLICT("id") DO UPDATE SET "name" = EXCLUDED."name", "email" = EXCLUDED."email";
SELECT "id" FROM "shop_order" WHERE EXTRACT(YEAR FROM "placed" AT TIME ZONE 'UTC') = 2024 AND EXTRACT('month' FROM "placed") IN (1, 2, 3);
SELECT "id", RANK() OVER (PARTITION BY "customer_id" ORDER BY "total" DESC) AS "r", LAG("total", 1) OVER (ORDER BY "placed" ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM "shop_order" WHERE "status" = 'paid';
SELECT "meta" -> 'a' AS "a", COUNT(*) FROM "shop_customer" WHERE ("meta" -> 'b') = '"x"'::jsonb GROUP BY "meta" -> 'a';
SELECT "id" FROM "shop_customer" WHERE ("meta" #>> ARRAY['a','b'])::numeric > 5 OR "meta" @> '{"a": 1}' OR "meta" ? 'k' OR "meta" ?| ARRAY['a','b'];
SELECT EXISTS(SELECT 1 AS "a" FROM "shop_order" U0 WHERE (U0."customer_id" = ("shop_customer"."id") AND U0."status" = 'paid') LIMIT 1) AS "has" FROM "shop_customer" LIMIT 5;
SELECT "id", ("placed" + '3 days'::interval) AS "due" FROM "shop_order" WHERE ("placed" + '3 days'::interval) < '2030-01-01'::timestamptz;
SELECT "id" FROM "shop_order" WHERE (NOW() - "placed") > INTERVAL '2 days 3 hours' AND "placed"::date BETWEEN '2020-01-01' AND '2030-01-01';
SELECT STRING_AGG("status", ',' ORDER BY "id"), ARRAY_AGG(DISTINCT "status"), JSONB_AGG(JSONB_BUILD_OBJECT('id', "id", 'total', "total")) FILTER (WHERE "total" > 5) FROM "shop_order";
SELECT ts_rank(to_tsvector('english', COALESCE("name", '') || ' ' || COALESCE("email", '')), websearch_to_tsquery('english', 'foo')) AS "rank" FROM "shop_customer" ORDER BY "rank" DESC LIMIT 10;
SELECT "shop_customer".* FROM "shop_customer" WHERE "shop_customer"."id" = $1 LIMIT $2 -- with [1, 1]
SELECT 1 AS one FROM "shop_order" WHERE "shop_order"."customer_id" = $1 AND "shop_order"."status" IN ($2, $3) LIMIT $4 -- with [1, "paid", "new", 1]
INSERT INTO "shop_order" ("customer_id", "status", "total", "placed") VALUES ($1, $2, $3, $4) RETURNING "id" -- with [1, "new", "5.5", "2024-01-01"]
UPDATE "shop_customer" SET "name" = $1, "created" = $2 WHERE "shop_customer"."id" = $3 -- with ["x", "2024-01-01", 1]
UPDATE "shop_customer" SET "visits" = COALESCE("visits", 0) + 1 WHERE "shop_customer"."id" = $1 -- with [1]
SELECT SUM("shop_order"."total"), DATE_TRUNC('week', "placed"::timestamptz AT TIME ZONE 'Etc/UTC' + INTERVAL '1 day') - INTERVAL '1 day' FROM "shop_order" GROUP BY DATE_TRUNC('week', "placed"::timestamptz AT TIME ZONE 'Etc/UTC' + INTERVAL '1 day') - INTERVAL '1 day';
SELECT a.attname, format_type(a.atttypid, a.atttypmod), pg_get_expr(d.adbin, d.adrelid), a.attnotnull, a.atttypid, a.atttypmod, col_description(a.attrelid, a.attnum) AS comment FROM pg_attribute a LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum LEFT JOIN pg_type t ON a.atttypid = t.oid WHERE a.attrelid = '"shop_order"'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum;
SELECT t.oid, t.typname, t.typelem, t.typdelim, t.typinput, r.rngsubtype, t.typtype, t.typbasetype FROM pg_type as t LEFT JOIN pg_range as r ON oid = rngtypid WHERE t.typname IN ('int2', 'int4', 'int8', 'oid', 'float4', 'text', 'uuid');
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'shop_order' AND c.relkind IN ('r','v','m','p','f');
SELECT pg_try_advisory_lock(123456789), pg_advisory_unlock(123456789);
SELECT DISTINCT "shop_customer"."id", "shop_order"."placed" AS alias_0 FROM "shop_customer" LEFT OUTER JOIN "shop_order" ON "shop_order"."customer_id" = "shop_customer"."id" WHERE "shop_order"."status" = 'paid' ORDER BY "shop_order"."placed" DESC LIMIT 25 OFFSET 50;
select o1_0.id, o1_0.status, c1_0.id, c1_0.name from shop_order o1_0 left join shop_customer c1_0 on c1_0.id = o1_0.customer_id where o1_0.id = $1 -- with [1] -- types bigint
select o1_0.id from shop_order o1_0 where o1_0.status = $1 order by o1_0.placed desc offset $2 rows fetch first $3 rows only -- with ["paid", 0, 20] -- types varchar, int, int
select count(o1_0.id), cast(o1_0.placed as date) from shop_order o1_0 where ($1 is null or o1_0.status = $2) group by cast(o1_0.placed as date) -- with ["paid", "paid"] -- types varchar, varchar
select c1_0.id from shop_customer c1_0 where lower(c1_0.name) like lower(('%' || $1 || '%')) escape '' -- with ["a"] -- types varchar
select c1_0.id from shop_customer c1_0 where c1_0.name like $1 escape '!' and c1_0.created >= $2 - interval '1 day' -- with ["a%", "2024-01-01"] -- types varchar, timestamptz
insert into shop_customer (active, email, name, id) values ($1,$2,$3,12345) on conflict do nothing -- with [true, "a", "b"] -- types bool, varchar, varchar
select nextval('shop_order_id_seq');
with cte0 (id, status) as (select o.id, o.status from shop_order o where o.total > cast($1 as numeric(38, 2))) select c.id, concat(c.status, '-', $2) from cte0 c order by 2 nulls last -- with ["1", "x"] -- types numeric, varchar
select c1_0.id, row_number() over (partition by c1_0.active order by c1_0.id) rn from shop_customer c1_0 where (c1_0.name, c1_0.id) > ($1, $2) fetch first 10 rows only -- with ["a", 5] -- types varchar, bigint
SELECT "public"."shop_order"."id", "public"."shop_order"."status" FROM "public"."shop_order" WHERE ("public"."shop_order"."customer_id" = $1 AND "public"."shop_order"."status" <> $2) ORDER BY "public"."shop_order"."id" ASC LIMIT $3 OFFSET $4 -- with [1, "x", 10, 0]
SELECT COUNT(*) AS "_count$_all" FROM (SELECT "public"."shop_order"."id" FROM "public"."shop_order" WHERE 1=1 OFFSET $1) AS "sub" -- with [0]
SELECT "t0"."id", COALESCE("aggr_selection_0"."_aggr_count", 0) AS "_aggr_count_orders" FROM "public"."shop_customer" AS "t0" LEFT JOIN (SELECT "customer_id", COUNT(*) AS "_aggr_count" FROM "public"."shop_order" WHERE 1=1 GROUP BY "customer_id") AS "aggr_selection_0" ON ("t0"."id" = "aggr_selection_0"."customer_id") WHERE 1=1 ORDER BY "t0"."id" ASC LIMIT $1 -- with [5]
SELECT "t1"."id", "j"."__prisma_data__" AS "orders" FROM "public"."shop_customer" AS "t1" LEFT JOIN LATERAL (SELECT COALESCE(JSONB_AGG("__prisma_data__"), '[]') AS "__prisma_data__" FROM (SELECT JSONB_BUILD_OBJECT('id', "t2"."id", 'status', "t2"."status") AS "__prisma_data__" FROM "public"."shop_order" AS "t2" WHERE "t1"."id" = "t2"."customer_id" /* root select */) AS "t3") AS "j" ON TRUE WHERE "t1"."active" = true LIMIT 10;
SELECT DISTINCT "distinctAlias"."o_id" AS "ids_o_id", "distinctAlias"."o_placed" FROM (SELECT "o"."id" AS "o_id", "o"."placed" AS "o_placed" FROM "shop_order" "o" WHERE "o"."status" = $1) "distinctAlias" ORDER BY "distinctAlias"."o_placed" DESC, "o_id" ASC LIMIT 10 -- with ["paid"]
INSERT INTO "shop_order"("customer_id", "status", "total", "placed") VALUES ($1, $2, DEFAULT, DEFAULT), ($3, $4, 5, now()) RETURNING "id", "placed" -- with [1, "a", 2, "b"]
SELECT * FROM "shop_order" WHERE "placed" > now() - ($1 || ' days')::interval AND "total" > $2 * 1.5 -- with ["3", "2"]
SELECT * FROM shop_order WHERE customer_id = ANY($1::bigint[]) AND ($2::text IS NULL OR status = $2::text) -- with ["{1,2}", "paid"]
INSERT INTO shop_order (customer_id, status) SELECT * FROM unnest($1::bigint[], $2::text[]) -- with ["{1,2}", "{a,b}"]
UPDATE shop_order AS o SET status = v.status FROM (VALUES (1, 'a'), (2, 'b')) AS v(id, status) WHERE o.id = v.id;
UPDATE shop_order AS o SET total = v.total, placed = v.placed FROM (VALUES (1, 5.5, '2024-01-01'::timestamptz), (2, 6, '2024-01-02')) AS v(id, total, placed) WHERE o.id = v.id;
WITH locked AS (SELECT id FROM shop_order WHERE status = 'new' ORDER BY id LIMIT 10 FOR UPDATE SKIP LOCKED) UPDATE shop_order SET status = 'taken' FROM locked WHERE shop_order.id = locked.id RETURNING shop_order.*;
DELETE FROM shop_order WHERE ctid IN (SELECT ctid FROM shop_order WHERE placed < now() - interval '5 years' LIMIT 1000);
SELECT reltuples::bigint AS estimate FROM pg_class WHERE oid = 'public.shop_order'::regclass;
PREPARE by_status (text, int) AS SELECT id FROM shop_order WHERE status = $1 LIMIT $2 -- execute by_status('paid', 5)
DECLARE "named" NO SCROLL CURSOR WITH HOLD FOR SELECT id, total FROM shop_order WHERE total > 5
COPY (SELECT id, status FROM shop_order WHERE total > 5) TO STDOUT WITH CSV
CREATE TEMP TABLE latest ON COMMIT DROP AS SELECT id, status FROM shop_order WHERE total > 5
