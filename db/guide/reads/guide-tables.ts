import { z } from 'zod'
import { float, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * Tables with the seven names of the LMS guide, in every schema but PostgreSQL's own, with their columns; whether they are the guide's is
 * for db/guide/find-guide.ts to say. Found by the index on names, so it costs nothing in a database of ten thousand tables. A partition is
 * left out, its parent stands for it. Types: those of a domain are what it is over; citext and the like are text to us.
 */
export const guideTables = defineRead({
  name: 'guide-tables',
  about: 'Tables that have the names of those of the LMS guide, with their columns',
  params: z.object({}),
  row: z.object({
    relid: oid,
    schemaname: z.string(),
    relname: z.string(),
    partitioned: z.boolean(),
    /** Rows as the last VACUUM or ANALYZE counted them, with those of partitions; 0 where nobody has counted. */
    reltuples: float,
    /** type: typname of a type of PostgreSQL's own; enum; text for what people made of it; else other. */
    columns: z.array(z.object({ name: z.string(), type: z.string(), generated: z.boolean() })),
  }),
  sql: /* sql */ `
select /* proctor:guide-tables */ c.oid as relid, n.nspname as schemaname, c.relname, c.relkind = 'p' as partitioned,
       case when c.relkind = 'p'
            then (select coalesce(sum(greatest(part.reltuples, 0)), 0)
                    from pg_partition_tree(c.oid) tree join pg_class part on part.oid = tree.relid where tree.isleaf)
            else greatest(c.reltuples, 0) end::float8 as reltuples,
       (select coalesce(json_agg(json_build_object(
                 'name', a.attname,
                 'type', case when base.typtype = 'e' then 'enum'
                              when base.typnamespace = 'pg_catalog'::regnamespace then base.typname
                              when base.typcategory = 'S' then 'text' else 'other' end,
                 'generated', a.attgenerated <> '') order by a.attnum), '[]')
          from pg_attribute a
          join pg_type t on t.oid = a.atttypid
          join pg_type base on base.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 where c.relname in ('users', 'courses', 'lessons', 'sections', 'student_progress', 'section_progress', 'quiz_results')
   and c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
   and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
 order by n.nspname, c.relname`,
  keep: 10_000,
})
