import { z } from 'zod'
import { settingRow } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Every setting as a session of this role starts with it (reset_val: what SET changed within a read does not show), with the
 * place that it comes from (manual, 53.24). Left out: what the client itself sets, and presets but for the version.
 */
export const settingsSample = defineRead({
  name: 'settings-sample',
  about: 'Value, source and place of every setting',
  needs: 'pg_read_all_settings',
  params: z.object({}),
  row: settingRow(
    {
      name: z.string(),
      value: z.string().nullable(),
      unit: z.string().nullable(),
      source: z.string(),
      place: z.string().nullable(),
      pending_restart: z.boolean(),
    },
    ['value'],
  ),
  keep: 0,
  sql: /* sql */ `
select /* proctor:settings-sample */ name, reset_val as value, unit, case source when 'session' then 'default' else source end as source,
       sourcefile || ':' || sourceline as place, pending_restart
from pg_settings
where source <> 'client' and name not in ('application_name', 'client_encoding', 'DateStyle', 'TimeZone', 'in_hot_standby', 'is_superuser')
  and name !~ '^transaction_' and (context <> 'internal' or name = 'server_version')`,
})
