import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { ObjectIdentity, PreflightLine } from '../commands/define-command'
import type { StoredPlan } from '../commands/plan'
import type { PolicyRule } from '../domain/policy-rule'
import type { Profile } from '../domain/server-profile'
import { UNUSED_AFTER_DAYS } from '../domain/unused-after'
import type { NightLeft, NightOutcome } from '../runs/policy-types'
import type { RunProgress, RunReceipt, RunRetry, RunState } from '../runs/run-types'
import type { SslMode } from '../server/address'
import type { Problem } from '../server/problem'
import type { Doubt, Place } from './place'
import type { Role } from './roles'

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** Which console this is: one row, made with the table. */
export const ownConsole = pgTable(
  'console',
  {
    one: boolean('one').primaryKey().default(true),
    /** In the marker of every run's session. Random: the first 48 bits of a UUID. */
    id: text('id').notNull().default(sql`substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)`),
    madeAt: at('made_at').notNull().defaultNow(),
    /** Where it was when that was last without doubt; null before its first start. */
    place: jsonb('place').$type<Place>(),
    /** Set while it may be a copy of another console. */
    doubt: jsonb('doubt').$type<Doubt>(),
  },
  ({ one }) => [check('console_one', sql`${one}`)],
)

/* Sign-in: the five tables of better-auth, in its own naming. */

export const user = pgTable('user', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull().default(false),
  image: text('image'),
  role: text('role').notNull().default('viewer'),
  twoFactorEnabled: boolean('two_factor_enabled').notNull().default(false),
  createdAt: at('created_at').notNull().defaultNow(),
  updatedAt: at('updated_at').notNull().defaultNow(),
})

export const session = pgTable('session', {
  id: text('id').primaryKey(),
  token: text('token').notNull().unique(),
  userId: text('user_id')
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' }),
  expiresAt: at('expires_at').notNull(),
  ipAddress: text('ip_address'),
  userAgent: text('user_agent'),
  createdAt: at('created_at').notNull().defaultNow(),
  updatedAt: at('updated_at').notNull().defaultNow(),
})

export const account = pgTable('account', {
  id: text('id').primaryKey(),
  accountId: text('account_id').notNull(),
  providerId: text('provider_id').notNull(),
  userId: text('user_id')
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' }),
  accessToken: text('access_token'),
  refreshToken: text('refresh_token'),
  idToken: text('id_token'),
  accessTokenExpiresAt: at('access_token_expires_at'),
  refreshTokenExpiresAt: at('refresh_token_expires_at'),
  scope: text('scope'),
  password: text('password'),
  createdAt: at('created_at').notNull().defaultNow(),
  updatedAt: at('updated_at').notNull().defaultNow(),
})

export const verification = pgTable('verification', {
  id: text('id').primaryKey(),
  identifier: text('identifier').notNull(),
  value: text('value').notNull(),
  expiresAt: at('expires_at').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
  updatedAt: at('updated_at').notNull().defaultNow(),
})

/** The second factor of a user. Secret and backup codes are encrypted by better-auth under PROCTOR_SECRET. */
export const twoFactor = pgTable('two_factor', {
  id: text('id').primaryKey(),
  userId: text('user_id')
    .notNull()
    .unique()
    .references(() => user.id, { onDelete: 'cascade' }),
  secret: text('secret').notNull(),
  backupCodes: text('backup_codes').notNull(),
  /** False until the first code has shown that the person's device knows the secret. */
  verified: boolean('verified').notNull().default(false),
  failedVerificationCount: integer('failed_verification_count').notNull().default(0),
  lockedUntil: at('locked_until'),
})

/** While its row is here an account is closed: nobody signs in with it. */
export const closedAccount = pgTable('closed_account', {
  userId: text('user_id')
    .primaryKey()
    .references(() => user.id, { onDelete: 'cascade' }),
  at: at('at').notNull().defaultNow(),
})

