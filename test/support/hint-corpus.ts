import type { RuleName } from '../../db/statements/hints/registry'

/** Tables as the guide prints them, with what hints have to tell apart: keys of many kinds, columns that can be NULL, views, children. */
export const HINT_TABLES = /* sql */ `
create table users (
  id int primary key, email varchar(255) unique not null, name varchar(255) not null, role text not null default 'student',
  created_at timestamptz default now(), last_active_at timestamptz, joined timestamp, born date, boss int references users);
create index users_created on users (created_at);
create index users_joined on users (joined);
create index users_born on users (born);
create index users_name on users (name);
create index users_name_lower on users (lower(name));
create table courses (
  id int primary key, title varchar(500) not null, difficulty_level text not null, created_by int references users,
  created_at timestamptz not null default now(), published_at timestamptz, metadata jsonb default '{}');
create index courses_published on courses (published_at) where published_at is not null;
create index courses_created on courses (created_at, id);
create table lessons (
  id int primary key, course_id int references courses, title text, lesson_order int not null, unique (course_id, lesson_order));
create table student_progress (
  id int primary key, user_id int references users, course_id int references courses, enrolled_at timestamptz default now(),
  last_accessed_at timestamptz default now(), completion_percentage numeric(5, 2) default 0, total_time_spent interval default '0 minutes',
  current_lesson_id int references lessons, unique (user_id, course_id));
create table quiz_results (
  id int primary key, user_id int references users, section_id int, score numeric(5, 2) not null, max_score numeric(5, 2) not null,
  created_at timestamptz default now(), checked int check (checked is not null));
create index quiz_user on quiz_results (user_id, created_at desc);
create index quiz_score on quiz_results (score);
create table course_tags (course_id int not null references courses, tag text not null, primary key (course_id, tag));
create table prices (id int primary key, course_id int not null, amount numeric not null, is_current boolean not null);
create unique index prices_current on prices (course_id) where is_current;
create table enrolment_fees (id int primary key, course_id int not null, amount numeric not null, valid_from date, valid_to date);
create table profiles (user_id int unique, credit int not null);
create table counters (id int primary key, n int not null, big bigint not null, ratio float8 not null);
create index counters_n on counters (n);
create index counters_big on counters (big);
create index counters_ratio on counters (ratio);
create view students as select * from users where role = 'student';
create table events (id int primary key, user_id int);
create table events_old () inherits (events);
create table deferred (user_id int unique deferrable initially deferred, points int not null);
create schema shop;
create table shop.customers (id bigint primary key, email text not null, joined timestamp not null);
create index on shop.customers (joined);
create index on shop.customers (email);
create table shop.orders (id bigint primary key, customer_id bigint not null, total numeric not null, placed timestamp not null, coupon_id bigint);
create index on shop.orders (placed, id);
create table shop.visits (id bigint primary key, customer_id bigint not null, seconds int, at timestamp not null);`

/** Of TPC-H and pgbench what their statements need. */
export const BENCH_TABLES = /* sql */ `
create table part (p_partkey int primary key, p_name text not null, p_mfgr text not null, p_brand text not null, p_type text not null, p_size int not null, p_container text not null, p_retailprice numeric not null);
create table supplier (s_suppkey int primary key, s_name text not null, s_address text not null, s_nationkey int not null, s_phone text not null, s_acctbal numeric not null, s_comment text not null);
create table partsupp (ps_partkey int, ps_suppkey int, ps_availqty int not null, ps_supplycost numeric not null, primary key (ps_partkey, ps_suppkey));
create table customer (c_custkey int primary key, c_name text not null, c_nationkey int not null, c_phone text not null, c_acctbal numeric not null, c_mktsegment text not null);
create table orders (o_orderkey int primary key, o_custkey int not null, o_orderstatus text not null, o_totalprice numeric not null, o_orderdate date not null, o_orderpriority text not null, o_shippriority int not null, o_comment text not null);
create table lineitem (l_orderkey int, l_partkey int not null, l_suppkey int not null, l_linenumber int, l_quantity numeric not null, l_extendedprice numeric not null, l_discount numeric not null, l_tax numeric not null, l_returnflag text not null, l_linestatus text not null, l_shipdate date not null, l_commitdate date not null, l_receiptdate date not null, l_shipmode text not null, primary key (l_orderkey, l_linenumber));
create index on lineitem (l_shipdate);
create index on orders (o_orderdate);
create table nation (n_nationkey int primary key, n_name text not null, n_regionkey int not null);
create table region (r_regionkey int primary key, r_name text not null);
create table pgbench_branches (bid int primary key, bbalance int);
create table pgbench_tellers (tid int primary key, bid int, tbalance int);
create table pgbench_accounts (aid int primary key, bid int, abalance int);
create table pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp);`

