import { z } from 'zod'
import { bytes, oid, serverText } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { seesAs } from '../../server/grants'

/** pg_tablespace_size needs CREATE on it, or pg_read_all_stats, unless it is the default of the database (manual, 9.28.7). */
export const tablespaces = defineRead({
  name: 'tablespaces',
  about: 'Tablespaces with their size and place',
  needs: 'pg_read_all_stats',
  params: z.object({}),
  row: z.object({ oid, name: z.string(), owner: z.string(), location: serverText, bytes: bytes.nullable() }),
  keep: 30_000,
  timeout: 10_000,
  sql: /* sql */ `
select /* proctor:tablespaces */ t.oid, t.spcname as name, pg_get_userbyid(t.spcowner) as owner, pg_tablespace_location(t.oid) as location,
       case when ${seesAs("'pg_read_all_stats'")} or has_tablespace_privilege(t.oid, 'create') then pg_tablespace_size(t.oid) end as bytes
  from pg_tablespace t
 order by bytes desc nulls last, t.spcname`,
})
