import { z } from 'zod'
import { oid, settingRow } from '../../server/columns'
import { defineRead } from '../../server/define-read'

const names = z.object({ names: z.array(z.string()) })

/**
 * Settings as a new session of this role in this database gets them (manual, 54.24): reset_val, as the console's own reads
 * set a few for themselves, whose source then shows as session. sourcefile needs pg_read_all_settings.
 */
export const settings = defineRead({
  name: 'settings',
  about: 'Settings by name: value, bounds, choices, when they take effect, and where the value comes from',
  params: names,
  row: settingRow(
    {
      name: z.string(),
      setting: z.string(),
      unit: z.string().nullable(),
      vartype: z.string(),
      context: z.string(),
      min_val: z.string().nullable(),
      max_val: z.string().nullable(),
      enumvals: z.array(z.string()).nullable(),
      source: z.string(),
      sourcefile: z.string().nullable(),
      sourceline: z.number().nullable(),
      pending_restart: z.boolean(),
      /** What holds where nothing is written anywhere. */
      boot_val: z.string().nullable(),
    },
    ['setting', 'boot_val'],
  ),
  keep: 0,
  sql: /* sql */ `
select /* proctor:settings */ name, coalesce(reset_val, setting, '') as setting, unit, vartype, context, min_val, max_val, enumvals,
       source, sourcefile, sourceline, pending_restart, boot_val
  from pg_settings
 where name = any($1::text[])
 order by name`,
})

/**
 * What the configuration files say, the last line of each name, which is the one that counts (manual, 54.10): also what waits
 * for a restart, or was refused. Superusers only, unless both are granted: the view, and the
 * function behind it.
 */
export const fileSettings = defineRead({
  name: 'file-settings',
  about: 'What the configuration files say of settings by name, the line that counts, and whether it holds',
  params: names,
  row: settingRow(
    {
      name: z.string(),
      /** As it is written there. */
      setting: z.string().nullable(),
      sourcefile: z.string(),
      sourceline: z.number(),
      applied: z.boolean(),
      error: z.string().nullable(),
      /** Its line in postgresql.auto.conf, which is what ALTER SYSTEM writes; null when it has none. */
      auto: z.string().nullable(),
    },
    ['setting', 'error', 'auto'],
  ),
  calls: ['pg_file_settings', 'pg_show_all_file_settings()'],
  keep: 0,
  sql: /* sql */ `
select /* proctor:file-settings */ distinct on (name) name, setting, sourcefile, sourceline, applied, error,
       max(setting) filter (where sourcefile like '%/postgresql.auto.conf') over (partition by name) as auto
  from pg_file_settings
 where name = any($1::text[])
 order by name, seqno desc`,
})

/** Values that ALTER ROLE and ALTER DATABASE gave: sessions that they concern never see the server's own (manual, 53.16). */
export const roleSettings = defineRead({
  name: 'role-settings',
  about: 'Settings by name that belong to a role, a database, or a role in a database',
  params: names,
  row: settingRow(
    {
      name: z.string(),
      setting: z.string(),
      /** null: every database, every role. */
      datname: z.string().nullable(),
      rolname: z.string().nullable(),
    },
    ['setting'],
  ),
  sql: /* sql */ `
select /* proctor:role-settings */ s.name, s.setting, d.datname::text, r.rolname::text
  from (select setdatabase, setrole, split_part(c, '=', 1) as name, substr(c, strpos(c, '=') + 1) as setting
          from pg_db_role_setting, unnest(setconfig) c) s
  left join pg_database d on d.oid = s.setdatabase
  left join pg_roles r on r.oid = s.setrole
 where s.name = any($1::text[])
 order by s.name, d.datname nulls first, r.rolname nulls first`,
})

/** Whether this role may change the server's configuration, and what would forbid it. 15 and newer can grant it setting by setting. */
const rights = (mayAlter: string, allowed: string) => /* sql */ `
select /* proctor:setting-rights */ 'pg_catalog.pg_settings'::regclass::oid as view_oid,
       array(select n from unnest($1::text[]) n where not (${mayAlter})) as forbidden,
       has_function_privilege('pg_reload_conf()', 'EXECUTE') as may_reload,
       ${allowed} as alter_system_allowed,
       case when exists (select from pg_roles where rolname = 'rds_superuser') then 'Amazon RDS'
            when exists (select from pg_roles where rolname = 'cloudsqlsuperuser') then 'Google Cloud SQL'
            when exists (select from pg_roles where rolname = 'azure_pg_admin') then 'Azure Database' end as managed,
       (select count(*)::int from pg_stat_get_wal_senders()) as standbys`

const SUPERUSER = 'coalesce((select rolsuper from pg_roles where rolname = current_user), false)'
const GRANTED = `${SUPERUSER} or has_parameter_privilege(n, 'ALTER SYSTEM')`

export const settingRights = defineRead({
  name: 'setting-rights',
  about: 'Whether this role may run ALTER SYSTEM for settings by name, and what forbids it',
  params: names,
  row: z.object({
    /** Of the view pg_settings: what stands for the configuration as a whole. */
    view_oid: oid,
    forbidden: z.array(z.string()),
    may_reload: z.boolean(),
    /** allow_alter_system of 17 and newer. */
    alter_system_allowed: z.boolean(),
    managed: z.string().nullable(),
    /** WAL senders: standbys and the like that are connected now. */
    standbys: z.number(),
  }),
  keep: 0,
  sql: {
    14: rights(SUPERUSER, 'true'),
    15: rights(GRANTED, 'true'),
    17: rights(GRANTED, `current_setting('allow_alter_system')::bool`),
  },
})