/** A statement, the rules that find something in it, and values for its parameters. */
export interface HintCase {
  sql: string
  finds: RuleName[]
  values?: unknown[]
}

const found = (rule: RuleName, ...statements: (string | [string, ...unknown[]])[]): HintCase[] =>
  statements.map((one) => (typeof one === 'string' ? { sql: one, finds: [rule] } : { sql: one[0], finds: [rule], values: one.slice(1) }))
const innocent = (...statements: string[]): HintCase[] => statements.map((sql) => ({ sql, finds: [] }))

/** The leaderboard as the guide prints it, but for a join that LMS databases of whole numbers need as well. */
export const PRINTED_LEADERBOARD = /* sql */ `
with user_scores as (
  select u.id as user_id, u.name,
    count(distinct sp.course_id) as courses_enrolled,
    count(distinct case when sp.completion_percentage = 100 then sp.course_id end) as courses_completed,
    avg(sp.completion_percentage) as avg_completion,
    sum(extract(epoch from sp.total_time_spent)) as total_seconds_spent,
    count(distinct qr.id) as total_quizzes,
    avg(qr.score) as avg_quiz_score
  from users u
  left join student_progress sp on u.id = sp.user_id
  left join quiz_results qr on u.id = qr.user_id
  where u.role = 'student' and sp.enrolled_at >= $1
  group by u.id, u.name
  having count(distinct sp.course_id) > 0
), ranked_users as (
  select user_id, name, courses_enrolled, courses_completed, round(avg_completion, 2) as avg_completion,
    round(total_seconds_spent / 3600, 2) as total_hours, total_quizzes, round(avg_quiz_score, 2) as avg_quiz_score,
    (courses_completed * 100 + avg_completion * 0.5 + (avg_quiz_score * 0.3)) as score
  from user_scores)
select row_number() over (order by score desc) as rank, user_id, name, courses_enrolled, courses_completed, avg_completion, total_hours,
  total_quizzes, avg_quiz_score, round(score, 2) as total_score
from ranked_users order by score desc, user_id limit 50`

/** The collaborative recommendations as printed. */
export const PRINTED_COLLABORATIVE = /* sql */ `
with user_similarities as (
  select sp1.user_id as user1, sp2.user_id as user2,
    count(case when sp1.course_id = sp2.course_id then 1 end)::decimal / count(distinct coalesce(sp1.course_id, sp2.course_id)) as similarity
  from student_progress sp1 cross join student_progress sp2
  where sp1.user_id != sp2.user_id and sp1.completion_percentage > 50 and sp2.completion_percentage > 50
  group by sp1.user_id, sp2.user_id
  having count(case when sp1.course_id = sp2.course_id then 1 end) >= 2
), recommendations as (
  select us.user1 as target_user, sp.course_id as recommended_course, c.title, c.difficulty_level,
    avg(us.similarity * sp.completion_percentage) as recommendation_score
  from user_similarities us
  join student_progress sp on us.user2 = sp.user_id
  join courses c on sp.course_id = c.id
  where sp.completion_percentage >= 80
    and sp.course_id not in (select course_id from student_progress where user_id = us.user1)
  group by us.user1, sp.course_id, c.title, c.difficulty_level
  having avg(us.similarity) > 0.3)
select target_user, recommended_course, title, difficulty_level, round(recommendation_score, 3) as score
from recommendations where target_user = $1 order by recommendation_score desc limit 10`

