import { z } from 'zod'
import { oid, statementText } from '../../server/columns'
import { defineRead, type Row } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import type { Done, Found } from '../define-command'
import { loadTable, type RelationFacts } from '../facts/load'

/** What both commands ask: the table, and the one that it is, or is to be, a partition of ($2, or the one that it has). */
const partitionMembership = defineRead({
  name: 'partition-membership',
  about: 'A table with the partitioned table above it: its bound, the default partition, keys that point there, and who owns both',
  params: z.object({ oid, parent: oid.nullable() }),
  row: z.object({
    parent: oid,
    parent_schema: z.string(),
    parent_name: z.string(),
    parent_owner: z.string(),
    owns_both: z.boolean(),
    /** It is a partition of that one. */
    attached: z.boolean(),
    /** Of any. */
    is_partition: z.boolean(),
    /** As PostgreSQL writes it: FOR VALUES …, or DEFAULT. Null where it is no partition, or a lock hides it. */
    bound: statementText.nullable(),
    /** A DETACH CONCURRENTLY of this one, or of another, was cut off half-way. */
    pending: z.boolean(),
    other_pending: z.string().nullable(),
    /** The default partition, which may be this one. */
    default_partition: z.string().nullable(),
    is_default: z.boolean(),
    /** The key as PARTITION BY has it; null behind a lock. */
    key: z.string().nullable(),
    /** Foreign keys that point at the partitioned table or at what is above it. */
    referenced_by: z.array(z.string()),
    /** Names of its validated CHECK constraints. */
    checks: z.array(z.string()),
    /** Tables with the rows that a scan would read. */
    rows: z.number(),
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:partition-membership */ recursive ${LOCKED}, up as (
  select coalesce($2::oid, (select h.inhparent from pg_inherits h join pg_class c on c.oid = h.inhrelid and c.relispartition where h.inhrelid = $1)) as oid, 0 as level
  union all
  select h.inhparent, up.level + 1 from up join pg_inherits h on h.inhrelid = up.oid
), parent as (
  select oid from up where level = 0
)
select p.oid as parent, n.nspname as parent_schema, p.relname as parent_name, pg_get_userbyid(p.relowner) as parent_owner,
       pg_has_role(p.relowner, 'USAGE') and pg_has_role(c.relowner, 'USAGE') as owns_both,
       h.inhrelid is not null as attached, c.relispartition as is_partition,
       case when c.oid not in (select relation from locked) then pg_get_expr(c.relpartbound, c.oid) end as bound,
       coalesce(h.inhdetachpending, false) as pending,
       (select o.relname from pg_inherits x join pg_class o on o.oid = x.inhrelid where x.inhparent = p.oid and x.inhdetachpending and x.inhrelid <> c.oid limit 1) as other_pending,
       (select d.relname from pg_class d where d.oid = k.partdefid and k.partdefid <> 0) as default_partition, k.partdefid = c.oid as is_default,
       case when p.oid not in (select relation from locked) then pg_get_partkeydef(p.oid) end as key,
       array(select format('%I on %s', f.conname, f.conrelid::regclass::text) from pg_constraint f
              where f.contype = 'f' and f.conparentid = 0 and f.confrelid in (select oid from up) order by 1) as referenced_by,
       array(select x.conname::text from pg_constraint x where x.conrelid = c.oid and x.contype = 'c' and x.convalidated order by 1) as checks,
       greatest(c.reltuples, 0)::float8 as rows
  from pg_class c
  join parent on true
  join pg_class p on p.oid = parent.oid and p.relkind = 'p'
  join pg_partitioned_table k on k.partrelid = p.oid
  join pg_namespace n on n.oid = p.relnamespace
  left join pg_inherits h on h.inhrelid = c.oid and h.inhparent = p.oid
 where c.oid = $1`,
})

export type Membership = Row<typeof partitionMembership>
export type MembershipFacts = RelationFacts & Membership

/**
 * A table with what it is, or is to be, a partition of. Errors: conflict where either is gone, or where it is a partition of nothing;
 * lock_not_available where a lock hides its bound; and as its reads.
 */
export async function loadMembership(target: Target, oid: number, parent: number | null): Promise<Result<Found<MembershipFacts>>> {
  const found = await loadTable(target, oid, 'nothing')
  if (!found.ok) return found
  const rows = await runRead(target, partitionMembership, { oid, parent })
  if (!rows.ok) return rows
  const [row] = rows.value
  const { object, facts } = found.value
  if (!row)
    return failed(
      'conflict',
      parent === null ? `${object.relname} is no partition` : `There is no partitioned table with OID ${parent} any more`,
    )
  return ok({ object: { ...object, definition: `${object.definition} ${row.parent} ${row.bound}` }, facts: { ...facts, ...row } })
}

/** Whether a table is a partition now; partly: a DETACH CONCURRENTLY was cut off. Errors: as the read. */
export async function membershipNow(target: Target, oid: number): Promise<Result<Done>> {
  const rows = await runRead(target, partitionMembership, { oid, parent: null })
  if (!rows.ok) return rows
  const [row] = rows.value
  return ok(row?.pending ? 'partly' : row?.attached ? 'yes' : 'no')
}
