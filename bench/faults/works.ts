/** What a run does in the bench, and where it is held so that a fault can come right there. */

/** Asks the case's own database on its server. */
export type Ask = <T extends object>(sql: string, values?: unknown[]) => Promise<T[]>

export interface Stage {
  /** Statements of a session that holds it there until it lets go. */
  hold?: string
  /** Rows while it is there. */
  there?: string
  /** On the wire: the statement that is held, or its answer. */
  wire?: 'before' | 'answer'
  /** In the queue: it has no worker, waits for its window, or for its next try. */
  queue?: 'unclaimed' | 'window' | 'retry'
}

export interface Work {
  name: string
  command: string
  input: (ask: Ask, nth: number) => Promise<Record<string, unknown>> | Record<string, unknown>
  /** How the statement that does it begins, in the server's log. */
  statement: (nth: number) => string
  /** One value that changes when it is done, and only then. */
  mark: (nth: number) => string
  stages: Record<string, Stage>
}

/** While this advisory lock is held, whatever computes gated(2000) waits, and waits for no lock as far as anybody sees. */
export const CLOSE_GATE = 'select pg_advisory_lock(4711)'

/** In a database of its own for each case. Every table, index and view is made the same way, so that two servers have the same names and OIDs. */
export const OBJECTS = `
create function gated(int) returns int immutable language plpgsql as $$
begin
  while $1 = 2000 and not pg_try_advisory_lock_shared(4711) loop perform pg_sleep(0.02); end loop;
  if $1 = 2000 then perform pg_advisory_unlock_shared(4711); end if;
  return $1;
end $$;
create table elsewhere (id int);
create table t (id int);
insert into t select generate_series(1, 2000);
create index t_id on t (gated(id));
create index t_plain on t (id);
-- Of id * 1, which no index computes beforehand.
create materialized view m as select id from t where gated(id * 1) > 0;
create materialized view u as select id from t where gated(id * 1) > 0;
create unique index u_id on u (id);
insert into t values (3000)`

const UNCLAIMED: Stage = { queue: 'unclaimed' }
const WINDOW: Stage = { queue: 'window' }
const WIRE: Record<string, Stage> = { 'statement on its way': { wire: 'before' }, 'answer on its way': { wire: 'answer' } }

const progress = (phase: string) => `select from pg_stat_progress_create_index where datname = current_database() and phase like '${phase}'`
const waits = (query: string) =>
  `select from pg_stat_activity where datname = current_database() and query like '${query}%' and wait_event_type in ('Lock', 'BufferPin')`
/** plpgsql in the middle of another statement sleeps. */
const atGate = (query: string) =>
  `select from pg_stat_activity where datname = current_database() and query like '${query}%' and wait_event = 'PgSleep'`

const oidOf =
  (name: string, more: Record<string, unknown> = {}) =>
  async (ask: Ask) => ({ oid: (await ask<{ oid: number }>('select $1::regclass::oid::int as oid', [name]))[0]?.oid, ...more })

const file = (name: string) => () => `select to_regclass('${name}')::oid || '/' || pg_relation_filenode(to_regclass('${name}')) as mark`

/** Settings that take at a reload; each case has its own, so that many may be going on. */
const SETTINGS: ((nth: number) => [name: string, value: string])[] = [
  (nth) => ['work_mem', `${4096 + nth}kB`],
  (nth) => ['maintenance_work_mem', `${65536 + nth}kB`],
  (nth) => ['default_statistics_target', `${100 + nth}`],
  (nth) => ['autovacuum_vacuum_cost_limit', `${200 + nth}`],
  (nth) => ['log_min_duration_statement', `${60000 + nth}ms`],
  (nth) => ['temp_buffers', `${8 * (1024 + nth)}kB`],
  (nth) => ['effective_cache_size', `${8 * (524288 + nth)}kB`],
  (nth) => ['max_wal_size', `${1024 + nth}MB`],
]
const settingOf = (nth: number): [name: string, value: string] => SETTINGS[nth % SETTINGS.length]?.(nth) ?? ['work_mem', '5MB']

