import { z } from 'zod'
import { oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import type { Found } from '../define-command'
import { loadIndex, loadTable, type RelationFacts } from '../facts/load'

const row = z.object({
  relkind: z.string(),
  attname: z.string(),
  /** -1: default_statistics_target counts. */
  target: z.number(),
  default_target: z.number(),
  is_owner: z.boolean(),
  /** Of an index: the column is an expression. */
  is_expression: z.boolean(),
  /** Generated when it is read, and never stored, which came with 18. */
  virtual: z.boolean(),
  /** Targets of the same column in partitions and children, where they are others. */
  others: z.array(z.number()),
  /** Milliseconds since 1970. */
  last_analyze: z.coerce.number().nullable(),
})

export type StatisticsTarget = z.output<typeof row>
export type StatisticsFacts = RelationFacts & Omit<StatisticsTarget, 'relkind'> & { wanted: number }

/** Until 16 -1 says that there is none, from 17 on null (pg_attribute). The name of an index's column is its expression's. */
const statisticsTarget = defineRead({
  name: 'statistics-target',
  about: 'The statistics target of one column of a table, or of an expression of an index',
  params: z.object({ oid, column: z.int().min(1) }),
  row,
  keep: 0,
  sql: /* sql */ `
with /* proctor:statistics-target */ recursive tree as (
  select $1::oid as oid union select h.inhrelid from tree join pg_inherits h on h.inhparent = tree.oid
)
select c.relkind, a.attname, coalesce(a.attstattarget, -1)::int as target,
       (select setting::int from pg_settings where name = 'default_statistics_target') as default_target,
       pg_has_role(c.relowner, 'USAGE') as is_owner, coalesce(i.indkey[a.attnum - 1] = 0, false) as is_expression, a.attgenerated = 'v' as virtual,
       array(select distinct coalesce(o.attstattarget, -1)::int from tree join pg_attribute o on o.attrelid = tree.oid
              where c.relkind not in ('i', 'I') and tree.oid <> c.oid and o.attname = a.attname and not o.attisdropped
                and coalesce(o.attstattarget, -1) <> coalesce(a.attstattarget, -1) order by 1) as others,
       extract(epoch from pg_stat_get_last_analyze_time(coalesce(i.indrelid, c.oid))) * 1000 as last_analyze
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum = $2 and not a.attisdropped
  left join pg_index i on i.indexrelid = c.oid
 where c.oid = $1`,
})

/** As it is now. Errors: conflict where the relation or the column is gone. */
export async function readTarget(target: Target, oid: number, column: number): Promise<Result<StatisticsTarget>> {
  const rows = await runRead(target, statisticsTarget, { oid, column })
  if (!rows.ok) return rows
  const [row] = rows.value
  return row ? ok(row) : failed('conflict', `There is no column ${column} of a relation with OID ${oid} any more`)
}

/** A table or an index with one of its columns, for which `wanted` is asked; the present target is a part of its identity, so that the undo stays true. */
export async function loadTarget(target: Target, oid: number, column: number, wanted: number): Promise<Result<Found<StatisticsFacts>>> {
  const own = await readTarget(target, oid, column)
  if (!own.ok) return own
  const { relkind, ...state } = own.value
  const found = relkind === 'i' || relkind === 'I' ? await loadIndex(target, oid) : await loadTable(target, oid, 'nothing')
  if (!found.ok) return found
  const { object, facts } = found.value
  return ok({ object: { ...object, definition: `${object.definition} statistics ${state.target}` }, facts: { ...facts, ...state, wanted } })
}