/** A link that makes one account, once; only the hash of what stands in the link is kept. */
export const invitation = pgTable('invitation', {
  id: uuid('id').primaryKey().defaultRandom(),
  email: text('email').notNull().unique(),
  role: text('role').$type<Role>().notNull(),
  tokenHash: text('token_hash').notNull().unique(),
  invitedBy: text('invited_by').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
  expiresAt: at('expires_at').notNull(),
})

/* What is monitored. */

/** The address of an embedded server, or of the one that DATABASE_URL names, comes from the settings; a stored one's stands here. */
export const server = pgTable('server', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** embedded: the sample that comes with the console. environment: DATABASE_URL. stored: added in the browser. */
  source: text('source').$type<'embedded' | 'environment' | 'stored'>().notNull(),
  database: text('database').notNull(),
  host: text('host'),
  port: integer('port'),
  username: text('username'),
  /** Sealed by sealing.ts; null when the server asks for none. */
  sealedPassword: text('sealed_password'),
  sslmode: text('sslmode').$type<SslMode>(),
  /** PEM of the authority that signs the server's certificate. */
  sslrootcert: text('sslrootcert'),
  /** Which cluster it is, by the first contact or an administrator's word; null: not seen yet. */
  systemIdentifier: text('system_identifier'),
  timeline: integer('timeline'),
  /** The system identifier of the cluster that its address leads to now, when that is another; and since when. */
  otherIdentifier: text('other_identifier'),
  otherSince: at('other_since'),
  /** Since when it is a standby, as far as anybody looked; null: a primary. */
  standbySince: at('standby_since'),
  /** Since when Proctor's role may not read the identifier that is recorded; null: it may. */
  unknownSince: at('unknown_since'),
  /** No command reaches it. */
  readOnly: boolean('read_only').notNull().default(false),
  /** Days without a scan after which one of its indexes counts as unused. */
  unusedAfterDays: integer('unused_after_days').notNull().default(UNUSED_AFTER_DAYS),
  /** What the fleet is narrowed by: eu-west, env:prod. */
  tags: text('tags').array().notNull().default([]),
  createdAt: at('created_at').notNull().defaultNow(),
  /** When the address last changed: connections made before are closed. */
  changedAt: at('changed_at').notNull().defaultNow(),
  /** A removed server keeps its row, without address and password: its runs stay readable. */
  removedAt: at('removed_at'),
})

const ofServer = () =>
  text('server_id')
    .notNull()
    .references(() => server.id, { onDelete: 'cascade' })

/** The cluster that answered then: OIDs and files of another are others'. Null: it was not told. */
const ofCluster = () => text('system_identifier')

/** The machine of a server and what is asked of it, as somebody saved it: what the page of the configuration begins with. */
export const serverProfile = pgTable('server_profile', {
  serverId: text('server_id')
    .primaryKey()
    .references(() => server.id, { onDelete: 'cascade' }),
  profile: jsonb('profile').$type<Profile>().notNull(),
  changedBy: text('changed_by').notNull(),
  changedAt: at('changed_at').notNull(),
})

/** How large the volume of a server's data directory is, in bytes, as somebody typed it in: for one that lies on another machine. */
export const serverVolume = pgTable('server_volume', {
  serverId: ofServer().primaryKey(),
  bytes: bigint('bytes', { mode: 'number' }).notNull(),
  changedBy: text('changed_by').notNull(),
  changedAt: at('changed_at').notNull(),
})

/** One click on "Run health check": what the two functions and the page sample said, and how long it took. */
export const healthCheck = pgTable(
  'health_check',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    serverId: ofServer(),
    systemIdentifier: ofCluster(),
    database: text('database').notNull(),
    requestedBy: text('requested_by').notNull(),
    startedAt: at('started_at').notNull(),
    durationMs: integer('duration_ms').notNull(),
    indexHealth: jsonb('index_health').$type<unknown[]>().notNull(),
    indexBloat: jsonb('index_bloat').$type<unknown[]>().notNull(),
    problems: jsonb('problems').$type<Problem[]>().notNull(),
  },
  (table) => [index('health_check_latest').on(table.serverId, table.database, table.startedAt.desc())],
)

