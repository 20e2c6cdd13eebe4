import { z } from 'zod'
import { oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * What names without a schema in an index definition could mean outside of pg_catalog, and what the columns of its table are.
 * What takes and gives only types of PostgreSQL itself is left out where pg_catalog has the name too: there pg_catalog's is meant.
 * 16384 is the first OID that initdb leaves to users (manual, 52.1; FirstNormalObjectId).
 */
export const namesElsewhere = defineRead({
  name: 'names-elsewhere',
  about: 'Functions, operators, types, operator classes and collations of some names outside of pg_catalog, and the columns of a table',
  params: z.object({
    relid: oid,
    amname: z.string(),
    functions: z.array(z.string()),
    operators: z.array(z.string()),
    types: z.array(z.string()),
    opclasses: z.array(z.string()),
    collations: z.array(z.string()),
  }),
  row: z.object({
    kind: z.enum(['column', 'function', 'operator', 'type', 'opclass', 'collation']),
    name: z.string(),
    /** Of a column: its type's. */
    nspname: z.string(),
    /** Arguments; of a column or a type the type itself. */
    types: z.array(oid),
    /** pg_catalog has the name, too. */
    known: z.boolean(),
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:names-elsewhere */ found as (
  select 'function' as kind, p.proname as name, p.pronamespace as nsp, p.proargtypes::oid[] as types,
         exists (select from pg_proc k where k.proname = p.proname and k.pronamespace = 'pg_catalog'::regnamespace) as known
  from pg_proc p where p.proname = any ($3::text[])
  union all
  select 'operator', o.oprname, o.oprnamespace, array[o.oprleft, o.oprright],
         exists (select from pg_operator k where k.oprname = o.oprname and k.oprnamespace = 'pg_catalog'::regnamespace)
  from pg_operator o where o.oprname = any ($4::text[])
  union all
  select 'type', t.typname, t.typnamespace, array[t.oid],
         exists (select from pg_type k where k.typname = t.typname and k.typnamespace = 'pg_catalog'::regnamespace)
  from pg_type t where t.typname = any ($5::text[])
  union all
  select 'opclass', c.opcname, c.opcnamespace, array[c.opcintype],
         exists (select from pg_opclass k where k.opcname = c.opcname and k.opcmethod = c.opcmethod and k.opcnamespace = 'pg_catalog'::regnamespace)
  from pg_opclass c join pg_am m on m.oid = c.opcmethod where c.opcname = any ($6::text[]) and m.amname = $2
  union all
  select 'collation', l.collname, l.collnamespace, '{}',
         exists (select from pg_collation k where k.collname = l.collname and k.collnamespace = 'pg_catalog'::regnamespace)
  from pg_collation l where l.collname = any ($7::text[])
)
select f.kind, f.name::text, n.nspname::text, f.types, f.known
from found f join pg_namespace n on n.oid = f.nsp
where n.nspname <> 'pg_catalog' and (not f.known or f.kind in ('function', 'operator') and exists (select from unnest(f.types) t where t >= 16384))
union all
select 'column', a.attname, n.nspname, array[t.oid], t.oid < 16384
from pg_attribute a join pg_type t on t.oid = a.atttypid join pg_namespace n on n.oid = t.typnamespace
where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
order by 1, 2, 3`,
})
