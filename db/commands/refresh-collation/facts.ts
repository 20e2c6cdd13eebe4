import { z } from 'zod'
import { AND_DEFAULT, PARTITIONED_BY, restingOn } from '../../indexes/reads/collation-versions'
import { oid } from '../../server/columns'
import { defineRead, type Row } from '../../server/define-read'

const statement = (database: string) => /* sql */ `${restingOn('collations-to-refresh', database)}
select m.oid, m.name, k.nspname, c.collname, m.oid = 100 as is_default, m.stored, m.actual, d.oid as datid, d.datname,
       pg_get_userbyid(o.owner) as owner, (select rolsuper from pg_roles r where r.oid = o.owner) as of_superuser,
       pg_has_role(o.owner, 'USAGE') as may_refresh,
       coalesce((select jsonb_agg(jsonb_build_object('indexrelid', i.indexrelid::int8, 'schemaname', n.nspname, 'relname', x.relname, 'relpages', x.relpages,
                                                     'indisunique', i.indisunique, 'indisexclusion', i.indisexclusion))
                 from rests join pg_index i on i.indexrelid = rests.indexrelid join pg_class x on x.oid = rests.indexrelid
                 join pg_namespace n on n.oid = x.relnamespace where rests.oid = m.oid), '[]') as indexes,
       ${PARTITIONED_BY} as partitioned
  from mismatched m
  join pg_collation c on c.oid = m.oid
  join pg_namespace k on k.oid = c.collnamespace
  join pg_database d on d.datname = current_database()
  cross join lateral (select case when m.oid = 100 then d.datdba else c.collowner end as owner) o
 order by m.oid`

/** Those of collation-versions as a command plans with them: at this moment, and each index that has a file. */
export const collationsToRefresh = defineRead({
  name: 'collations-to-refresh',
  about: 'Collations of another version than in the library, who may refresh them, and each index to be rebuilt before',
  params: z.object({}),
  row: z.object({
    oid,
    /** schema.name, quoted. */
    name: z.string(),
    nspname: z.string(),
    collname: z.string(),
    /** The default of the database, which PostgreSQL keeps the version of since 15. */
    is_default: z.boolean(),
    stored: z.string(),
    actual: z.string(),
    datid: oid,
    datname: z.string(),
    /** Of the collation, or of the database. */
    owner: z.string(),
    of_superuser: z.boolean(),
    may_refresh: z.boolean(),
    indexes: z.array(
      z.object({
        indexrelid: oid,
        schemaname: z.string(),
        relname: z.string(),
        relpages: z.number(),
        indisunique: z.boolean(),
        indisexclusion: z.boolean(),
      }),
    ),
    /** Tables whose partitions are told apart by it, quoted. */
    partitioned: z.array(z.string()),
  }),
  sql: { 14: statement(''), 15: statement(AND_DEFAULT) },
  timeout: 10_000,
  keep: 0,
})

export type Outdated = Row<typeof collationsToRefresh>

const versions = (database: string) => /* sql */ `
select /* proctor:collation-now */ c.oid, c.collversion as stored, pg_collation_actual_version(c.oid) as actual
  from pg_collation c where c.oid = any($1::oid[])
${database}`

/** What a run looks at afterwards; one that is gone has no row. */
export const collationNow = defineRead({
  name: 'collation-now',
  about: 'The versions of collations as they are written down, and in the library',
  params: z.object({ oids: z.array(oid), database: z.boolean() }),
  row: z.object({ oid, stored: z.string().nullable(), actual: z.string().nullable() }),
  sql: {
    14: versions('   and $2::bool is not null'),
    15: versions(/* sql */ `union all
select 100::oid, d.datcollversion, pg_database_collation_actual_version(d.oid)
  from pg_database d where d.datname = current_database() and $2::bool`),
  },
  keep: 0,
})
