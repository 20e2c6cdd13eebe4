import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { Problem } from '../server/problem'
import { server } from './schema'

/*
 * What sampling keeps beside its time series. The series themselves are partitioned by step and time, which Drizzle has no
 * words for: they stand in the migration `sampling-series`, and history/series.ts names their columns.
 */

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/**
 * A series: what was sampled of one cluster at a server's address, by a number of two bytes. Nothing of one is ever summed up with, or
 * subtracted from, another's. The current one is what the address led to last, and what pages read; a former one goes on when its cluster
 * answers again. The back-off of sampling stands here, for whoever samples the server next, and for its page.
 */
export const sampledServer = pgTable(
  'sampled_server',
  {
    no: smallint('no').primaryKey().generatedAlwaysAsIdentity(),
    serverId: text('server_id')
      .notNull()
      .references(() => server.id, { onDelete: 'cascade' }),
    current: boolean('current').notNull().default(true),
    /** Null: it was never told, or not yet; the first that is told is adopted. */
    systemIdentifier: text('system_identifier'),
    timeline: integer('timeline'),
    inRecovery: boolean('in_recovery'),
    /** 18.4 */
    version: text('version'),
    /** When it last answered. */
    seenAt: at('seen_at'),
    /** Attempts in a row that failed; 0 while it answers. */
    failures: integer('failures').notNull().default(0),
    failingSince: at('failing_since'),
    /** It is left alone until then. */
    retryAt: at('retry_at'),
    problem: jsonb('problem').$type<Problem>(),
    /** pg_postmaster_start_time as last seen: a later one is a restart. */
    postmasterStart: at('postmaster_start'),
  },
  (table) => [
    uniqueIndex('sampled_server_current').on(table.serverId).where(sql`current`),
    unique('sampled_server_cluster').on(table.serverId, table.systemIdentifier),
  ],
)

const ofServer = () =>
  smallint('server')
    .notNull()
    .references(() => sampledServer.no, { onDelete: 'cascade' })

/** The last turn of each task at a server, and of each database where a task visits them all. */
export const samplingTurn = pgTable(
  'sampling_turn',
  {
    server: ofServer(),
    task: text('task').notNull(),
    /** Empty: the task concerns the whole server. */
    database: text('database').notNull().default(''),
    at: at('at').notNull(),
    /** As the worker saw it, in ms. */
    duration: real('duration').notNull(),
    problem: jsonb('problem').$type<Problem>(),
  },
  (table) => [primaryKey({ columns: [table.server, table.task, table.database] })],
)

/** The names of databases, as the series know them by OID. */
export const sampledDatabase = pgTable(
  'sampled_database',
  {
    server: ofServer(),
    datid: bigint('datid', { mode: 'number' }).notNull(),
    datname: text('datname').notNull(),
  },
  (table) => [primaryKey({ columns: [table.server, table.datid] })],
)

/** When each index that is there was first seen, by the clock of its server: it is no younger. Forgotten when it is gone. */
export const seenIndex = pgTable(
  'seen_index',
  {
    server: ofServer(),
    datid: bigint('datid', { mode: 'number' }).notNull(),
    indexrelid: bigint('indexrelid', { mode: 'number' }).notNull(),
    /** Later than that, where an index of its table that was in use has gone since: what served that may use this one from then on. */
    firstSeen: at('first_seen').notNull(),
    /** Its table; null: not looked at again since this is kept. */
    relid: bigint('relid', { mode: 'number' }),
    scanned: boolean('scanned').notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.server, table.datid, table.indexrelid] })],
)

/** What an index of an OID was called when it was last seen: a concurrent rebuild gives the name to another OID. */
export const indexName = pgTable(
  'index_name',
  {
    server: ofServer(),
    datid: bigint('datid', { mode: 'number' }).notNull(),
    indexrelid: bigint('indexrelid', { mode: 'number' }).notNull(),
    schemaname: text('schemaname').notNull(),
    relname: text('relname').notNull(),
    lastSeen: at('last_seen').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.server, table.datid, table.indexrelid] }),
    index('index_name_of').on(table.server, table.datid, table.relname),
  ],
)

/** An entry of pg_stat_statements: a statement of a user in a database. */
export const statement = pgTable(
  'statement',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    server: ofServer(),
    queryid: bigint('queryid', { mode: 'bigint' }).notNull(),
    userid: bigint('userid', { mode: 'number' }).notNull(),
    dbid: bigint('dbid', { mode: 'number' }).notNull(),
    toplevel: boolean('toplevel').notNull(),
    rolname: text('rolname').notNull(),
    datname: text('datname'),
    /** Proctor's own, by its marker. */
    own: boolean('own').notNull().default(false),
    firstSeen: at('first_seen').notNull(),
  },
  (table) => [unique('statement_key').on(table.server, table.queryid, table.userid, table.dbid, table.toplevel)],
)

