import { z } from 'zod'
import { oid, settingRow } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** What a storage parameter may hold and means. Bounds are those of the manual's CREATE TABLE, Storage Parameters. */
export interface TableOption {
  kind: 'boolean' | 'integer' | 'real' | 'auto'
  min?: number
  max?: number
  /** The first major that has it; 14 when left out. */
  since?: number
  /** The table's TOAST table has it too, as toast.name. */
  toast: boolean
  about: string
  unit?: string
  /** The server's setting that it overrides, where that is called otherwise; null where there is none. */
  setting?: string | null
  /** What holds where neither table nor server says anything. */
  fallback?: string
}

const INT_MAX = 2_147_483_647
type More = Partial<TableOption> & { about: string }
const integer = (min: number, max: number, more: More): TableOption => ({ kind: 'integer', min, max, toast: true, ...more })
const real = (min: number, max: number, more: More): TableOption => ({ kind: 'real', min, max, toast: true, ...more })

/** The three ages of autovacuum_freeze_… and of autovacuum_multixact_freeze_…; `least` that its _max_age may be. */
const ages = (of: string, unit: string, about: string, least: number): Record<string, TableOption> => ({
  [`autovacuum_${of}_min_age`]: integer(0, 1_000_000_000, { about, unit, setting: `vacuum_${of}_min_age` }),
  [`autovacuum_${of}_max_age`]: integer(least, 2_000_000_000, {
    about: "Age that forces a VACUUM; counts only below the server's own",
    unit,
  }),
  [`autovacuum_${of}_table_age`]: integer(0, 2_000_000_000, {
    about: 'Age from which VACUUM reads every page that is not frozen',
    unit,
    setting: `vacuum_${of}_table_age`,
  }),
})

/** The allow-list; https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-STORAGE-PARAMETERS */
export const TABLE_OPTIONS: Readonly<Record<string, TableOption>> = {
  autovacuum_enabled: {
    kind: 'boolean',
    toast: true,
    about: 'Whether autovacuum processes this table. Against wraparound it runs in any case.',
    setting: 'autovacuum',
  },
  autovacuum_vacuum_threshold: integer(0, INT_MAX, { about: 'Dead rows that trigger a VACUUM, plus the share below', unit: 'rows' }),
  autovacuum_vacuum_scale_factor: real(0, 100, { about: 'Share of the table that adds to the threshold', unit: 'of all rows' }),
  autovacuum_vacuum_max_threshold: integer(-1, INT_MAX, {
    about: 'Dead rows that trigger a VACUUM however large the table is; -1: no such limit',
    unit: 'rows',
    since: 18,
  }),
  autovacuum_vacuum_insert_threshold: integer(-1, INT_MAX, {
    about: 'Inserted rows that trigger a VACUUM, plus the share below; -1: never',
    unit: 'rows',
  }),
  autovacuum_vacuum_insert_scale_factor: real(0, 100, { about: 'Share of the table that adds to that threshold', unit: 'of all rows' }),
  autovacuum_analyze_threshold: integer(0, INT_MAX, {
    about: 'Changed rows that trigger an ANALYZE, plus the share below',
    unit: 'rows',
    toast: false,
  }),
  autovacuum_analyze_scale_factor: real(0, 100, {
    about: 'Share of the table that adds to that threshold',
    unit: 'of all rows',
    toast: false,
  }),
  autovacuum_vacuum_cost_delay: real(0, 100, { about: 'Pause of autovacuum when its cost limit is reached; 0: none', unit: 'ms' }),
  autovacuum_vacuum_cost_limit: integer(1, 10_000, { about: 'Cost of pages after which it pauses', unit: 'cost' }),
  ...ages('freeze', 'transactions', 'Age at which VACUUM freezes a row', 100_000),
  ...ages('multixact_freeze', 'multixacts', 'Age at which VACUUM replaces a multixact', 10_000),
  log_autovacuum_min_duration: integer(-1, INT_MAX, {
    about: 'Autovacuum of this table is logged from this duration on; 0: always, -1: never',
    unit: 'ms',
  }),
  vacuum_index_cleanup: {
    kind: 'auto',
    toast: true,
    about: 'Whether VACUUM removes index entries of dead rows; auto: where it is worth it',
    setting: null,
    fallback: 'auto',
  },
  vacuum_truncate: {
    kind: 'boolean',
    toast: true,
    about: 'Whether VACUUM truncates empty pages at the end, under a short AccessExclusiveLock',
    fallback: 'on',
  },
  vacuum_max_eager_freeze_failure_rate: real(0, 1, {
    about: 'Share of pages that VACUUM may try to freeze early in vain; 0: it does not try',
    unit: 'of all pages',
    since: 18,
  }),
  fillfactor: integer(10, 100, {
    about: 'How full pages are packed from now on; room left serves HOT updates',
    unit: '%',
    toast: false,
    setting: null,
    fallback: '100',
  }),
  parallel_workers: integer(0, 1024, {
    about: 'Workers that a parallel scan of this table asks for',
    unit: 'workers',
    toast: false,
    setting: null,
    fallback: 'by its size',
  }),
  toast_tuple_target: integer(128, 8160, {
    about: 'Row length from which long values are compressed or moved out',
    unit: 'bytes',
    toast: false,
    setting: null,
    fallback: '2040',
  }),
}

/** As PostgreSQL reads a boolean parameter, in the cases that people write. */
const BOOLEAN = new Map([
  ...['on', 'true', 'yes', '1'].map((word) => [word, 'on'] as const),
  ...['off', 'false', 'no', '0'].map((word) => [word, 'off'] as const),
])

/** A value as ALTER TABLE takes it, or null: it is none of this option. Numbers in plain decimal, never an expression. */
export function optionValue({ kind, min = 0, max = 0 }: TableOption, value: string): string | null {
  if (kind === 'auto' && value === 'auto') return value
  if (kind === 'boolean' || kind === 'auto') return BOOLEAN.get(value.toLowerCase()) ?? null
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

/** name=value, taken apart. */
export const valuesOf = (options: string[]): Map<string, string> =>
  new Map(options.map((option) => [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)]))

/** What the server says where a table does not. A setting of -1 for the cost of autovacuum stands for that of VACUUM. */
export const tableOptionDefaults = defineRead({
  name: 'table-option-defaults',
  about: "The server's settings that a table's storage parameters override",
  params: z.object({ names: z.array(z.string()) }),
  row: settingRow({ name: z.string(), setting: z.string() }, ['setting']),
  sql: /* sql */ `
select /* proctor:table-option-defaults */ s.name,
       case when s.setting = '-1' and s.name in ('autovacuum_vacuum_cost_delay', 'autovacuum_vacuum_cost_limit')
            then (select v.setting from pg_settings v where v.name = substr(s.name, 12)) else s.setting end as setting
  from pg_settings s
 where s.name = any($1)
 order by s.name`,
})
