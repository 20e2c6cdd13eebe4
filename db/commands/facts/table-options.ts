import { z } from 'zod'
import { oid } from '../../target/columns'
import { defineRead } from '../../target/define-read'

/** What a storage parameter may hold. Bounds are those of the manual's CREATE TABLE, Storage Parameters. */
export interface TableOption {
  kind: 'boolean' | 'integer' | 'real' | 'auto'
  min?: number
  max?: number
  /** The first major that has it; 14 when left out. */
  since?: number
  /** The table's TOAST table has it too, as toast.name. */
  toast: boolean
}

const INT_MAX = 2_147_483_647
const integer = (min: number, max: number, more: Partial<TableOption> = {}): TableOption => ({
  kind: 'integer',
  min,
  max,
  toast: true,
  ...more,
})
const real = (min: number, max: number, more: Partial<TableOption> = {}): TableOption => ({ kind: 'real', min, max, toast: true, ...more })

/** The allow-list; https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-STORAGE-PARAMETERS */
export const TABLE_OPTIONS: Readonly<Record<string, TableOption>> = {
  autovacuum_enabled: { kind: 'boolean', toast: true },
  autovacuum_vacuum_threshold: integer(0, INT_MAX),
  autovacuum_vacuum_max_threshold: integer(-1, INT_MAX, { since: 18 }),
  autovacuum_vacuum_scale_factor: real(0, 100),
  autovacuum_vacuum_insert_threshold: integer(-1, INT_MAX),
  autovacuum_vacuum_insert_scale_factor: real(0, 100),
  autovacuum_analyze_threshold: integer(0, INT_MAX, { toast: false }),
  autovacuum_analyze_scale_factor: real(0, 100, { toast: false }),
  /** ms */
  autovacuum_vacuum_cost_delay: real(0, 100),
  autovacuum_vacuum_cost_limit: integer(1, 10_000),
  autovacuum_freeze_min_age: integer(0, 1_000_000_000),
  autovacuum_freeze_max_age: integer(100_000, 2_000_000_000),
  autovacuum_freeze_table_age: integer(0, 2_000_000_000),
  autovacuum_multixact_freeze_min_age: integer(0, 1_000_000_000),
  autovacuum_multixact_freeze_max_age: integer(10_000, 2_000_000_000),
  autovacuum_multixact_freeze_table_age: integer(0, 2_000_000_000),
  /** ms */
  log_autovacuum_min_duration: integer(-1, INT_MAX),
  vacuum_index_cleanup: { kind: 'auto', toast: true },
  vacuum_truncate: { kind: 'boolean', toast: true },
  vacuum_max_eager_freeze_failure_rate: real(0, 1, { since: 18 }),
  /** Percent; for pages that are written from now on. */
  fillfactor: integer(10, 100, { toast: false }),
  parallel_workers: integer(0, 1024, { toast: false }),
  toast_tuple_target: integer(128, 8160, { toast: false }),
}

/** A value as ALTER TABLE takes it, or null: it is none of this option. Numbers in plain decimal, never an expression. */
export function optionValue({ kind, min = 0, max = 0 }: TableOption, value: string): string | null {
  if (kind === 'boolean') return value === 'on' || value === 'off' ? value : null
  if (kind === 'auto') return value === 'on' || value === 'off' || value === 'auto' ? value : null
  if (!(kind === 'integer' ? /^-?\d{1,10}$/ : /^-?\d{1,10}(\.\d{1,15})?$/).test(value)) return null
  return Number(value) >= min && Number(value) <= max ? value : null
}

export const tableOptions = defineRead({
  name: 'table-options',
  about: 'Storage parameters of a table and of its TOAST table, as they are set',
  params: z.object({ oid }),
  row: z.object({
    has_toast: z.boolean(),
    is_owner: z.boolean(),
    /** name=value, those of the TOAST table with toast. before. */
    options: z.array(z.string()),
    /** Of all of them: another when any has changed. */
    mark: z.coerce.number(),
  }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:table-options */ c.reltoastrelid <> 0 as has_toast, pg_has_role(c.relowner, 'USAGE') as is_owner, set.options,
       ('x' || left(md5(array_to_string(set.options, ' ')), 8))::bit(32)::int8 as mark
  from pg_class c
  left join pg_class t on t.oid = c.reltoastrelid
  cross join lateral (
    select array(select o from unnest(c.reloptions) o union all select 'toast.' || o from unnest(t.reloptions) o order by 1) as options) set
 where c.oid = $1`,
})
