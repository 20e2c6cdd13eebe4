import { z } from 'zod'
import { settingRow, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Lines of the configuration files that the server refuses, and lines that another one of the same name outdoes with another value
 * (manual, 54.10). What waits for a restart is no fault, though the view calls it "setting could not be applied". `by_file` and
 * `by_line` name the line that counts; `changed` and `by_changed` when those files were last written. Superusers only, or whoever was
 * granted the view, its function and pg_stat_file.
 */
export const settingsFileFaults = defineRead({
  name: 'settings-file-faults',
  about: 'Lines of the configuration files that are refused, or that a later line of another value outdoes',
  params: z.object({}),
  row: settingRow(
    {
      /** Null: the line could not be read at all. */
      name: z.string().nullable(),
      setting: z.string().nullable(),
      sourcefile: z.string(),
      sourceline: z.number(),
      /** It stands in the main file (config_file), not in one that this includes. */
      main: z.boolean(),
      /** Null: outdone by another line. */
      error: z.string().nullable(),
      by_setting: z.string().nullable(),
      by_file: z.string().nullable(),
      by_line: z.number().nullable(),
      changed: timestamp.nullable(),
      by_changed: timestamp.nullable(),
    },
    ['setting', 'error', 'by_setting'],
  ),
  calls: ['pg_file_settings', 'pg_show_all_file_settings()', 'pg_stat_file(text, boolean)'],
  sql: /* sql */ `
with /* proctor:settings-file-faults */ line as materialized (
  select f.*, last_value(f.setting) over same as by_setting, last_value(f.sourcefile) over same as by_file,
         last_value(f.sourceline) over same as by_line, last_value(f.seqno) over same as by_seqno
    from pg_file_settings f
  window same as (partition by lower(f.name) order by f.seqno rows between unbounded preceding and unbounded following)
), fault as (
  select l.* from line l left join pg_settings s on s.name = lower(l.name)
   where l.error is not null and not coalesce(s.pending_restart, false)
      or l.error is null and l.seqno <> l.by_seqno and l.setting is distinct from l.by_setting
)
select f.name, f.setting, f.sourcefile, f.sourceline, f.sourcefile = current_setting('config_file') as main, f.error,
       case when f.error is null then f.by_setting end as by_setting, case when f.error is null then f.by_file end as by_file,
       case when f.error is null then f.by_line end as by_line,
       (pg_stat_file(f.sourcefile, true)).modification as changed,
       case when f.error is null then (pg_stat_file(f.by_file, true)).modification end as by_changed
  from fault f
 order by f.error is null, f.sourcefile, f.sourceline`,
})
