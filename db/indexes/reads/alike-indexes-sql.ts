/**
 * Pairs of indexes of one table of which one, `stays`, could stand in for the other: what the read redundant-pairs and the function
 * monitor_index_health share. Two CTEs that follow one called `one`, which has an index a row: indexrelid, indrelid, relam, root (its own
 * OID but for an index that is attached to a partitioned one), indisunique, indimmediate, valid, kept (a constraint, a foreign key or the
 * replica identity stands on it), n, total, k, classes, collations, options (of pg_index, as arrays that begin at 0), and the columns of
 * ALIKE_COLUMNS. The result is `pairs`: indexrelid, stays, kind, doubts. No doubt: every query and every rule that
 * the one serves, the other serves as well.
 *
 * - Compared are access method, leading key columns, operator classes with their parameters, collations, sort flags, INCLUDE columns,
 *   expressions, predicate; of unique ones NULLS NOT DISTINCT (15) and deferral, and the key must be the same. ON CONFLICT and REFRESH
 *   MATERIALIZED VIEW CONCURRENTLY infer from just these.
 * - Operator classes are the same where family, input and stored type are: operators and support functions hang on those (pg_amop, pg_amproc).
 *   So varchar_pattern_ops is text_pattern_ops.
 * - But for b-trees only whole duplicates count, with the same storage parameters; INCLUDE columns of GiST are not keys there, whose values it
 *   may not give back.
 * - Expressions and predicates are compared as stored trees without their places in the source text: no lock is waited for, as
 *   pg_get_expr would.
 * - Extensions keep their indexes, and those of their tables.
 * - The few that are alike are looked at more closely by primary key; nothing is looped over all pairs.
 *
 * Doubts: subset (GIN and BRIN find by any of their columns, manual 70.1 and 71.1), mirrored (every sort flag turned round: read
 * backwards), pattern (a pattern class beside the default one under C), not-null (WHERE a IS NOT NULL beside all), clustered (it
 * carries the CLUSTER mark), tablespace, statistics (a target of its own for an expression).
 */
