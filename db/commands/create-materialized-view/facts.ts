import { z } from 'zod'
import { ANALYTICS_SCHEMA, GUIDE_VIEWS, type GuideViewName, type ViewTables } from '../../domain/guide-views'
import { bytes, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { qualified } from '../../server/identifiers'
import { failed, ok, type Result } from '../../server/problem'
import { forgetRead, runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import type { Found } from '../define-command'

/** The tables that a view reads, its schema, and what has its name there already. */
const viewGround = defineRead({
  name: 'view-ground',
  about: 'The schema and the tables that a new materialized view needs, and whether its name is free',
  params: z.object({ view: z.string(), schema: z.string(), tables: z.array(z.string()) }),
  row: z.object({
    /** Null: there is no schema of analytics yet. */
    schema_oid: oid.nullable(),
    may_create_in: z.boolean().nullable(),
    may_create_schema: z.boolean(),
    taken: z.string().nullable(),
    populated: z.boolean().nullable(),
    found: z.array(z.string()),
    unreadable: z.array(z.string()),
    /** Of the tables that it reads, partitions included, without indexes. */
    bytes: bytes.nullable(),
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:view-ground */ input as (
  select c.oid, c.relname, has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') as readable
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = $2 and c.relname = any($3::text[]) and c.relkind in ('r', 'p')
), home as (
  select oid from pg_namespace where nspname = '${ANALYTICS_SCHEMA}'
)
select (select oid from home) as schema_oid, (select has_schema_privilege(oid, 'create') from home) as may_create_in,
       has_database_privilege(current_database(), 'create') as may_create_schema,
       (select c.relkind::text from pg_class c join home on home.oid = c.relnamespace where c.relname = $1) as taken,
       (select c.relispopulated from pg_class c join home on home.oid = c.relnamespace where c.relname = $1 and c.relkind = 'm') as populated,
       array(select relname::text from input order by 1) as found,
       array(select relname::text from input where not readable order by 1) as unreadable,
       (select sum(relpages::int8) * current_setting('block_size')::int8 from pg_class
         where oid in (select oid from input union select t.relid from input, pg_partition_tree(input.oid) t)) as bytes`,
})

export type ViewGround = z.output<typeof viewGround.row>

/** What planning a view needs, beside the statement. */
export interface NewView extends ViewGround {
  name: GuideViewName
  schema: string
  tables: ViewTables
}

/** Each table of the guide under the schema that holds them. */
export const tablesIn = (schema: string): ViewTables => ({
  users: qualified(schema, 'users'),
  courses: qualified(schema, 'courses'),
  lessons: qualified(schema, 'lessons'),
  sections: qualified(schema, 'sections'),
  student_progress: qualified(schema, 'student_progress'),
  section_progress: qualified(schema, 'section_progress'),
  quiz_results: qualified(schema, 'quiz_results'),
})

export async function readGround(target: Target, view: GuideViewName, schema: string): Promise<Result<ViewGround>> {
  const params = { view, schema, tables: GUIDE_VIEWS[view].needs as string[] }
  forgetRead(target, viewGround, params)
  const rows = await runRead(target, viewGround, params)
  if (!rows.ok) return rows
  const [row] = rows.value
  return row ? ok(row) : failed('conflict', 'The catalog did not answer')
}

/** Errors: conflict where a table is missing or the name is taken. */
export async function loadNewView(target: Target, name: GuideViewName, schema: string): Promise<Result<Found<NewView>>> {
  const ground = await readGround(target, name, schema)
  if (!ground.ok) return ground
  const absent = GUIDE_VIEWS[name].needs.filter((table) => !ground.value.found.includes(table))
  if (absent.length > 0) return failed('conflict', `The schema ${schema} has no table ${absent.join(', ')}, which the view reads`)
  if (ground.value.taken !== null) return failed('conflict', `${ANALYTICS_SCHEMA}.${name} exists already`)
  return ok({
    object: { oid: 0, schemaname: ANALYTICS_SCHEMA, relname: name, relfilenode: 0, relid: 0 },
    facts: { ...ground.value, name, schema, tables: tablesIn(schema) },
  })
}