export const HINT_CASES: HintCase[] = [
  ...found(
    'multiplying-join',
    [PRINTED_LEADERBOARD, '2024-03-01'],
    'select u.id, sum(p.completion_percentage), count(q.id) from users u join student_progress p on p.user_id = u.id join quiz_results q on q.user_id = u.id group by u.id',
    'select u.name, sum(p.completion_percentage) as done from users u left join student_progress p on p.user_id = u.id left join quiz_results q on q.user_id = u.id group by u.id, u.name having sum(p.completion_percentage) > 10 order by done desc, u.id',
    'select c.id, count(o.id)::int, count(distinct v.id) as visits, max(v.seconds) from shop.customers c left join shop.orders o on o.customer_id = c.id left join shop.visits v on v.customer_id = c.id group by c.id',
    'select c.id, sum(o.total), sum(v.seconds) from shop.customers c, shop.orders o, shop.visits v where o.customer_id = c.id and v.customer_id = c.id group by c.id',
    "select c.id, sum(o.total) from shop.customers c join shop.orders o on o.customer_id = c.id join shop.visits v on v.customer_id = o.customer_id where o.placed >= '2024-02-01' group by c.id",
    'select u.role, avg(p.completion_percentage) from users u join student_progress p on p.user_id = u.id join quiz_results q on q.user_id = u.id group by u.role',
    "select u.id, string_agg(q.score::text, ',') from users u join student_progress p on p.user_id = u.id join quiz_results q on q.user_id = u.id group by u.id",
    [
      'select u.id, sum(q.score) filter (where q.score > $1) as good, avg(p.completion_percentage) from users u left join student_progress p on p.user_id = u.id left join quiz_results q on q.user_id = u.id and q.score > $2 group by 1',
      20,
      10,
    ],
    'select sum(o.total) from shop.customers c join shop.orders o on o.customer_id = c.id join shop.visits v on v.customer_id = c.id',
  ),
  ...found(
    'not-in',
    [PRINTED_COLLABORATIVE, 3],
    'select id as tested from users where id not in (select created_by from courses)',
    'select boss as tested, id from users where boss not in (select created_by from courses)',
    'select id as tested from users u where not id in (select p.user_id from student_progress p where p.completion_percentage > 50)',
    'select id as tested from users where id <> all (select user_id from quiz_results)',
    'select u.id as tested from users u where u.id not in (select distinct user_id from quiz_results q where q.score > 10) and u.role is not null',
    'select id as tested from users where id not in (select boss from users)',
    'select boss as tested, id from users where boss not in (select boss from users x where x.id > 4)',
    ['select o.id as tested from shop.orders o where o.id not in (select coupon_id from shop.orders where total > $1)', 5],
    'select id as tested from courses c where id not in (select p.course_id from student_progress p join users u on u.id = p.user_id)',
  ),
  ...found(
    'count-exists',
    'select id from users u where (select count(*) from quiz_results q where q.user_id = u.id) > 0',
    'select id, (select count(*) from quiz_results q where q.user_id = u.id) >= 1 as has from users u',
    'select id from users u where (select count(*) from quiz_results q where q.user_id = u.id and q.score > 20) = 0',
    'select id from users u where 0 <> (select count(p.completion_percentage) from student_progress p where p.user_id = u.id)',
    'select case when (select count(1) from student_progress where user_id = u.id) < 1 then 1 else 2 end as n, id from users u',
    'select id from users u where 0 < (select count(*) filter (where q.score > 20) from quiz_results q where q.user_id = u.id)',
    [
      'select id from users u where not ((select count(*) from student_progress p join courses c on c.id = p.course_id where p.user_id = u.id and c.id = $1) > 0)',
      3,
    ],
  ),
  ...found(
    'indexed-column',
    ['select id from users where date(created_at) = $1', '2024-03-10'],
    ['select id from users where joined::date = $1', '2024-03-10'],
    "select id from users where date(joined) = '2024-03-10'",
    "select id from users where joined::date = date '2024-03-10'",
    ['select id from users where joined::date between $1 and $2', '2024-03-01', '2024-03-20'],
    ['select id from users where joined::date > $1 and role is not null', '2024-03-10'],
    ['select id from users where joined::date <= $1', '2024-03-10'],
    ['select id from users where $1 <= joined::date', '2024-03-10'],
    'select id from users where extract(year from joined) = 2024',
    "select id from users where date_part('year', born) = 2024",
    'select id from users where extract(year from created_at) = 2024',
    'select id from counters where n + 0 = 3',
    'select id from counters where n - 2 > 1',
    'select id from counters where 5 + big <= 8',
    'select count(*) from users where joined::date = current_date',
    ['delete from users where joined::date = $1', '1999-01-01'],
  ),
  ...found(
    'lowered-column',
    ['select id from users where lower(email) = $1', 'a'],
    "select id from shop.customers where upper(email) = 'A'",
  ),
  ...found(
    'offset-paging',
    'select id, n from counters order by id limit 20 offset 1000',
    'select * from counters order by id desc limit 10 offset 1990',
    'select c.id, c.title from courses c where c.id > 0 order by c.created_at, c.id limit 50 offset 1200',
  ),
  ...found(
    'distinct-join',
    'select distinct u.id, u.name from users u join quiz_results q on q.user_id = u.id',
    'select distinct u.* from users u, student_progress p where p.user_id = u.id and p.completion_percentage > 50 order by u.id',
    [
      'select distinct c.id, lower(c.title) as t from courses c join course_tags t on t.course_id = c.id where t.tag <> $1 and c.id > 2',
      'a',
    ],
  ),
  ...innocent(
    // One-to-many joins that multiply nothing, or what is meant.
    'select u.id, count(*) from users u join student_progress p on p.user_id = u.id group by u.id',
    'select u.id, sum(p.completion_percentage) from users u join student_progress p on p.user_id = u.id group by u.id',
    'select u.id, count(distinct p.id), count(distinct q.id), max(q.score) from users u left join student_progress p on p.user_id = u.id left join quiz_results q on q.user_id = u.id group by u.id',
    'select u.id, avg(p.completion_percentage), avg(q.score) from users u left join student_progress p on p.user_id = u.id left join quiz_results q on q.user_id = u.id group by u.id',
    'select u.id, sum(q.score), max(f.credit) from users u join profiles f on f.user_id = u.id join quiz_results q on q.user_id = u.id group by u.id',
    'select c.id, sum(p.amount) from courses c join prices p on p.course_id = c.id join student_progress s on s.course_id = c.id where p.is_current group by c.id',
    'select c.id, sum(f.amount) from courses c join enrolment_fees f on f.course_id = c.id join student_progress s on s.course_id = c.id where f.valid_from <= now() and f.valid_to > now() group by c.id',
    'select c.id, sum(f.amount) from courses c join enrolment_fees f on f.course_id = c.id join student_progress s on s.course_id = c.id where f.valid_to is null group by c.id',
    'select c.id, sum(f.amount) from courses c join enrolment_fees f on f.course_id = c.id and f.valid_from <= c.created_at and f.valid_to > c.created_at join student_progress s on s.course_id = c.id group by c.id',
    "select u.id, sum(p.completion_percentage) from users u join student_progress p on p.user_id = u.id join courses c on c.id = p.course_id join quiz_results q on q.user_id = u.id where c.title = 'SQL' group by u.id",
    'select t.tag, count(p.id) from courses c join course_tags t on t.course_id = c.id join student_progress p on p.course_id = c.id group by t.tag',
    'select a.user_id, b.user_id, count(*) from courses c join student_progress a on a.course_id = c.id join student_progress b on b.course_id = c.id where a.user_id < b.user_id group by a.user_id, b.user_id',
    'select c.id, count(*) from courses c join lessons l on l.course_id = c.id join student_progress p on p.course_id = c.id group by c.id',
    'select l.course_id, sum(p.amount) from lessons l join prices p on p.course_id = l.course_id group by l.course_id',
    'select u.id, sum(p.completion_percentage) / count(distinct q.id) from users u join student_progress p on p.user_id = u.id join quiz_results q on q.user_id = u.id group by u.id',
    'select s.id, sum(p.completion_percentage) from students s join student_progress p on p.user_id = s.id join quiz_results q on q.user_id = s.id group by s.id',
    'select e.id, sum(p.completion_percentage), count(q.id) from events e join student_progress p on p.user_id = e.user_id join quiz_results q on q.user_id = e.user_id group by e.id',
    'select u.id, sum(d.points) from users u join deferred d on d.user_id = u.id join quiz_results q on q.user_id = u.id group by u.id',
    'select u.id, sum(p.completion_percentage) over (partition by u.id) from users u join student_progress p on p.user_id = u.id join quiz_results q on q.user_id = u.id',
    'select u.id, p.done, q.n from users u left join (select user_id, sum(completion_percentage) as done from student_progress group by user_id) p on p.user_id = u.id left join (select user_id, count(*) as n from quiz_results group by user_id) q on q.user_id = u.id',
    // NOT IN without a NULL in sight.
    'select id from users where id not in (select user_id from quiz_results where user_id is not null)',
    'select id from users where id not in (select id from courses)',
    'select id from users where id not in (1, 2, 3)',
    'select id from users where id in (select user_id from quiz_results)',
    'select id from users u where not exists (select 1 from quiz_results q where q.user_id = u.id)',
    'select id from users where id not in (select user_id from quiz_results where user_id > 3)',
    'select id from users where id not in (select q.checked from quiz_results q)',
    'select id from users where id not in (select distinct on (section_id) user_id from quiz_results order by section_id, score)',
    'select id from users where id not in (select max(user_id) from quiz_results)',
    'select id not in (select user_id from quiz_results) from users',
    'select id from courses where id not in (select course_id from course_tags)',
    'select id from users where id not in (select s.id from students s)',
    // Counts that are meant.
    'select (select count(*) from quiz_results) as n',
    'select id from users u where (select count(*) from quiz_results q where q.user_id = u.id) > 1',
    'select id from users u where (select count(*) from quiz_results q where q.user_id = u.id) > $1',
    'select id from users u where (select count(distinct q.user_id) from quiz_results q) > 0 and id > 1',
    'select user_id from quiz_results group by user_id having count(*) > 0',
    'select id from users u where (select count(*) from quiz_results q where q.user_id = u.id group by q.user_id) > 0',
    'select (select count(*) from quiz_results q where q.user_id = u.id) > 0 as has, count(*) from users u group by (select count(*) from quiz_results q where q.user_id = u.id) > 0',
    'select id from users u where (select sum(score) from quiz_results q where q.user_id = u.id) > 0',
    'select id from users u where (select count(*) from quiz_results q where random() > 0.5) > 0',
    // Functions that no index of the column could serve better, or that one has.
    'select id from users where date(last_active_at) = $1',
    'select id from users where lower(name) = $1',
    'select id from users where born::date = $1',
    'select id from users where created_at >= $1 and created_at < $2',
    "select id from users where date_trunc('day', joined) = $1",
    'select id from users where joined::date = $1 and id = $2',
    'select id from users where extract(month from joined) = 3',
    'select id from counters where ratio + 1 = 3',
    'select id from counters where n + big = 3',
    'select id from counters where n * 2 = 4',
    'select id from counters where n + $1 = $2',
    'select id from courses where published_at::date = $1',
    'select joined::date, count(*) from users group by 1',
    'select id from users where joined::date <> $1',
    // Pages that are near, or whose order is not certain.
    'select id from counters order by id limit 20 offset 40',
    'select id from counters order by id limit $1 offset $2',
    'select id from counters order by n limit 20 offset 5000',
    'select id from users order by boss, id limit 20 offset 5000',
    'select n as id, id as n from counters order by id limit 20 offset 5000',
    'select distinct id from counters order by id limit 20 offset 5000',
    'select n, count(*) from counters group by n order by n limit 20 offset 5000',
    'select id from counters order by id offset 5000',
    // DISTINCT that is needed.
    'select distinct u.name from users u join quiz_results q on q.user_id = u.id',
    'select distinct u.id, q.score from users u join quiz_results q on q.user_id = u.id',
    'select distinct q.user_id from quiz_results q',
    'select distinct u.id from users u left join quiz_results q on q.user_id = u.id',
    'select distinct u.id from users u join profiles p on p.user_id = u.id',
    // Nothing to say.
    'insert into counters (id, n, big, ratio) values ($1, $2, $3, $4)',
    'update users set last_active_at = now() where id = $1',
    'select $1',
    'select * from not_here where id not in (select id from nor_here)',
    'truncate counters',
  ),
]

