/** Schemas in the manner of large applications, generated: what is odd in them is odd in real ones, too. */
export interface Lookalike {
  name: string
  about: string
  /** Each is sent by itself, outside a transaction block. */
  sql: string[]
}

/** Runs a PL/pgSQL body for each number, a commit each hundred: one transaction would need a lock for every relation. */
const repeat = (times: number, body: string): string => /* sql */ `
do $make$
declare
  at int;
begin
  for at in 1 .. ${times} loop
    ${body}
    if at % 100 = 0 then commit; end if;
  end loop;
end
$make$`

const format = (text: string, count: number): string => `execute format($q$${text}$q$${', at'.repeat(count)});`

/** A code forge: composite keys with the partition's number in them, lists of partitions, trigrams, states. */
const forge: Lookalike = {
  name: 'forge',
  about: 'partitions with composite keys, trigram indexes, partial indexes on states',
  sql: [
    'create extension pg_trgm; create extension btree_gist',
    'create schema dynamic; create table namespaces (id bigint primary key, parent_id bigint references namespaces, path text)',
    'create index namespaces_path on namespaces using gin (path gin_trgm_ops); create index namespaces_parent on namespaces (parent_id, id)',
    'create table pipelines (id bigint, partition_id bigint, ref text, primary key (id, partition_id)) partition by list (partition_id)',
    'create table pipelines_100 partition of pipelines for values in (100); create table pipelines_101 partition of pipelines for values in (101)',
    repeat(
      120,
      `${format('create table builds_%s (id bigint, partition_id bigint, pipeline_id bigint, namespace_id bigint, state smallint, primary key (id, partition_id)) partition by list (partition_id)', 1)}
      ${format('alter table builds_%s add constraint builds_%s_pipeline foreign key (pipeline_id, partition_id) references pipelines (id, partition_id) on delete cascade', 2)}
      if at % 4 <> 0 then ${format('create table dynamic.builds_%s_100 partition of builds_%s for values in (100)', 2)} end if;
      if at % 3 = 0 then ${format('create table dynamic.builds_%s_101 partition of builds_%s for values in (101) partition by range (id)', 2)}
        ${format('create table dynamic.builds_%s_101_a partition of dynamic.builds_%s_101 for values from (0) to (1000)', 2)} end if;
      case at % 6
        when 0 then ${format('create index on builds_%s (pipeline_id, partition_id)', 1)}
        when 1 then ${format('create index on builds_%s (partition_id, pipeline_id)', 1)}
        when 2 then ${format('create index on builds_%s (pipeline_id)', 1)}
        when 3 then ${format('create index on builds_%s (pipeline_id, partition_id) where pipeline_id is not null', 1)}
        when 4 then ${format('create index builds_%s_only on only builds_%s (pipeline_id)', 2)}
        else null;
      end case;
      ${format('create index on builds_%s (namespace_id) where state in (1, 2)', 1)}`,
    ),
    repeat(
      900,
      `${format('create table project_%s (id bigint primary key, namespace_id bigint not null references namespaces on delete cascade, name text, description text, state smallint default 1, created_at timestamptz, archived_at timestamptz)', 1)}
      ${format('create index on project_%s using gin (name gin_trgm_ops)', 1)}
      ${format('create unique index on project_%s (namespace_id, lower(name))', 1)}
      ${format('create index on project_%s (created_at, id) where archived_at is null', 1)}
      if at % 7 = 0 then ${format('create index on project_%s (namespace_id)', 1)} end if;
      if at % 11 = 0 then ${format('create index on project_%s (state) where state <> 1; create index on project_%s (state) where state <> 1', 2)} end if;
      if at % 13 = 0 then ${format("update pg_index set indisvalid = false where indexrelid = 'project_%s_created_at_id_idx'::regclass", 1)} end if;`,
    ),
  ],
}

