import { z } from 'zod'
import { counter, float, oid, statementText, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { INHERITANCE } from '../../server/facts'
import { encodingOf, foreignText } from '../../server/foreign-text'
import { seesAs } from '../../server/grants'

const EXTENSION = 'pg_stat_statements'
/** Proctor's own statements carry a marker after their first word. Leading comments are not kept with a statement. */
const OWN = `s.query ~ '^\\w+ /\\* proctor[ :]'`
/** A text longer than this travels cut; nobody reads it, and it could be megabytes. */
const TEXT_MOST = 100_000

/** Converted to the encoding of this database, unless it is of SQL_ASCII: then they are as they were sent. */
const TEXT = foreignText(
  's.query',
  `case getdatabaseencoding() when 'SQL_ASCII' then ${encodingOf('s.dbid')} else getdatabaseencoding()::text end`,
  TEXT_MOST,
)

/** What the versions of the extension do not share, in the order of the columns that are left out where null. */
interface Columns {
  toplevel: string
  /** 1.11 renamed blk_* to shared_blk_*. */
  blkTime: string
  localBlkTime: boolean
  tempBlkTime: boolean
  jit: boolean
  since: boolean
  parallel: boolean
}

const orNull = (has: boolean, column: string, type: string) => (has ? column : `null::${type}`)

const statement = (has: Columns) => /* sql */ `
select /* proctor:statements */ s.userid, pg_get_userbyid(s.userid)::text as rolname, s.dbid, d.datname::text as datname,
       ${has.toplevel} as toplevel, s.queryid::text as queryid, ${TEXT} as query, ${OWN} as own,
       s.plans, s.total_plan_time, s.calls, s.rows,
       s.total_exec_time, s.min_exec_time, s.max_exec_time, s.mean_exec_time, s.stddev_exec_time,
       s.calls * (s.stddev_exec_time ^ 2 + s.mean_exec_time ^ 2) as exec_time_squares,
       s.shared_blks_hit, s.shared_blks_read, s.shared_blks_dirtied, s.shared_blks_written,
       s.local_blks_hit, s.local_blks_read, s.local_blks_dirtied, s.local_blks_written,
       s.temp_blks_read, s.temp_blks_written,
       s.${has.blkTime}_read_time as shared_blk_read_time, s.${has.blkTime}_write_time as shared_blk_write_time,
       ${orNull(has.localBlkTime, 's.local_blk_read_time', 'float8')} as local_blk_read_time,
       ${orNull(has.localBlkTime, 's.local_blk_write_time', 'float8')} as local_blk_write_time,
       ${orNull(has.tempBlkTime, 's.temp_blk_read_time', 'float8')} as temp_blk_read_time,
       ${orNull(has.tempBlkTime, 's.temp_blk_write_time', 'float8')} as temp_blk_write_time,
       s.wal_records, s.wal_fpi, s.wal_bytes::text as wal_bytes,
       ${orNull(has.jit, 's.jit_functions', 'int8')} as jit_functions,
       ${orNull(has.jit, 's.jit_generation_time + s.jit_inlining_time + s.jit_optimization_time + s.jit_emission_time', 'float8')} as jit_time,
       ${orNull(has.parallel, 's.parallel_workers_to_launch', 'int8')} as parallel_workers_to_launch,
       ${orNull(has.parallel, 's.parallel_workers_launched', 'int8')} as parallel_workers_launched,
       ${orNull(has.since, 's.stats_since', 'timestamptz')} as stats_since,
       ${orNull(has.since, 's.minmax_stats_since', 'timestamptz')} as minmax_stats_since
from @extschema@.pg_stat_statements($1::bool) s
left join pg_database d on d.oid = s.dbid
where $2::oid is null or s.dbid = $2::oid`

const V1_8: Columns = {
  toplevel: 'true',
  blkTime: 'blk',
  localBlkTime: false,
  tempBlkTime: false,
  jit: false,
  since: false,
  parallel: false,
}
const V1_9: Columns = { ...V1_8, toplevel: 's.toplevel' }
const V1_10: Columns = { ...V1_9, tempBlkTime: true, jit: true }
const V1_11: Columns = { ...V1_10, blkTime: 'shared_blk', localBlkTime: true, since: true }
const V1_12: Columns = { ...V1_11, parallel: true }

/**
 * pg_stat_statements (manual, F.32) as it stands: everything is counted since stats_since, or since the last reset of
 * all. Times in ms, blocks of block_size. The version of the extension decides about columns: 1.9 has toplevel, 1.10 jit
 * and the times of temporary blocks, 1.11 shared_blk_*_time and stats_since, 1.12 parallel workers.
 *
 * exec_time_squares is the sum of the squares of all execution times, in ms²: the deviation is computed by that module
 * as of a population, so it follows exactly. Unlike the deviation it can be subtracted and added up.
 *
 * A row that the role may not see has neither queryid nor text (`<insufficient privilege>`); with showtext = false, as
 * for sampling, no row has a text, and own is not known.
 */
export const statements = defineRead({
  name: 'statements',
  about: 'What pg_stat_statements has counted, a row a statement, user and database',
  extension: { name: EXTENSION, version: '1.8' },
  needs: 'pg_read_all_stats',
  calls: ['pg_stat_statements(boolean)'],
  params: z.object({
    /** Without it the server need not read its file of texts. */
    showtext: z.boolean(),
    /** Of one database; null: of all. */
    dbid: oid.nullable(),
  }),
  row: z.object({
    userid: oid,
    rolname: z.string(),
    dbid: oid,
    /** null: a database that is gone. */
    datname: z.string().nullable(),
    toplevel: z.boolean(),
    /** null: what another role runs, and the role may not see it. */
    queryid: z.string().nullable(),
    query: statementText.nullable(),
    /** One of Proctor's own; null where there is no text to tell it by. */
    own: z.boolean().nullable(),
    plans: counter,
    total_plan_time: float,
    calls: counter,
    rows: counter,
    total_exec_time: float,
    min_exec_time: float,
    max_exec_time: float,
    mean_exec_time: float,
    stddev_exec_time: float,
    exec_time_squares: float,
    shared_blks_hit: counter,
    shared_blks_read: counter,
    shared_blks_dirtied: counter,
    shared_blks_written: counter,
    local_blks_hit: counter,
    local_blks_read: counter,
    local_blks_dirtied: counter,
    local_blks_written: counter,
    temp_blks_read: counter,
    temp_blks_written: counter,
    shared_blk_read_time: float,
    shared_blk_write_time: float,
    local_blk_read_time: float.nullable(),
    local_blk_write_time: float.nullable(),
    temp_blk_read_time: float.nullable(),
    temp_blk_write_time: float.nullable(),
    wal_records: counter,
    wal_fpi: counter,
    /** numeric, as whole bytes. */
    wal_bytes: counter,
    jit_functions: counter.nullable(),
    jit_time: float.nullable(),
    parallel_workers_to_launch: counter.nullable(),
    parallel_workers_launched: counter.nullable(),
    stats_since: timestamp.nullable(),
    minmax_stats_since: timestamp.nullable(),
  }),
  sql: {
    byExtension: {
      '1.8': statement(V1_8),
      '1.9': statement(V1_9),
      '1.10': statement(V1_10),
      '1.11': statement(V1_11),
      '1.12': statement(V1_12),
    },
  },
  timeout: 5_000,
})

/** The texts of statements that are new to whoever samples without texts. The server reads its whole file of texts for it. */
export const statementTexts = defineRead({
  name: 'statement-texts',
  about: 'The texts of some statements, by their queryid',
  extension: { name: EXTENSION, version: '1.8' },
  needs: 'pg_read_all_stats',
  calls: ['pg_stat_statements(boolean)'],
  params: z.object({ queryids: z.array(counter).max(10_000) }),
  row: z.object({
    queryid: counter,
    dbid: oid,
    query: statementText,
    /** The text is longer than what is given of it. */
    cut: z.boolean(),
    own: z.boolean(),
  }),
  sql: /* sql */ `
select /* proctor:statement-texts */ distinct on (s.queryid, s.dbid) s.queryid::text as queryid, s.dbid,
       ${TEXT} as query, octet_length(s.query) > ${TEXT_MOST} as cut, ${OWN} as own
from @extschema@.pg_stat_statements(true) s
where s.queryid = any ($1::int8[]) and s.query is not null
order by s.queryid, s.dbid`,
  timeout: 5_000,
})

/** How often entries had to make room for others, and since when is counted. */
export const statementsInfo = defineRead({
  name: 'statements-info',
  about: 'How often pg_stat_statements ran out of room, and its last reset',
  extension: { name: EXTENSION, version: '1.9' },
  calls: ['pg_stat_statements_info', 'pg_stat_statements_info()'],
  params: z.object({}),
  row: z.object({
    /** How often the twentieth least used entries were thrown out, since stats_reset. */
    dealloc: counter,
    stats_reset: timestamp,
  }),
  sql: 'select /* proctor:statements-info */ dealloc, stats_reset from @extschema@.pg_stat_statements_info',
})

/** Everything that decides what pg_stat_statements counts and shows. Needs neither the module nor the extension. */
export const statementSettings = defineRead({
  name: 'statement-settings',
  about: 'Whether pg_stat_statements is loaded and installed, what it tracks, and whether this role sees all of it',
  params: z.object({}),
  row: z.object({
    /** The module is in shared_preload_libraries of the running server: its settings exist. */
    loaded: z.boolean(),
    /** extversion in this database; null: not created here. */
    extversion: z.string().nullable(),
    /** What ALTER EXTENSION UPDATE would make of it; null: its files are not on the server. */
    default_version: z.string().nullable(),
    /** pg_stat_statements.track: none, top, all. These five are null while it is not loaded. */
    track: z.string().nullable(),
    track_utility: z.boolean().nullable(),
    track_planning: z.boolean().nullable(),
    max: z.number().nullable(),
    save: z.boolean().nullable(),
    track_io_timing: z.boolean(),
    /** off, on, auto, regress. */
    compute_query_id: z.string(),
    /** Texts in pg_stat_activity are cut here, in bytes. */
    track_activity_query_size: z.number(),
    /** Bytes; what all counts of blocks are in. */
    block_size: z.number(),
    /** shared_preload_libraries as it stands; null where the role may not see it. */
    shared_preload_libraries: z.string().nullable(),
    /** It is a member of pg_read_all_stats, or a superuser. */
    sees_all: z.boolean(),
    role: z.string(),
    major: z.number(),
    inherits: z.boolean(),
    dormant: z.array(z.string()),
  }),
  sql: /* sql */ `
select /* proctor:statement-settings */ current_setting('pg_stat_statements.max', true) is not null as loaded,
       (select extversion from pg_extension where extname = 'pg_stat_statements') as extversion,
       (select default_version from pg_available_extensions where name = 'pg_stat_statements') as default_version,
       current_setting('pg_stat_statements.track', true) as track,
       current_setting('pg_stat_statements.track_utility', true)::bool as track_utility,
       current_setting('pg_stat_statements.track_planning', true)::bool as track_planning,
       current_setting('pg_stat_statements.max', true)::int as max,
       current_setting('pg_stat_statements.save', true)::bool as save,
       current_setting('track_io_timing')::bool as track_io_timing,
       current_setting('compute_query_id') as compute_query_id,
       (select setting::int from pg_settings where name = 'track_activity_query_size') as track_activity_query_size,
       current_setting('block_size')::int as block_size,
       (select setting from pg_settings where name = 'shared_preload_libraries') as shared_preload_libraries,
       ${seesAs("'pg_read_all_stats'")} as sees_all, current_user::text as role,
       current_setting('server_version_num')::int / 10000 as major, ${INHERITANCE}`,
  keep: 5_000,
})