/** TPC-H (queries that hold what rules look for, and the usual ones) and pgbench: no fault in any. */
export const BENCH_STATEMENTS = [
  "select l_returnflag, l_linestatus, sum(l_quantity), sum(l_extendedprice * (1 - l_discount)), avg(l_quantity), count(*) from lineitem where l_shipdate <= date '1998-12-01' - interval '90 day' group by l_returnflag, l_linestatus order by 1, 2",
  "select s_acctbal, s_name, n_name, p_partkey from part, supplier, partsupp, nation, region where p_partkey = ps_partkey and s_suppkey = ps_suppkey and p_size = 15 and p_type like '%BRASS' and s_nationkey = n_nationkey and n_regionkey = r_regionkey and r_name = 'EUROPE' and ps_supplycost = (select min(ps_supplycost) from partsupp, supplier, nation, region where p_partkey = ps_partkey and s_suppkey = ps_suppkey and s_nationkey = n_nationkey and n_regionkey = r_regionkey and r_name = 'EUROPE') order by s_acctbal desc limit 100",
  "select l_orderkey, sum(l_extendedprice * (1 - l_discount)) as revenue, o_orderdate, o_shippriority from customer, orders, lineitem where c_mktsegment = 'BUILDING' and c_custkey = o_custkey and l_orderkey = o_orderkey and o_orderdate < date '1995-03-15' group by l_orderkey, o_orderdate, o_shippriority order by revenue desc limit 10",
  "select o_orderpriority, count(*) from orders where o_orderdate >= date '1993-07-01' and exists (select * from lineitem where l_orderkey = o_orderkey and l_commitdate < l_receiptdate) group by o_orderpriority",
  "select n_name, sum(l_extendedprice * (1 - l_discount)) from customer, orders, lineitem, supplier, nation, region where c_custkey = o_custkey and l_orderkey = o_orderkey and l_suppkey = s_suppkey and c_nationkey = s_nationkey and s_nationkey = n_nationkey and n_regionkey = r_regionkey and r_name = 'ASIA' group by n_name",
  "select supp_nation, cust_nation, l_year, sum(volume) from (select n1.n_name as supp_nation, n2.n_name as cust_nation, extract(year from l_shipdate) as l_year, l_extendedprice * (1 - l_discount) as volume from supplier, lineitem, orders, customer, nation n1, nation n2 where s_suppkey = l_suppkey and o_orderkey = l_orderkey and c_custkey = o_custkey and s_nationkey = n1.n_nationkey and c_nationkey = n2.n_nationkey and l_shipdate between date '1995-01-01' and date '1996-12-31') as shipping group by 1, 2, 3",
  "select nation, o_year, sum(amount) from (select n_name as nation, extract(year from o_orderdate) as o_year, l_extendedprice * (1 - l_discount) - ps_supplycost * l_quantity as amount from part, supplier, lineitem, partsupp, orders, nation where s_suppkey = l_suppkey and ps_suppkey = l_suppkey and ps_partkey = l_partkey and p_partkey = l_partkey and o_orderkey = l_orderkey and s_nationkey = n_nationkey and p_name like '%green%') profit group by 1, 2",
  "select c_custkey, c_name, sum(l_extendedprice * (1 - l_discount)) from customer, orders, lineitem, nation where c_custkey = o_custkey and l_orderkey = o_orderkey and l_returnflag = 'R' and c_nationkey = n_nationkey group by c_custkey, c_name",
  "select ps_partkey, sum(ps_supplycost * ps_availqty) from partsupp, supplier, nation where ps_suppkey = s_suppkey and s_nationkey = n_nationkey and n_name = 'GERMANY' group by ps_partkey having sum(ps_supplycost * ps_availqty) > (select sum(ps_supplycost * ps_availqty) * 0.0001 from partsupp, supplier, nation where ps_suppkey = s_suppkey and s_nationkey = n_nationkey)",
  "select l_shipmode, sum(case when o_orderpriority = '1-URGENT' then 1 else 0 end) from orders, lineitem where o_orderkey = l_orderkey and l_shipmode in ('MAIL', 'SHIP') group by l_shipmode",
  "select c_count, count(*) from (select c_custkey, count(o_orderkey) from customer left outer join orders on c_custkey = o_custkey and o_comment not like '%special%' group by c_custkey) as c_orders (c_custkey, c_count) group by c_count",
  "select p_brand, p_type, p_size, count(distinct ps_suppkey) from partsupp, part where p_partkey = ps_partkey and p_brand <> 'Brand#45' and ps_suppkey not in (select s_suppkey from supplier where s_comment like '%Customer%Complaints%') group by p_brand, p_type, p_size",
  "select sum(l_extendedprice) / 7.0 from lineitem, part where p_partkey = l_partkey and p_brand = 'Brand#23' and l_quantity < (select 0.2 * avg(l_quantity) from lineitem where l_partkey = p_partkey)",
  'select c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice, sum(l_quantity) from customer, orders, lineitem where o_orderkey in (select l_orderkey from lineitem group by l_orderkey having sum(l_quantity) > 300) and c_custkey = o_custkey and o_orderkey = l_orderkey group by c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice',
  "select s_name, count(*) from supplier, lineitem l1, orders, nation where s_suppkey = l1.l_suppkey and o_orderkey = l1.l_orderkey and o_orderstatus = 'F' and l1.l_receiptdate > l1.l_commitdate and exists (select * from lineitem l2 where l2.l_orderkey = l1.l_orderkey and l2.l_suppkey <> l1.l_suppkey) and not exists (select * from lineitem l3 where l3.l_orderkey = l1.l_orderkey and l3.l_suppkey <> l1.l_suppkey and l3.l_receiptdate > l3.l_commitdate) and s_nationkey = n_nationkey group by s_name",
  'select cntrycode, count(*), sum(c_acctbal) from (select substring(c_phone from 1 for 2) as cntrycode, c_acctbal from customer where not exists (select * from orders where o_custkey = c_custkey)) as custsale group by cntrycode',
  'update pgbench_accounts set abalance = abalance + $1 where aid = $2',
  'select abalance from pgbench_accounts where aid = $1',
  'update pgbench_tellers set tbalance = tbalance + $1 where tid = $2',
  'insert into pgbench_history (tid, bid, aid, delta, mtime) values ($1, $2, $3, $4, current_timestamp)',
]

