import { z } from 'zod'
import { oid } from '../../server/columns'
import { defineRead, type Row } from '../../server/define-read'

const candidate = z.object({
  kind: z.enum(['function', 'operator']),
  nspname: z.string(),
  name: z.string(),
  /** Arguments; 0: an operator has nothing on that side. */
  types: z.array(oid),
  /** Which of them their category prefers. */
  preferred: z.array(z.boolean()),
  result: oid,
  volatility: z.enum(['i', 's', 'v']),
  /** A body that the planner may put in place of the call, and judge instead of what was declared. */
  inlinable: z.boolean(),
  defaults: z.number(),
  variadic: z.boolean(),
  signature: z.string(),
})
export type Candidate = z.output<typeof candidate>

/** What a definition's names, types and table are, as far as that decides whether the server takes it. */
export const definitionFacts = defineRead({
  name: 'definition-facts',
  about: 'What decides whether an index definition is taken: columns, access method, operator classes, functions, casts, partition key',
  params: z.object({
    relid: oid,
    amname: z.string(),
    /** Their schemas, in the same order. */
    function_schemas: z.array(z.string()),
    functions: z.array(z.string()),
    operator_schemas: z.array(z.string()),
    operators: z.array(z.string()),
    /** Of the keys and of all operands. */
    types: z.array(oid),
  }),
  row: z.object({
    most: z.coerce.number(),
    catalog: z.boolean(),
    /** Null: there is no such access method for indexes. */
    am: z.object({ unique: z.boolean(), many: z.boolean(), include: z.boolean(), order: z.boolean() }).nullable(),
    /** By name. */
    columns: z.record(z.string(), z.object({ type: oid, isVirtual: z.boolean() })),
    /** Whether values of the table lie outside of its rows. */
    hasToasted: z.boolean(),
    candidates: z.array(candidate),
    types: z.array(
      z.object({
        oid,
        name: z.string(),
        /** Behind domains. */
        base: oid,
        /** Of an array. */
        element: oid,
        typtype: z.string(),
        category: z.string(),
        /** Of the functions that read and write it as text. */
        input: z.enum(['i', 's', 'v']),
        output: z.enum(['i', 's', 'v']),
      }),
    ),
    casts: z.array(
      z.object({
        source: oid,
        target: oid,
        method: z.string(),
        context: z.string(),
        volatility: z.enum(['i', 's', 'v']),
        isDated: z.boolean(),
      }),
    ),
    classes: z.array(z.object({ nspname: z.string(), name: z.string(), type: oid, isDefault: z.boolean() })),
    /** Of a partitioned table, with those below it: columns of the keys, whether a key has an expression, and leaves that are foreign tables. */
    keys: z.array(z.object({ relname: z.string(), columns: z.array(z.string()), hasExpression: z.boolean() })),
    foreign: z.array(z.string()),
  }),
  keep: 0,
  sql: {
    14: statement('false'),
    18: statement(`a.attgenerated = 'v'`),
  },
})

export type DefinitionFacts = Row<typeof definitionFacts>