/** The newest measured size of an index, as far as it is still the same file. */
export const indexMeasurement = pgTable(
  'index_measurement',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    serverId: ofServer(),
    systemIdentifier: ofCluster(),
    database: text('database').notNull(),
    indexrelid: bigint('indexrelid', { mode: 'number' }).notNull(),
    relfilenode: bigint('relfilenode', { mode: 'number' }).notNull(),
    measuredAt: at('measured_at').notNull(),
    method: text('method').$type<'pgstatindex' | 'pgstathashindex' | 'sample' | 'rebuild'>().notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    /** What a rebuild would make of it; equal to bytes right after one. */
    rebuiltBytes: bigint('rebuilt_bytes', { mode: 'number' }).notNull(),
    /** Percentage points; 0 for an exact measurement. */
    plusMinus: integer('plus_minus').notNull(),
    detail: jsonb('detail').$type<Record<string, number | string | null>>().notNull(),
  },
  (table) => [index('index_measurement_of').on(table.serverId, table.database, table.indexrelid, table.measuredAt.desc())],
)

/** When confirmed runs may start at a server: from each occurrence of the cron expression on, for so many minutes. */
export const maintenanceWindow = pgTable(
  'maintenance_window',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    serverId: ofServer(),
    name: text('name').notNull(),
    /** Five fields, read in the time zone. */
    cron: text('cron').notNull(),
    timeZone: text('time_zone').notNull(),
    minutes: integer('minutes').notNull(),
    /** A removed window keeps its row: runs that waited for it say so. */
    removedAt: at('removed_at'),
  },
  (table) => [index('maintenance_window_of').on(table.serverId)],
)

/** A rule that repeats in a window: confirmed once, and evaluated each time that the window opens. */
export const maintenancePolicy = pgTable(
  'maintenance_policy',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    serverId: ofServer(),
    database: text('database').notNull(),
    windowId: uuid('window_id')
      .notNull()
      .references(() => maintenanceWindow.id),
    rule: jsonb('rule').$type<PolicyRule>().notNull(),
    /** The cluster that it was confirmed for: it acts on no other. */
    systemIdentifier: text('system_identifier').notNull(),
    confirmedBy: text('confirmed_by').notNull(),
    confirmedAt: at('confirmed_at').notNull(),
    pausedAt: at('paused_at'),
    pausedBy: text('paused_by'),
    /** Why the console paused it by itself. */
    pauseReason: text('pause_reason'),
    removedAt: at('removed_at'),
  },
  (table) => [index('maintenance_policy_of').on(table.serverId, table.database)],
)

/** One opening of a policy's window, with the rule as it was then. */
export const policyNight = pgTable(
  'policy_night',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    policyId: uuid('policy_id')
      .notNull()
      .references(() => maintenancePolicy.id, { onDelete: 'cascade' }),
    opensAt: at('opens_at').notNull(),
    closesAt: at('closes_at').notNull(),
    /** Nothing begins from here on. */
    until: at('until').notNull(),
    rule: jsonb('rule').$type<PolicyRule>().notNull(),
    confirmedBy: text('confirmed_by').notNull(),
    confirmedAt: at('confirmed_at').notNull(),
    endedAt: at('ended_at'),
    outcome: text('outcome').$type<NightOutcome>(),
    /** Why it ended so, or what it waits for. */
    reason: text('reason'),
    /** What the rule applies to and was not done. */
    left: jsonb('left').$type<NightLeft[]>().notNull().default([]),
  },
  (table) => [uniqueIndex('policy_night_opening').on(table.policyId, table.opensAt)],
)

/* What was done. */

