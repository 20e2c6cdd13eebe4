import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, real, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Finding } from '../checks/define-check'
import type { Problem } from '../server/problem'
import { server } from './schema'

/*
 * What the checks found, and what became of it. A finding is of one cluster: names that an address leads to under another system
 * identifier are others' objects, whatever they are called.
 */

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

const ofServer = () =>
  text('server_id')
    .notNull()
    .references(() => server.id, { onDelete: 'cascade' })

/** The system identifier of the cluster that was looked at; empty where the role may not read it. */
const ofCluster = () => text('cluster').notNull().default('')

/** Empty: what was looked at is the server as a whole. */
const inDatabase = () => text('database').notNull().default('')

/** One thing that a check found, from the first time that it was seen until it is forgotten. While it is open it was seen at the check's last look. */
export const finding = pgTable(
  'finding',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    serverId: ofServer(),
    cluster: ofCluster(),
    database: inDatabase(),
    check: text('check_name').notNull(),
    /** What it is about, by names that outlive a rebuild: see db/findings/subject.ts. */
    subject: text('subject').notNull(),
    /** As it was last seen. */
    found: jsonb('found').$type<Finding>().notNull(),
    severity: text('severity').$type<Finding['severity']>().notNull(),
    openedAt: at('opened_at').notNull(),
    /** When its title, evidence or severity last changed. */
    changedAt: at('changed_at').notNull(),
    /** How often it was opened: more than once where it ended and came back soon. */
    times: integer('times').notNull().default(1),
    acknowledgedAt: at('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by'),
    acknowledgedNote: text('acknowledged_note'),
    snoozedAt: at('snoozed_at'),
    snoozedBy: text('snoozed_by'),
    snoozedUntil: at('snoozed_until'),
    snoozeReason: text('snooze_reason'),
    /** The look that found it gone. */
    endedAt: at('ended_at'),
    /** Why it ended though no look found it gone: what it was about can no longer be looked at here. Null: a look found it gone. */
    endedWhy: text('ended_why').$type<'database-dropped' | 'another-cluster'>(),
    /** The last look that saw it. */
    lastSeenAt: at('last_seen_at'),
    /** The run that ended it, and who had confirmed that; null: it went without one of ours. */
    endedRun: bigint('ended_run', { mode: 'bigint' }),
    endedBy: text('ended_by'),
  },
  (table) => [
    uniqueIndex('finding_open').on(table.serverId, table.cluster, table.database, table.check, table.subject).where(sql`ended_at is null`),
    index('finding_ended').on(table.serverId, table.cluster, table.database, table.endedAt),
  ],
)

/** The last look of a check at a database, or at the whole server. */
export const checkLook = pgTable(
  'check_look',
  {
    serverId: ofServer(),
    cluster: ofCluster(),
    database: inDatabase(),
    check: text('check_name').notNull(),
    triedAt: at('tried_at').notNull(),
    /** When it last could look; null: it never could. */
    lookedAt: at('looked_at'),
    /** As the worker saw it, in ms. */
    duration: real('duration').notNull(),
    /** How many it found; more than are kept, it may be. */
    total: integer('total').notNull(),
    /** Why it could not look. */
    problem: jsonb('problem').$type<Problem>(),
  },
  (table) => [primaryKey({ columns: [table.serverId, table.cluster, table.database, table.check] })],
)

/** Somebody wants a database looked at before its time: a page, a person, a run that has ended. Gone when that was done. */
export const checkAsk = pgTable(
  'check_ask',
  {
    serverId: ofServer(),
    database: inDatabase(),
    askedAt: at('asked_at').notNull(),
    /** All checks, not only those whose time has come. */
    all: boolean('all_checks').notNull(),
  },
  (table) => [primaryKey({ columns: [table.serverId, table.database] })],
)

/** Which worker looks at a server; by the clock of the console database, and for a short time only: whoever goes on says so. */
export const checkHold = pgTable('check_hold', {
  serverId: text('server_id')
    .primaryKey()
    .references(() => server.id, { onDelete: 'cascade' }),
  holder: text('holder').notNull(),
  until: at('until').notNull(),
})
