import { z } from 'zod'
import { bytes, serverText } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { seesAs } from '../../server/grants'

const file = z.object({
  /** As seen from the data directory, without the number of a segment: base/16384/24601 */
  path: z.string(),
  spcname: serverText,
  bytes,
  /** When the youngest of them was last written, in whole seconds, and whether all are older than every open transaction. */
  modified: z.string().transform((at) => new Date(at).toISOString()),
  settled: z.boolean(),
})

export type OrphanFile = z.infer<typeof file>

/**
 * Relation files of this database that no row of pg_class names. A transaction that is still open may have made such a file (its row
 * is not to be seen yet), so only what was last written before every open transaction of the database began is settled; a file of no
 * length is left out, as the first one of a dropped relation stays so until the next checkpoint (smgr/md.c). The server keeps whole
 * seconds of a file's time, cut off: one is added. Temporary relations' files (t3_16390) are removed at each start.
 */
export const orphanFiles = defineRead({
  name: 'orphan-files',
  about: 'Files of this database that belong to no relation: what a crash in a rewrite or a build leaves',
  calls: ['pg_ls_dir(text, boolean, boolean)', 'pg_stat_file(text, boolean)'],
  params: z.object({}),
  row: z.object({
    /** A primary alone knows which transactions are open; and only who sees the sessions of others. */
    in_recovery: z.boolean(),
    sees_sessions: z.boolean(),
    files: z.array(file),
  }),
  keep: 5 * 60_000,
  timeout: 20_000,
  sql: /* sql */ `
with /* proctor:orphan-files */ here as (
  select oid as datid, dattablespace from pg_database where datname = current_database()
), places as (
  select t.oid as spc, t.spcname, 'base/' || datid as directory
    from here, pg_tablespace t
   where t.spcname = 'pg_default' and exists (select from pg_tablespace_databases(t.oid) d (datid) where d.datid = here.datid)
  union all
  select t.oid, t.spcname, 'pg_tblspc/' || t.oid || '/' || release || '/' || datid
    from here, pg_tablespace t, pg_ls_dir('pg_tblspc/' || t.oid, true, false) release
   where t.spcname not in ('pg_default', 'pg_global') and release ~ ('^PG_' || current_setting('server_version_num')::int / 10000 || '_')
     and exists (select from pg_tablespace_databases(t.oid) d (datid) where d.datid = here.datid)
), named as (
  select coalesce(nullif(c.reltablespace, 0), dattablespace) as spc, pg_relation_filenode(c.oid)::int8 as filenode from pg_class c, here
), unnamed as (
  select p.spc, p.spcname, p.directory, f.name, substring(f.name from '^[0-9]+') as filenode
    from places p, pg_ls_dir(p.directory, true, false) f (name)
   where f.name ~ '^[0-9]{1,10}(_(fsm|vm|init))?([.][0-9]+)?$'
     and not exists (select from named n where n.spc = p.spc and n.filenode = substring(f.name from '^[0-9]+')::int8)
), oldest as (
  select least(clock_timestamp(), (select min(xact_start) from pg_stat_activity, here where pg_stat_activity.datid = here.datid),
               (select min(prepared) from pg_prepared_xacts where database = current_database())) as since
), found as (
  select u.directory || '/' || u.filenode as path, u.spcname, sum(s.size)::int8 as bytes, max(s.modification) as modified
    from unnamed u, pg_stat_file(u.directory || '/' || u.name, true) s
   where s.size is not null
   group by 1, 2
  having sum(s.size) > 0
)
select pg_is_in_recovery() as in_recovery, ${seesAs("'pg_read_all_stats'")} as sees_sessions,
       coalesce((select json_agg(json_build_object('path', path, 'spcname', spcname, 'bytes', bytes::text, 'modified', modified,
                                                   'settled', modified + interval '1 second' < since) order by bytes desc)
                   from found, oldest), '[]') as files`,
})
