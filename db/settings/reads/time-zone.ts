import { z } from 'zod'
import { defineRead } from '../../server/define-read'

/** The time zone that the server shows times in, before any session's own choice (manual, 20.11.2). */
export const timeZone = defineRead({
  name: 'time-zone',
  about: 'The time zone in which the server shows times',
  params: z.object({}),
  row: z.object({ time_zone: z.string() }),
  sql: /* sql */ `
select /* proctor:time-zone */ reset_val as time_zone
from pg_settings
where name = 'TimeZone'`,
})
