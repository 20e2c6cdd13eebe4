import { z } from 'zod'
import { oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
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
  about: 'Valid indexes by schema and name, each with a digest of its definition',
  params: z.object({ schemas: z.array(z.string()), names: z.array(z.string()) }),
  row: z.object({ oid, schemaname: z.string(), relname: z.string(), digest: z.string() }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:index-digests */ c.oid, n.nspname as schemaname, c.relname, ${INDEX_DIGEST} as digest
  from unnest($1::text[], $2::text[]) w (nspname, relname)
  join pg_namespace n on n.nspname = w.nspname
  join pg_class c on c.relnamespace = n.oid and c.relname = w.relname
  join pg_index i on i.indexrelid = c.oid and i.indisvalid
  join pg_am am on am.oid = c.relam`,
})

/** An index that another one of the same name, table and definition has replaced. */
export interface Replaced {
  was: number
  now: number
}

/** Which indexes stand under other OIDs than before, as REINDEX CONCURRENTLY leaves them; none where it cannot be proved. Errors: as its read. */
export async function replacedSince(target: Target, { files }: Before): Promise<Result<Replaced[]>> {
  const former = files.flatMap(({ oid: was, schemaname, relname, digest }) =>
    schemaname && relname && digest ? [{ was, schemaname, relname, digest }] : [],
  )
  if (former.length === 0) return ok([])
  const found = await runRead(target, indexDigests, {
    schemas: former.map(({ schemaname }) => schemaname),
    names: former.map(({ relname }) => relname),
  })
  if (!found.ok) return found
  const key = (index: { schemaname: string; relname: string; digest: string }) =>
    JSON.stringify([index.schemaname, index.relname, index.digest])
  const now = new Map(found.value.map((index) => [key(index), index.oid]))
  return ok(
    former.flatMap((index) => {
      const other = now.get(key(index))
      return other === undefined || other === index.was ? [] : [{ was: index.was, now: other }]
    }),
  )
}