/** A forum: arrays with intarray, names without regard to case, soft deletes, materialized views. */
const forum: Lookalike = {
  name: 'forum',
  about: 'intarray, citext, soft deletes, materialized views, expression indexes',
  sql: [
    'create extension intarray; create extension citext; create extension hstore; create extension pg_trgm',
    'create table users (id serial primary key, username citext unique, email text, seen timestamp, flags int[], extra hstore)',
    'create index on users using gin (flags gin__int_ops); create index on users using gist (flags gist__int_ops)',
    'create unique index on users (lower(email)); create index on users (seen) where seen is not null',
    'create index on users using gist (extra gist_hstore_ops (siglen = 32))',
    repeat(
      400,
      `${format('create table topics_%s (id serial primary key, user_id int references users, title citext, tags int[], bumped_at timestamp, deleted_at timestamp, pinned boolean, score float8, search tsvector)', 1)}
      ${format('create index on topics_%s (user_id) where deleted_at is null', 1)}
      ${format('create index on topics_%s using gin (search)', 1)}
      ${format('create index on topics_%s using brin (bumped_at)', 1)}
      ${format('create index on topics_%s (bumped_at desc) where deleted_at is null and pinned', 1)}
      if at % 2 = 0 then ${format('create index on topics_%s (user_id) where user_id is not null', 1)} end if;
      if at % 3 = 0 then ${format('create index on topics_%s using gin (tags gin__int_ops); create index on topics_%s using gin (tags)', 2)} end if;
      if at % 5 = 0 then ${format('create materialized view hot_%s as select id, score from topics_%s', 2)}
        ${format('create unique index on hot_%s (id); create index on hot_%s (score)', 2)} end if;
      if at % 7 = 0 then ${format('create index on topics_%s (md5(title::text)); create index on topics_%s ((title || title))', 2)} end if;
      ${format("insert into topics_%s (title, score) select 'topic ' || g, g from generate_series(1, 50) g", 1)}`,
    ),
  ],
}

/** A business suite: two thousand tables, keys without indexes, names that need quotes, inheritance, reservations. */
const suite: Lookalike = {
  name: 'suite',
  about: 'two thousand tables, names that need quotes, inheritance, exclusion constraints, unlogged tables',
  sql: [
    'create extension btree_gist; create schema "Back Office"; create table res_users (id serial primary key, login text unique)',
    'create table "Back Office"."Order" ("Id" int primary key, "user" int references res_users, "order" text, "select" int)',
    'create index "the ""best"" index" on "Back Office"."Order" ("user", "select"); create index "ÜNÏ" on "Back Office"."Order" ("order" desc nulls last)',
    'create index "Select" on "Back Office"."Order" ("select"); create index "select" on "Back Office"."Order" ("select")',
    'create table base (id int, kind text); create table derived (extra int) inherits (base); create index on base (kind); create index on derived (kind)',
    'create table booking (id int primary key, room int, during tsrange, exclude using gist (room with =, during with &&))',
    'create index on booking using gist (during); create unlogged table cache (id int primary key, body text); create index on cache (body)',
    'create table empty_parts (id int, note text) partition by hash (id); create index on empty_parts (note); create index on empty_parts (note)',
    `create table "${'very_long_'.repeat(6)}" (id int primary key, ${'a_column_with_a_long_name_'}x int references res_users)`,
    repeat(
      2_000,
      `${format('create table model_%s (id serial primary key, create_uid int references res_users on delete set null, write_uid int references res_users on delete set null, name varchar, active boolean, "sequence" int)', 1)}
      if at % 4 = 0 then ${format('create index on model_%s (create_uid)', 1)} end if;
      if at % 6 = 0 then ${format('create index on model_%s (name); create index on model_%s (name varchar_pattern_ops)', 2)} end if;
      if at % 10 = 0 then ${format('create index on model_%s (active, "sequence"); create index on model_%s (active)', 2)} end if;
      if at % 15 = 0 then ${format('alter table model_%s add column twice int generated always as (id * 2) stored; create index on model_%s (twice)', 2)} end if;`,
    ),
  ],
}

export const LOOKALIKES: Lookalike[] = [forge, forum, suite]
