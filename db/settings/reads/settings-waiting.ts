import { z } from 'zod'
import { settingRow, timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** Settings that were changed in a file and hold from the next start on (manual, 54.24, pending_restart); `loaded`: when the files were last read. */
export const settingsWaiting = defineRead({
  name: 'settings-waiting',
  about: 'Settings whose new value in a file waits for a restart of the server',
  params: z.object({}),
  row: settingRow({ name: z.string(), setting: z.string().nullable(), unit: z.string().nullable(), loaded: timestamp }, ['setting']),
  sql: /* sql */ `
select /* proctor:settings-waiting */ name, setting, unit, pg_conf_load_time() as loaded
  from pg_settings
 where pending_restart
 order by name`,
})
