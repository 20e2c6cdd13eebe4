import { z } from 'zod'
import { counter, oid } from '../../server/columns'
import { defineRead, type Row } from '../../server/define-read'
import { ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import type { Before } from '../define-command'

/**
 * What an index is, by which it is known again under another OID: where its text places things in the statement that made it
 * (:location) is lost in a copy and left out. `c`, `i` and `am` are its rows of pg_class, pg_index and pg_am.
 */
export const INDEX_DIGEST = /* sql */ `hashtextextended(concat_ws('|', i.indrelid, am.amname, i.indisunique, i.indnkeyatts, i.indkey, i.indclass, i.indcollation, i.indoption,
         regexp_replace(concat(i.indexprs::text, '|', i.indpred::text), ':(stmt_)?location -?\\d+', '', 'g'),
         (select string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod)), ',' order by a.attnum)
            from pg_attribute a where a.attrelid = c.oid)) collate "C", 0)::text`

/** Valid indexes under some names, with what they are. */
export const indexDigests = defineRead({
  name: 'index-digests',
  about: 'Valid indexes by schema and name, each with a digest of its definition, its file and its scans',
  params: z.object({ schemas: z.array(z.string()), names: z.array(z.string()) }),
  row: z.object({
    oid,
    schemaname: z.string(),
    relname: z.string(),
    relfilenode: oid,
    digest: z.string(),
    scans: counter,
    /**
     * It came to its name as REINDEX CONCURRENTLY leaves an index: its rows of pg_class and pg_index are of one transaction, which made none of
     * its columns (index_concurrently_swap). CREATE INDEX makes columns and name together, and a rename leaves pg_index alone.
     */
    swapped: z.boolean(),
    /** Somebody holds it or its table exclusively, or waits to: it may be another one before the next statement gets its lock. */
    locked: z.boolean(),
  }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:index-digests */ c.oid, n.nspname as schemaname, c.relname, coalesce(pg_relation_filenode(c.oid), 0::oid) as relfilenode,
       ${INDEX_DIGEST} as digest, pg_stat_get_numscans(c.oid)::text as scans,
       i.xmin = c.xmin and not exists (select from pg_attribute a where a.attrelid = c.oid and a.xmin = c.xmin) as swapped,
       exists (select from pg_locks l
                where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.relation in (c.oid, i.indrelid)
                  and l.database = (select oid from pg_database where datname = current_database())) as locked
  from unnest($1::text[], $2::text[]) w (nspname, relname)
  join pg_namespace n on n.nspname = w.nspname
  join pg_class c on c.relnamespace = n.oid and c.relname = w.relname
  join pg_index i on i.indexrelid = c.oid and i.indisvalid
  join pg_am am on am.oid = c.relam`,
})

/** A valid index as it is now. */
export type IndexNow = Row<typeof indexDigests>

/** Which of some files' names lead to a valid index, by a key of schema and name. Errors: as its read. */
export async function indexesNow(target: Target, files: Before['files']): Promise<Result<Map<string, IndexNow>>> {
  const named = files.flatMap(({ schemaname, relname }) => (schemaname && relname ? [{ schemaname, relname }] : []))
  if (named.length === 0) return ok(new Map())
  const found = await runRead(target, indexDigests, {
    schemas: named.map(({ schemaname }) => schemaname),
    names: named.map(({ relname }) => relname),
  })
  return found.ok ? ok(new Map(found.value.map((index) => [nameKey(index), index]))) : found
}

/** By what an index is found again under its name. */
export const nameKey = ({ schemaname, relname }: { schemaname?: string; relname?: string }): string => JSON.stringify([schemaname, relname])