export const ALIKE_INDEXES = /* sql */ `
alike as materialized (
  select x.indexrelid, y.indexrelid as stays, x.indrelid, am.amname, x.n, x.indisunique, x.pred, y.pred as stays_pred, x.exprs is not null as computed,
         case when am.amname in ('gin', 'brin') and not (s.same_columns and x.n = y.n) then 'subset'
              when x.n = y.n and x.total = y.total then 'duplicate' else 'prefix' end as kind,
         am.amname = 'btree' and x.options[0:x.n - 1] <> y.options[0:x.n - 1] as mirrored,
         s.same_columns and x.classes[0:x.n - 1] <> y.classes[0:x.n - 1] as other_classes
  from one x
  join one y on y.indrelid = x.indrelid and y.relam = x.relam and y.head = x.head and y.indexrelid <> x.indexrelid
  join pg_am am on am.oid = x.relam
  cross join lateral (
    select x.k[0:x.n - 1] = y.k[0:x.n - 1] as same_columns, x.collations[0:x.n - 1] = y.collations[0:x.n - 1] as same_collations
  ) s
  where x.has_peer and y.has_peer and x.valid and y.valid and not x.kept and x.root = x.indexrelid and x.n <= y.n
    and (x.pred is not distinct from y.pred or y.pred is null and starts_with(x.pred, '{NULLTEST'))
    and (x.exprs is null or starts_with(y.exprs, x.exprs) and substr(y.exprs, length(x.exprs) + 1, 2) in ('', ' {'))
    and (not x.indisunique or (y.indisunique and x.n = y.n and y.indimmediate >= x.indimmediate))
    and case
      when am.amname = 'btree' then s.same_columns and s.same_collations and x.k[x.n:x.total - 1] <@ y.k
        and (x.options[0:x.n - 1] = y.options[0:x.n - 1]
             or not exists (select from unnest(x.options[0:x.n - 1], y.options[0:x.n - 1]) o (one, other) where o.one # 3 <> o.other))
      when s.same_columns and s.same_collations and x.n = y.n then x.total = y.total and x.k[x.n:x.total - 1] <@ y.k[y.n:y.total - 1]
      when am.amname in ('gin', 'brin') then x.exprs is null and not exists (
        select from generate_series(0, x.n - 1) i
        where not exists (
          select from generate_series(0, y.n - 1) j
          join pg_attribute xa on xa.attrelid = x.indexrelid and xa.attnum = i + 1
          join pg_attribute ya on ya.attrelid = y.indexrelid and ya.attnum = j + 1
          where y.k[j] = x.k[i] and y.classes[j] = x.classes[i] and y.collations[j] = x.collations[i]
            and xa.attoptions is not distinct from ya.attoptions))
      else false end
), pairs as materialized (
  select a.indexrelid, a.stays, a.kind,
         array_remove(array[
           case when a.kind = 'subset' then 'subset' end,
           case when a.mirrored then 'mirrored' end,
           case when c.pattern then 'pattern' end,
           case when a.pred <> '' and a.stays_pred is null then 'not-null' end,
           case when x.indisclustered then 'clustered' end,
           case when xc.reltablespace <> yc.reltablespace then 'tablespace' end,
           case when a.computed and exists (
             select from pg_attribute xa join pg_attribute ya on ya.attrelid = a.stays and ya.attnum = xa.attnum
             where xa.attrelid = a.indexrelid and xa.attnum <= a.n and xa.attstattarget is distinct from ya.attstattarget) then 'statistics' end
         ], null) as doubts
  from alike a
  join pg_index x on x.indexrelid = a.indexrelid
  join pg_index y on y.indexrelid = a.stays
  join pg_class xc on xc.oid = a.indexrelid
  join pg_class yc on yc.oid = a.stays
  cross join lateral (
    select coalesce(bool_and(u.same or u.pattern), true) as alike, coalesce(bool_or(u.pattern), false) as pattern
    from (
      select xo.opcfamily = yo.opcfamily and xo.opcintype = yo.opcintype and xo.opckeytype = yo.opckeytype as same,
             (xo.opcname::text, yo.opcname::text) in (('text_pattern_ops', 'text_ops'), ('text_pattern_ops', 'varchar_ops'),
               ('varchar_pattern_ops', 'text_ops'), ('varchar_pattern_ops', 'varchar_ops'), ('bpchar_pattern_ops', 'bpchar_ops'))
             and xo.opcnamespace = 'pg_catalog'::regnamespace and yo.opcnamespace = 'pg_catalog'::regnamespace
             and (collation_of in (950, 951) or collation_of = 100 and exists (
               select from pg_database d
               where d.datname = current_database()
                 and case coalesce(to_jsonb(d)->>'datlocprovider', 'c') when 'c' then d.datcollate in ('C', 'POSIX') when 'b' then true end)) as pattern
      from unnest((x.indclass::oid[])[0:a.n - 1], (y.indclass::oid[])[0:a.n - 1], (x.indcollation::oid[])[0:a.n - 1]) o (one, other, collation_of)
      join pg_opclass xo on xo.oid = o.one
      join pg_opclass yo on yo.oid = o.other
      where a.other_classes) u
  ) c
  where c.alike and (a.amname = 'btree' or xc.reloptions is not distinct from yc.reloptions)
    and (not a.indisunique or to_jsonb(x)->'indnullsnotdistinct' is not distinct from to_jsonb(y)->'indnullsnotdistinct')
    and (a.kind = 'subset' or not exists (
      select from pg_attribute xa join pg_attribute ya on ya.attrelid = a.stays and ya.attnum = xa.attnum
      where xa.attrelid = a.indexrelid and xa.attnum <= a.n and xa.attoptions is distinct from ya.attoptions))
    and case when a.pred is not null and a.stays_pred is null then
      substring(a.pred from '^\\{NULLTEST :arg \\{VAR [^{}]*:varattno (\\d+) [^{}]*\\} :nulltesttype 1 [^{}]*\\}$')::int2 = any ((x.indkey::int2[])[0:a.n - 1])
      else true end
    and not exists (
      select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid in (a.indexrelid, a.indrelid) and d.deptype = 'e')
)`

const HEAD = "case when am.amname in ('gin', 'brin') then -1 else i.indkey[0] end"
const tree = (column: string) => `regexp_replace(${column}::text, ' :location -?\\d+', '', 'g')`

/**
 * The columns of `one` that pairs are looked for by, out of pg_index i, pg_class c and pg_am am: head and has_peer lead to those with the same
 * first column; pred and exprs (the list without its brackets) are stored trees, made comparable once an index.
 */
export const ALIKE_COLUMNS = `${HEAD} as head, count(*) over (partition by i.indrelid, c.relam, ${HEAD}) > 1 as has_peer,
         ${tree('i.indpred')} as pred, btrim(${tree('i.indexprs')}, '()') as exprs`
