import { z } from 'zod'
import { timestamp } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * When a server became what writes a timeline: a standby that is promoted, and a recovery to a point in time, write that timeline's
 * history file then and never again (manual, 26.3.6). Null: the file is not there. pg_ls_waldir is for pg_monitor.
 */
export const promotionTime = defineRead({
  name: 'promotion-time',
  about: 'When the server was promoted to a timeline, by the time of its history file',
  needs: 'pg_monitor',
  calls: ['pg_ls_waldir()'],
  params: z.object({ timeline: z.int().positive() }),
  row: z.object({ promoted: timestamp.nullable() }),
  sql: /* sql */ `
select /* proctor:promotion-time */ max(modification) as promoted
from pg_ls_waldir()
where name = upper(lpad(to_hex($1::int), 8, '0')) || '.history'`,
})
