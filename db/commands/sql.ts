import { identifier, qualified } from '../server/identifiers'
import type { Plan } from './define-command'

/**
 * For CONCURRENTLY forms: lock_timeout would also end the waits for other transactions inside the command and leave an
 * invalid index behind (measured on 18: 55P03, and a `_ccnew`). Waiting so holds nobody up; the console has its own limit.
 */
export const NO_TIMEOUTS = ['SET lock_timeout = 0', 'SET statement_timeout = 0']

/**
 * For forms that need a lock which stops readers or writers: while they wait, everybody after them waits too, so they
 * give up soon. Twice the default deadlock_timeout: an autovacuum worker in the way is cancelled by then.
 */
export const BRIEF_WAIT = ["SET lock_timeout = '2s'", 'SET statement_timeout = 0']

/** For VACUUM and ANALYZE: only VACUUM, DDL and their like queue behind them, so they may wait a little longer. */
export const SHORT_WAIT = ["SET lock_timeout = '10s'", 'SET statement_timeout = 0']

/** The lock of what runs beside reads and writes: CONCURRENTLY, and settings of a table. */
export const besideWrites = (relation: string): Plan['locks'][number] => ({
  mode: 'ShareUpdateExclusiveLock',
  relation,
  waits: 'VACUUM, ANALYZE and DDL on this table wait. SELECT, INSERT, UPDATE and DELETE go on.',
})

/** schema.name; the bare name of a schema for pg_temp is never needed, as temporary tables of others are refused. */
export const nameOf = (object: { schemaname: string; relname: string }): string => qualified(object.schemaname, object.relname)

/** A table's name as a sentence has it: bare in public, qualified elsewhere. */
export const spoken = (schemaname: string, relname: string): string =>
  schemaname === 'public' ? identifier(relname) : qualified(schemaname, relname)
