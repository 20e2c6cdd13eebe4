import { bigint, index, jsonb, pgTable, real, text, timestamp } from 'drizzle-orm/pg-core'
import type { GuideOutcome } from '../guide/run-query'
import { server } from './schema'

/** What a run of one of the guide's queries was for, beside its text. */
export interface GuideChosen {
  student: { id: string; name: string } | null
  /** The beginning of the period: days back from the run, or a date (YYYY-MM-DD); null: all of it. */
  since: { days: number } | { date: string } | null
  role: string
  rows: number
}

/**
 * Runs of the guide's queries that somebody asked for on a page: what each took at how many rows. What it gave is kept of the last one
 * of each form alone, so that whoever may not run it sees that.
 */
export const guideRun = pgTable(
  'guide_run',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    serverId: text('server_id')
      .notNull()
      .references(() => server.id, { onDelete: 'cascade' }),
    /** The system identifier of the cluster that was asked; empty where it does not tell. */
    cluster: text('cluster').notNull(),
    database: text('database').notNull(),
    schemaname: text('schemaname').notNull(),
    query: text('query').notNull(),
    /** corrected or printed. */
    form: text('form').notNull(),
    /** one or all. */
    scope: text('scope').notNull(),
    chosen: jsonb('chosen').$type<GuideChosen>().notNull(),
    at: timestamp('at', { withTimezone: true, mode: 'date' }).notNull().defaultNow(),
    by: text('by').notNull(),
    /** ms; null: it ended with an error. */
    executionMs: real('execution_ms'),
    queryid: bigint('queryid', { mode: 'bigint' }),
    /** Rows of each table as last counted by ANALYZE or VACUUM; a table that was never counted is left out. */
    tableRows: jsonb('table_rows').$type<Partial<Record<string, number>>>().notNull(),
    outcome: jsonb('outcome').$type<GuideOutcome>(),
  },
  (table) => [index('guide_run_of').on(table.serverId, table.cluster, table.database, table.schemaname, table.query, table.id.desc())],
)
