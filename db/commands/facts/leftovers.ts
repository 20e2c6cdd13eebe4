import { z } from 'zod'
import { bytes, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

const LEFTOVER = /_cc(new|old)\d*$/

/** The names that REINDEX CONCURRENTLY gives its copies: name_ccnew, name_ccold, with a number where taken. */
const isLeftoverName = (relname: string): boolean => LEFTOVER.test(relname)

/**
 * Invalid indexes of tables (and their partitions and TOAST tables) that a REINDEX CONCURRENTLY left behind, and the one
 * that a CREATE or DROP INDEX CONCURRENTLY left under its own name. One that is being built
 * at this moment, or whose removal is under way, is none: somebody holds its ShareUpdateExclusiveLock.
 */
export const leftoverIndexes = defineRead({
  name: 'leftover-indexes',
  about: 'Invalid indexes that half-way builds and drops left on some tables, without those that are being built now',
  params: z.object({ relids: z.array(oid), relnames: z.array(z.string()) }),
  row: z.object({
    oid,
    schemaname: z.string(),
    relname: z.string(),
    /** Null behind an AccessExclusiveLock. */
    bytes: bytes.nullable(),
    indisready: z.boolean(),
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:leftover-indexes */ recursive here as (
  select oid as datid from pg_database where datname = current_database()
), tree as (
  select c.oid, c.reltoastrelid from pg_class c where c.oid = any($1::oid[])
  union
  select c.oid, c.reltoastrelid from tree join pg_inherits h on h.inhparent = tree.oid join pg_class c on c.oid = h.inhrelid
)
select c.oid, n.nspname as schemaname, c.relname, i.indisready,
       case when not exists (select from pg_locks l, here
                              where l.locktype = 'relation' and l.database = here.datid and l.relation = c.oid
                                and l.mode = 'AccessExclusiveLock')
            then pg_relation_size(c.oid) end as bytes
  from tree
  join pg_index i on i.indrelid in (tree.oid, tree.reltoastrelid)
  join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
  join pg_namespace n on n.oid = c.relnamespace
 where not i.indisvalid and (c.relname ~ '_cc(new|old)[0-9]*$' or c.relname = any ($2::text[]))
   and not exists (select from pg_locks l, here
                    where l.locktype = 'relation' and l.database = here.datid and l.relation = c.oid and l.granted
                      and l.mode in ('ShareUpdateExclusiveLock', 'AccessExclusiveLock'))
 order by c.relname`,
})

/** What a leftover is and what may be done about it, in a sentence. `lasting`: what ended its build would end another, too. */
export function adviceFor({ relname, indisready, lasting = false }: { relname: string; indisready: boolean; lasting?: boolean }): string {
  const cost = indisready ? ' Until then every write maintains it.' : ''
  if (!isLeftoverName(relname)) return `Its build or drop was interrupted, and no query uses it. Drop it.${cost}`
  return /_ccold\d*$/.test(relname)
    ? `The old copy of a rebuild that succeeded; only its removal failed. Drop it.${cost}`
    : `The new copy of a rebuild that did not finish. Drop it${lasting ? '; rebuild again only after fixing what it failed on' : ', then rebuild again'}.${cost}`
}

/**
 * Whether a leftover can be the copy that a rebuild of `relname` made: PostgreSQL appends _ccnew or _ccold and cuts the
 * name before it where both together are longer than 63 bytes (ChooseRelationName).
 */
export function isCopyOf(relname: string, leftover: string): boolean {
  const base = leftover.replace(LEFTOVER, '')
  return base === relname || (base !== '' && relname.startsWith(base) && Buffer.byteLength(leftover) >= 60)
}