export const run = pgTable(
  'run',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    batchId: uuid('batch_id'),
    serverId: ofServer(),
    database: text('database').notNull(),
    /** The cluster that it was planned on, and the only one that it may be carried out on; null: that could not be told. */
    systemIdentifier: text('system_identifier'),
    timeline: integer('timeline'),
    /** It was planned on a standby, where some commands are of use. */
    onStandby: boolean('on_standby').notNull().default(false),
    command: text('command').notNull(),
    input: jsonb('input').$type<Record<string, unknown>>().notNull(),
    object: jsonb('object').$type<ObjectIdentity>().notNull(),
    plan: jsonb('plan').$type<StoredPlan>().notNull(),
    preflight: jsonb('preflight').$type<PreflightLine[]>().notNull(),
    /** After so many minutes of waiting for others it is given up. */
    giveUpMinutes: integer('give_up_minutes').notNull().default(30),
    /** It starts inside this window only. */
    windowId: uuid('window_id').references(() => maintenanceWindow.id),
    /** The night of the policy that planned it; null: a person did. */
    nightId: bigint('night_id', { mode: 'number' }).references(() => policyNight.id),
    state: text('state').$type<RunState>().notNull(),
    /** The worker that has it (its `id`); null: nobody. */
    owner: text('owner'),
    /** How often it was taken by a worker: whoever was told a smaller number writes nothing any more. */
    taken: integer('taken').notNull().default(0),
    /** How many writes its owner has made: one that is made again, as its answer was lost, is known by it. */
    written: integer('written').notNull().default(0),
    /** Told apart by it: a confirmation that is sent again from one that is another. */
    confirmation: text('confirmation'),
    retry: jsonb('retry').$type<RunRetry>(),
    confirmedBy: text('confirmed_by').notNull(),
    confirmedAt: at('confirmed_at').notNull(),
    startedAt: at('started_at'),
    endedAt: at('ended_at'),
    backendPid: integer('backend_pid'),
    progress: jsonb('progress').$type<RunProgress>(),
    receipt: jsonb('receipt').$type<RunReceipt>(),
    problem: jsonb('problem').$type<Problem>(),
  },
  (table) => [
    index('run_by_server').on(table.serverId, table.confirmedAt.desc()),
    index('run_by_state').on(table.state),
    index('run_by_confirmation').on(table.confirmation),
    index('run_by_night').on(table.nightId),
  ],
)

/** A worker that is there. Others take it for asleep or dead when its beat stands still. */
export const worker = pgTable('worker', {
  id: text('id').primaryKey(),
  /** One more every few seconds; compared with what it was, never with a clock. */
  beat: bigint('beat', { mode: 'number' }).notNull().default(0),
  startedAt: at('started_at').notNull().defaultNow(),
})

export const runLog = pgTable(
  'run_log',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    runId: bigint('run_id', { mode: 'bigint' })
      .notNull()
      .references(() => run.id, { onDelete: 'cascade' }),
    at: at('at').notNull().defaultNow(),
    level: text('level').$type<'info' | 'wait' | 'error'>().notNull(),
    message: text('message').notNull(),
  },
  (table) => [index('run_log_of').on(table.runId, table.id)],
)

/**
 * Append-only: a trigger in the migrations refuses UPDATE, DELETE and TRUNCATE. A chain: another fills prevHash and hash,
 * whatever comes with the INSERT; see audit-chain.ts.
 */
export const audit = pgTable(
  'audit',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    at: at('at').notNull().defaultNow(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    serverId: text('server_id'),
    database: text('database'),
    runId: bigint('run_id', { mode: 'bigint' }),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull(),
    prevHash: text('prev_hash').notNull().default(''),
    hash: text('hash').notNull().default(''),
    /** HMAC of the line under a key that the database never sees, and which key it was; null in lines from before. See audit-key.ts. */
    mac: text('mac'),
    macKey: text('mac_key'),
  },
  (table) => [index('audit_newest').on(table.at.desc())],
)

/** One small row, written now and then to see that writing works. */
export const writeProbe = pgTable('write_probe', { id: integer('id').primaryKey(), at: at('at').notNull() })

/** Changes of stored data that SQL has no words for, each made once, where migrations run. */
export const dataMigration = pgTable('data_migration', {
  name: text('name').primaryKey(),
  at: at('at').notNull().defaultNow(),
})
