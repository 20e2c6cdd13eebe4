import { z } from 'zod'
import { bytes, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'

/**
 * Which ranges of the table a BRIN index has summarized, from its metapage and its range map (manual, F.23.5, pageinspect; 67.5.1.1,
 * index maintenance): a search reads every page of a range without a summary. No catalog and no statistic knows it, so without pageinspect,
 * whose functions are a superuser's, it cannot be told. The last range counts once it is full: VACUUM leaves it until then. No row for an
 * index that is no BRIN index, is invalid, or is under an AccessExclusiveLock, held or waited for.
 */
export const brinRanges = defineRead({
  name: 'brin-ranges',
  about: 'Ranges of the table that one BRIN index has summarized, and those that it has not',
  extension: { name: 'pageinspect', version: '1.9' },
  params: z.object({ indexrelid: oid }),
  row: z.object({
    pages_per_range: z.number(),
    /** Full ranges of the table, and those of all ranges that have a summary. */
    ranges: bytes,
    summarized: bytes,
    /** A range is summarized when the next one is begun, by autovacuum. */
    autosummarize: z.boolean(),
  }),
  sql: /* sql */ `
with /* proctor:brin-ranges */ ${LOCKED},
target as materialized (
  select i.indrelid, c.reloptions, format('%I.%I', n.nspname, c.relname) as name
    from pg_index i
    join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
    join pg_namespace n on n.oid = c.relnamespace
    join pg_am am on am.oid = c.relam and am.amname = 'brin'
   where i.indexrelid = $1 and i.indisvalid and not exists (select from locked l where l.relation in (i.indexrelid, i.indrelid))
), meta as materialized (
  select t.*, m.pagesperrange, m.lastrevmappage
    from target t, lateral @extschema@.brin_metapage_info(@extschema@.get_raw_page(t.name, 'main'::text, 0::bigint)) m
)
select m.pagesperrange as pages_per_range,
       pg_relation_size(m.indrelid) / current_setting('block_size')::int8 / m.pagesperrange as ranges,
       -- without one: (0,0) as the page was made, (4294967295,0) where brin_desummarize_range took it away
       (select count(*) from generate_series(1, m.lastrevmappage) b,
               lateral @extschema@.brin_revmap_data(@extschema@.get_raw_page(m.name, 'main'::text, b::bigint)) r (pages)
         where split_part(trim('()' from r.pages::text), ',', 2) <> '0') as summarized,
       coalesce((select option_value::bool from pg_options_to_table(m.reloptions) where option_name = 'autosummarize'), false) as autosummarize
  from meta m`,
})