export const WORKS = {
  rebuild: {
    name: 'rebuild',
    command: 'reindex-index',
    input: oidOf('t_id'),
    statement: () => 'REINDEX INDEX CONCURRENTLY public.t_id',
    mark: file('t_id'),
    stages: {
      unclaimed: UNCLAIMED,
      'waiting for its window': WINDOW,
      'waiting for writers': { hold: 'begin; lock table t in row exclusive mode', there: progress('waiting for writers before build') },
      building: { hold: CLOSE_GATE, there: progress('building index%') },
      'waiting for snapshots': {
        hold: 'begin isolation level repeatable read; select from elsewhere',
        there: progress('waiting for old snapshots'),
      },
      'waiting for readers': { hold: 'begin; select from t', there: progress('waiting for readers before marking dead') },
    },
  },
  'rebuild in place': {
    name: 'rebuild in place',
    command: 'reindex-index',
    input: oidOf('t_id', { concurrently: false }),
    statement: () => 'REINDEX INDEX public.t_id',
    mark: file('t_id'),
    stages: {
      building: { hold: CLOSE_GATE, there: atGate('REINDEX INDEX') },
      'between tries': { hold: 'begin; select from t', queue: 'retry' },
    },
  },
  create: {
    name: 'create index',
    command: 'create-index',
    input: () => ({ definition: 'create index t_new on public.t (public.gated(id))' }),
    statement: () => 'CREATE INDEX CONCURRENTLY',
    mark: () => `select indisvalid::text as mark from pg_index where indexrelid = to_regclass('t_new') and indisvalid`,
    stages: {
      unclaimed: UNCLAIMED,
      'waiting for writers': { hold: 'begin; lock table t in row exclusive mode', there: progress('waiting for writers before build') },
      building: { hold: CLOSE_GATE, there: progress('building index%') },
    },
  },
  drop: {
    name: 'drop index',
    command: 'drop-index',
    input: oidOf('t_plain'),
    statement: () => 'DROP INDEX CONCURRENTLY public.t_plain',
    mark: () => `select (to_regclass('t_plain') is null)::text as mark`,
    stages: {
      unclaimed: UNCLAIMED,
      'waiting for its window': WINDOW,
      'waiting for readers': { hold: 'begin; select from t', there: waits('DROP INDEX CONC') },
    },
  },
  'drop in place': {
    name: 'drop index in place',
    command: 'drop-index',
    input: oidOf('t_plain', { concurrently: false }),
    statement: () => 'DROP INDEX public.t_plain',
    mark: () => `select (to_regclass('t_plain') is null)::text as mark`,
    stages: { 'between tries': { hold: 'begin; select from t', queue: 'retry' }, ...WIRE },
  },
  vacuum: {
    name: 'vacuum',
    command: 'vacuum-table',
    input: oidOf('t', { freeze: true }),
    statement: () => 'VACUUM (FREEZE',
    mark: () => `select (relallvisible > 0)::text as mark from pg_class where oid = 't'::regclass`,
    stages: {
      unclaimed: UNCLAIMED,
      'waiting for its window': WINDOW,
      // A cursor keeps its page pinned, and FREEZE waits for each page.
      'at a pinned page': { hold: 'begin; declare c cursor for select * from t; fetch 1 from c', there: waits('VACUUM (FREEZE') },
    },
  },
  'vacuum full': {
    name: 'vacuum full',
    command: 'vacuum-table',
    input: oidOf('t', { full: true }),
    statement: () => 'VACUUM (FULL',
    mark: file('t'),
    stages: {
      rewriting: { hold: CLOSE_GATE, there: atGate('VACUUM (FULL') },
      'between tries': { hold: 'begin; select from t', queue: 'retry' },
    },
  },
  refresh: {
    name: 'refresh',
    command: 'refresh-materialized-view',
    input: oidOf('m'),
    statement: () => 'REFRESH MATERIALIZED VIEW public.m',
    mark: () => 'select count(*)::text as mark from m',
    stages: { running: { hold: CLOSE_GATE, there: atGate('REFRESH') } },
  },
  'refresh beside': {
    name: 'refresh beside readers',
    command: 'refresh-materialized-view',
    input: oidOf('u'),
    statement: () => 'REFRESH MATERIALIZED VIEW CONCURRENTLY public.u',
    mark: () => 'select count(*)::text as mark from u',
    stages: { running: { hold: CLOSE_GATE, there: atGate('REFRESH') } },
  },
  analyze: {
    name: 'analyze',
    command: 'analyze-table',
    input: oidOf('t'),
    statement: () => 'ANALYZE',
    mark: () => `select count(*)::text as mark from pg_statistic where starelid = 't'::regclass`,
    stages: { running: { hold: CLOSE_GATE, there: atGate('ANALYZE') } },
  },
  setting: {
    name: 'setting',
    command: 'change-settings',
    input: (_ask, nth) => ({ set: Object.fromEntries([settingOf(nth)]) }),
    statement: (nth) => `ALTER SYSTEM SET ${settingOf(nth)[0]} = '${settingOf(nth)[1]}'`,
    // What is written, and what a new session has.
    mark: (nth) =>
      `select current_setting('${settingOf(nth)[0]}') || ' ' || coalesce((select string_agg(setting, ' ') from pg_file_settings
        where name = '${settingOf(nth)[0]}' and sourcefile like '%auto.conf'), '') as mark`,
    stages: { unclaimed: UNCLAIMED, 'waiting for its window': WINDOW, ...WIRE },
  },
  options: {
    name: 'table options',
    command: 'set-table-options',
    input: oidOf('t', { set: { fillfactor: '90' } }),
    statement: () => 'ALTER TABLE public.t SET',
    mark: () => `select coalesce(array_to_string(reloptions, ','), '') as mark from pg_class where oid = 't'::regclass`,
    stages: { unclaimed: UNCLAIMED, ...WIRE },
  },
} satisfies Record<string, Work>

export type WorkName = keyof typeof WORKS

/** A work and a stage of it, as "rebuild: building". */
export interface Variant {
  work: Work
  stage: Stage
  name: string
}

/** Errors: throws where there is no such stage. */
export function variant(name: WorkName, stageName: string): Variant {
  const work: Work = WORKS[name]
  const stage = work.stages[stageName]
  if (!stage) throw new Error(`${name} has no stage "${stageName}"`)
  return { work, stage, name: `${work.name}: ${stageName}` }
}

const NAMES = Object.keys(WORKS) as WorkName[]

/** Every stage of these works that fits. */
export const variants = (names: WorkName[] = NAMES, fits: (stage: Stage) => boolean = () => true): Variant[] =>
  names.flatMap((name) => {
    const stages: Record<string, Stage> = WORKS[name].stages
    return Object.keys(stages)
      .map((stage) => variant(name, stage))
      .filter(({ stage }) => fits(stage))
  })

/** Where something is going on at the server. */
export const going = ({ queue, wire }: Stage): boolean => queue === undefined && wire === undefined
