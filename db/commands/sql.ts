import { identifier, qualified } from '../server/identifiers'
import type { Plan } from './plan'

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
