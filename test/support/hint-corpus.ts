import type { RuleName } from '../../db/statements/hints/registry'
import { PRINTED_COLLABORATIVE, PRINTED_LEADERBOARD } from './hint-corpus-printed'

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

/** A statement, the rules that find something in it, and values for its parameters. */
export interface HintCase {
  sql: string
  finds: RuleName[]
  values?: unknown[]
}

const found = (rule: RuleName, ...statements: (string | [string, ...unknown[]])[]): HintCase[] =>
  statements.map((one) => (typeof one === 'string' ? { sql: one, finds: [rule] } : { sql: one[0], finds: [rule], values: one.slice(1) }))
const innocent = (...statements: string[]): HintCase[] => statements.map((sql) => ({ sql, finds: [] }))

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