function statement(isVirtual: string): string {
  return /* sql */ `
with /* proctor:definition-facts */ recursive tree as (
  select c.oid, c.relname, c.relkind from pg_class c where c.oid = $1
  union all
  select c.oid, c.relname, c.relkind from tree join pg_inherits h on h.inhparent = tree.oid join pg_class c on c.oid = h.inhrelid
   where tree.relkind = 'p'
), am as (
  select m.oid from pg_am m where m.amname = $2 and m.amtype = 'i'
), wanted as (
  select distinct w.nspname, w.name, w.kind
    from (select r.nspname, r.name, 'function' as kind from unnest($3::text[], $4::text[]) r (nspname, name)
          union all
          select r.nspname, r.name, 'operator' from unnest($5::text[], $6::text[]) r (nspname, name)) w
), found as (
  select w.kind, w.nspname, w.name, p.proargtypes::oid[] as types, p.oid as proc, p.pronargdefaults as defaults, p.provariadic <> 0 as variadic
    from wanted w join pg_namespace n on n.nspname = w.nspname join pg_proc p on p.pronamespace = n.oid and p.proname = w.name and p.prokind = 'f'
   where w.kind = 'function'
  union all
  select w.kind, w.nspname, w.name, array[o.oprleft, o.oprright], o.oprcode, 0, false
    from wanted w join pg_namespace n on n.nspname = w.nspname join pg_operator o on o.oprnamespace = n.oid and o.oprname = w.name
   where w.kind = 'operator'
), asked as (
  select u.oid from unnest($7::oid[]) u (oid)
  union
  select t.typelem from pg_type t where t.oid = any ($7::oid[]) and t.typcategory = 'A'
), domain as (
  select t.oid, t.oid as base, t.typtype, t.typbasetype from asked join pg_type t on t.oid = asked.oid
  union all
  select d.oid, t.oid, t.typtype, t.typbasetype from domain d join pg_type t on t.oid = d.typbasetype where d.typtype = 'd'
), type as (
  select d.oid, format_type(d.oid, null) as name, d.base, case when t.typcategory = 'A' then t.typelem else 0 end as element,
         t.typtype, t.typcategory as category, i.provolatile as input, o.provolatile as output
    from domain d join pg_type t on t.oid = d.base join pg_proc i on i.oid = t.typinput join pg_proc o on o.oid = t.typoutput
   where d.typtype <> 'd'
)
select current_setting('max_index_keys') as most,
       c.oid < 16384 and n.nspname in ('pg_catalog', 'information_schema', 'pg_toast') as catalog,
       (select json_build_object('unique', pg_indexam_has_property(am.oid, 'can_unique'), 'many', pg_indexam_has_property(am.oid, 'can_multi_col'),
                                 'include', pg_indexam_has_property(am.oid, 'can_include'), 'order', pg_indexam_has_property(am.oid, 'can_order'))
          from am) as am,
       coalesce((select json_object_agg(a.attname, json_build_object('type', a.atttypid::int8, 'isVirtual', ${isVirtual}))
                   from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '{}') as columns,
       exists (select from pg_class t where t.oid = c.reltoastrelid and t.relpages > 0) as "hasToasted",
       coalesce((select json_agg(json_build_object('kind', f.kind, 'nspname', f.nspname, 'name', f.name, 'types', f.types::int8[],
                   'preferred', array(select coalesce(t.typispreferred, false) from unnest(f.types) with ordinality u (oid, n) left join pg_type t on t.oid = u.oid order by u.n),
                   'result', p.prorettype::int8, 'volatility', p.provolatile, 'inlinable', l.lanname = 'sql', 'defaults', f.defaults,
                   'variadic', f.variadic, 'signature', pn.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'))
                   from found f join pg_proc p on p.oid = f.proc join pg_language l on l.oid = p.prolang join pg_namespace pn on pn.oid = p.pronamespace), '[]') as candidates,
       coalesce((select json_agg(json_build_object('oid', oid::int8, 'name', name, 'base', base::int8, 'element', element::int8,
                                                   'typtype', typtype, 'category', category, 'input', input, 'output', output)) from type), '[]') as types,
       coalesce((select json_agg(json_build_object('source', k.castsource::int8, 'target', k.casttarget::int8, 'method', k.castmethod, 'context', k.castcontext,
                                                   'volatility', coalesce(p.provolatile, 'i'), 'isDated', s.typcategory = 'D'))
                   from pg_cast k join pg_type s on s.oid = k.castsource left join pg_proc p on p.oid = k.castfunc
                  where k.castsource in (select base from type) or k.castmethod = 'b' and k.castcontext = 'i'), '[]') as casts,
       coalesce((select json_agg(json_build_object('nspname', cn.nspname, 'name', o.opcname, 'type', o.opcintype::int8, 'isDefault', o.opcdefault))
                   from am join pg_opclass o on o.opcmethod = am.oid join pg_namespace cn on cn.oid = o.opcnamespace), '[]') as classes,
       coalesce((select json_agg(json_build_object('relname', tree.relname, 'hasExpression', 0 = any (k.partattrs::int2[]),
                   'columns', array(select a.attname from pg_attribute a where a.attrelid = tree.oid and a.attnum = any (k.partattrs::int2[]) order by a.attnum)))
                   from tree join pg_partitioned_table k on k.partrelid = tree.oid), '[]') as keys,
       array(select relname::text from tree where relkind = 'f' order by relname) as foreign
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.oid = $1`
}
