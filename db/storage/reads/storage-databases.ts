import { z } from 'zod'
import { bytes, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { seesAs } from '../../server/grants'

/**
 * Every database with its size (manual, 9.28.7, pg_database_size): null for one to which the role may not connect, unless it is of
 * pg_read_all_stats. Templates are among them: their files take space as well.
 */
export const storageDatabases = defineRead({
  name: 'storage-databases',
  about: 'Every database with its size, and whether the role may look into it',
  needs: 'pg_read_all_stats',
  params: z.object({}),
  row: z.object({ datid: oid, datname: z.string(), bytes: bytes.nullable(), may_connect: z.boolean(), tablespace: z.string() }),
  keep: 30_000,
  timeout: 10_000,
  sql: /* sql */ `
select /* proctor:storage-databases */ d.oid as datid, d.datname,
       case when has_database_privilege(d.oid, 'connect') or ${seesAs("'pg_read_all_stats'")} then pg_database_size(d.oid) end as bytes,
       d.datallowconn and has_database_privilege(d.oid, 'connect') as may_connect, t.spcname as tablespace
  from pg_database d join pg_tablespace t on t.oid = d.dattablespace
 order by bytes desc nulls last, d.datname`,
})