export const statementText = pgTable(
  'statement_text',
  {
    server: ofServer(),
    queryid: bigint('queryid', { mode: 'bigint' }).notNull(),
    dbid: bigint('dbid', { mode: 'number' }).notNull(),
    query: text('query').notNull(),
    /** Longer on the server than what is kept of it. */
    cut: boolean('cut').notNull(),
    own: boolean('own').notNull(),
  },
  (table) => [primaryKey({ columns: [table.server, table.queryid, table.dbid] })],
)

/** A statement as pg_stat_activity showed it, with the values that were in it. */
export const statementExample = pgTable(
  'statement_example',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    server: ofServer(),
    queryid: bigint('queryid', { mode: 'bigint' }).notNull(),
    dbid: bigint('dbid', { mode: 'number' }).notNull(),
    at: at('at').notNull(),
    query: text('query').notNull(),
    /** How long it had been running, in ms. */
    running: real('running').notNull(),
    applicationName: text('application_name').notNull(),
    rolname: text('rolname').notNull(),
  },
  (table) => [index('statement_example_of').on(table.server, table.queryid, table.at.desc())],
)

/** Which applications were seen with a statement, and in how many samples of a session. */
export const statementApplication = pgTable(
  'statement_application',
  {
    server: ofServer(),
    queryid: bigint('queryid', { mode: 'bigint' }).notNull(),
    dbid: bigint('dbid', { mode: 'number' }).notNull(),
    applicationName: text('application_name').notNull(),
    seen: integer('seen').notNull(),
    lastSeen: at('last_seen').notNull(),
  },
  (table) => [primaryKey({ columns: [table.server, table.queryid, table.dbid, table.applicationName] })],
)

/** Wait events by a number of two bytes; both names are empty for a session that waits for nothing. */
export const waitEvent = pgTable(
  'wait_event',
  {
    id: smallint('id').primaryKey().generatedAlwaysAsIdentity(),
    type: text('type').notNull(),
    name: text('name').notNull(),
  },
  (table) => [unique('wait_event_name').on(table.type, table.name)],
)

/** Up to when a series of a server has been rolled up into a step, in seconds. */
export const rolledUp = pgTable(
  'rolled_up',
  {
    server: ofServer(),
    series: text('series').notNull(),
    step: integer('step').notNull(),
    until: at('until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.server, table.series, table.step] })],
)

/** pg_settings as last seen. */
export const settingSeen = pgTable(
  'setting_seen',
  {
    server: ofServer(),
    name: text('name').notNull(),
    value: text('value'),
    unit: text('unit'),
    source: text('source').notNull(),
    /** file:line, where the role may see it. */
    place: text('place'),
    pendingRestart: boolean('pending_restart').notNull(),
    at: at('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.server, table.name] })],
)

/** A change of a setting, whoever made it: between `after`, when the old value was last seen, and `at`. */
export const settingChange = pgTable(
  'setting_change',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    server: ofServer(),
    name: text('name').notNull(),
    /** Null: there was no such setting, or the role could not see it. */
    old: text('old'),
    new: text('new'),
    unit: text('unit'),
    oldSource: text('old_source'),
    newSource: text('new_source'),
    after: at('after').notNull(),
    at: at('at').notNull(),
  },
  (table) => [index('setting_change_of').on(table.server, table.at.desc())],
)

export type ServerEventKind =
  | 'restart'
  | 'statistics reset'
  | 'statements reset'
  | 'statements evicted'
  | 'another cluster'
  | 'promotion'
  | 'upgrade'
  | 'clock'

/** What breaks a series: restarts, resets, evictions, another cluster at the address, a promotion, another version, a clock that jumped. */
export const serverEvent = pgTable(
  'server_event',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    server: ofServer(),
    /** By the server's clock where it tells, else when it was noticed. */
    at: at('at').notNull(),
    kind: text('kind').$type<ServerEventKind>().notNull(),
    /** Empty: the whole server. */
    database: text('database').notNull().default(''),
    detail: text('detail'),
  },
  (table) => [unique('server_event_once').on(table.server, table.kind, table.database, table.at)],
)

export type XminHolderKind = 'backend' | 'replication slot' | 'prepared transaction' | 'standby'

/** Who held back the oldest snapshot of a server, from first to last sight. */
export const xminHolder = pgTable(
  'xmin_holder',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    server: ofServer(),
    kind: text('kind').$type<XminHolderKind>().notNull(),
    /** pid and backend_start, the slot's name, or the transaction's gid. */
    identity: text('identity').notNull(),
    /** What was told of it when it was first seen: user, application, query, plugin … */
    detail: jsonb('detail').$type<Record<string, string | number | null>>().notNull(),
    /** When the transaction began or was prepared; null where the server does not tell (a slot). */
    since: at('since'),
    firstSeen: at('first_seen').notNull(),
    lastSeen: at('last_seen').notNull(),
    /** The greatest age of its xmin that was seen, in transactions. */
    age: bigint('age', { mode: 'number' }).notNull(),
  },
  (table) => [
    unique('xmin_holder_once').on(table.server, table.kind, table.identity, table.firstSeen),
    index('xmin_holder_of').on(table.server, table.lastSeen.desc()),
  ],
)