/** Fills the tables anew: with NULLs, duplicates and rows that match nothing, by a seed; some tables stay empty where `empty` names them. */
export const randomRows = (seed: number, empty: string[] = []): string => {
  const maybe = (value: string, part = 0.2) => `case when random() > ${part} then ${value} end`
  const one = (most: number) => `1 + floor(random() * ${most})::int`
  // Around midnight in several zones, and on the days when clocks of Berlin and New York change.
  const moment = `(timestamp '2024-03-08' + floor(random() * 25)::int * interval '1 day' + (array[0, 1, 3599, 3600, 7200, 43200, 82800, 86399])[${one(8)}] * interval '1 second')`
  const rows: Record<string, string> = {
    users: `select g, 'u' || g || '@example.org', (array['Ann', 'Bob', 'ann'])[${one(3)}], (array['student', 'teacher'])[${one(2)}], ${maybe(`${moment} at time zone 'UTC'`)}, null, ${maybe(moment)}, ${maybe(`(${moment})::date`)}, ${maybe('1', 0.5)} from generate_series(1, 12) g order by g`,
    courses: `select g, 'Course ' || g % 3, 'easy', ${maybe(one(12))}, ${moment} at time zone 'UTC', null, '{}' from generate_series(1, 8) g`,
    lessons: `select g, ${maybe(one(8))}, 'L', g from generate_series(1, 10) g`,
    student_progress: `select row_number() over (), u, c, ${maybe(`${moment} at time zone 'UTC'`)}, now(), ${maybe('(random() * 4)::int * 25')}, ${maybe("(random() * 9)::int * interval '1 hour'")}, null::int from generate_series(1, 12) u, generate_series(1, 8) c where random() > 0.6 union all select 1000 + g, ${maybe(one(12), 0.6)}, null, now(), now(), 100, null, null from generate_series(1, 3) g`,
    quiz_results: `select g, ${maybe(one(12))}, 1, (random() * 5)::int * 10, 50, now(), 1 from generate_series(1, 30) g`,
    course_tags: `select c, t from generate_series(1, 8) c, unnest(array['a', 'b', 'c']) t where random() > 0.5`,
    counters: `select g, (random() * 6)::int, (random() * 6)::int, random() from generate_series(1, 2000) g`,
    'shop.customers': `select g, 'c' || g, ${moment} from generate_series(1, 6) g`,
    'shop.orders': `select g, ${one(6)}, (random() * 100)::int, ${moment}, ${maybe(one(6))} from generate_series(1, 20) g`,
    'shop.visits': `select g, ${one(6)}, ${maybe('(random() * 100)::int')}, ${moment} from generate_series(1, 15) g`,
  }
  const filled = Object.entries(rows).filter(([table]) => !empty.includes(table))
  return [
    `set session_replication_role = replica; select setseed(${seed})`,
    `truncate ${Object.keys(rows).join(', ')} cascade`,
    ...filled.map(([table, query]) => `insert into ${table} ${query}`),
    "insert into courses select g, 'More', 'hard', null, now(), null from generate_series(100, 1400) g where " +
      (empty.includes('courses') ? 'false' : 'true'),
    'set session_replication_role = origin',
  ].join(';\n')
}
