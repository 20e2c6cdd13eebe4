import { z } from 'zod'
import { definition, oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { LOCKED } from '../../server/locked-sql'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { refreshIndex } from '../../tables/reads/tables'
import { type Before, type CommandFacts, type Done, defineCommand, objectOid } from '../define-command'
import type { CommandOption } from '../face'
import { loadTable, type RelationFacts } from '../facts/load'
import type { Plan } from '../plan'
import { predictNothing } from '../predict'
import { freeDisk } from '../preflight/free-disk'
import { otherWork, tableInUse } from '../preflight/other-work'
import { privilege } from '../preflight/privilege'
import { searchPath } from '../preflight/search-path'
import { slots } from '../preflight/slots'
import { standby } from '../preflight/standby'
import { nameOf, spoken } from '../sql'
import { briefly, patiently, RUN } from '../work'
import { codeOfOwnView, restrictedTooLate } from './preflight'
import { refreshMaterializedViewRequest } from './request'

const materializedView = defineRead({
  name: 'materialized-view',
  about: 'Whether a materialized view is populated, and by which index it can be refreshed CONCURRENTLY',
  params: z.object({ oid }),
  row: z.object({
    relispopulated: z.boolean(),
    usable: z.string().nullable(),
    /** As the server deparses it, each name with its schema. */
    query: definition.nullable(),
    /** Every refresh writes the view's row of pg_class anew, changed or not: xmin tells one from the next. */
    mark: z.coerce.number(),
  }),
  keep: 0,
  sql: /* sql */ `
with /* proctor:materialized-view */ ${LOCKED}
select c.relispopulated, c.xmin::text::int8 as mark,
       ${refreshIndex('c.oid')} as usable,
       case when not exists (select from locked where relation = c.oid) then pg_get_viewdef(c.oid) end as query
  from pg_class c
 where c.oid = $1 and c.relkind = 'm'`,
})

type Facts = RelationFacts & { relispopulated: boolean; usable: string | null; query: string | null }

const OPTIONS: CommandOption[] = [
  {
    key: 'concurrently',
    label: 'CONCURRENTLY',
    about: 'readers go on; needs a unique index',
    choices: [{ label: 'if possible' }, { label: 'on', value: true }, { label: 'off', value: false }],
  },
]

/** REFRESH MATERIALIZED VIEW; https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html */
export const refreshMaterializedView = defineCommand({
  name: refreshMaterializedViewRequest.command,
  about: 'Runs the query of a materialized view again, without blocking reads where a unique index allows that',
  input: z.strictObject({
    /** The materialized view's OID. */
    oid: objectOid,
    /** Left out: where it is possible. */
    concurrently: z.boolean().optional(),
  }),
  face: { verb: 'Refresh view', options: OPTIONS, does: { did: 'refreshed' } },
  measures: 'total',
  weight: 'heavy',
  form: ['concurrently'],
  facts: async (target, { oid: asked }) => {
    const found = await loadTable(target, asked, 'total')
    if (!found.ok) return found
    const rows = await runRead(target, materializedView, { oid: asked })
    if (!rows.ok) return rows
    const [row] = rows.value
    if (!row) return failed('conflict', `${found.value.object.relname} is no materialized view`)
    const { mark, ...view } = row
    return ok({ object: { ...found.value.object, relfilenode: mark }, facts: { ...found.value.facts, ...view } })
  },
  plan: ({ concurrently }, context) => {
    const { object, facts } = context
    const why = obstacle(facts)
    if (concurrently && why) return failed('conflict', `${object.relname} cannot be refreshed CONCURRENTLY: ${why}`)
    return ok((concurrently ?? why === null) ? beside(context) : plain(context, why))
  },
  preflight: [standby, searchPath, otherWork, tableInUse, slots, freeDisk, restrictedTooLate, codeOfOwnView, privilege('may_maintain')],
  done: wasRefreshed,
  checked: async (target, before) => {
    const done = await wasRefreshed(target, before)
    return done.ok ? ok(done.value === 'yes' ? 'refreshed' : 'not refreshed') : done
  },
})

/** Every refresh writes the view's row of pg_class anew. */
async function wasRefreshed(target: Target, { object }: Before): Promise<Result<Done>> {
  const rows = await runRead(target, materializedView, { oid: object.oid })
  if (!rows.ok) return rows
  const [row] = rows.value
  return ok(row && row.mark !== object.relfilenode ? 'yes' : 'no')
}

function obstacle({ relispopulated, usable }: Facts): string | null {
  if (!relispopulated) return 'it was never populated.'
  return usable === null ? 'it has no unique index of columns alone over all of its rows.' : null
}

const common = ({ object, facts, known }: CommandFacts<Facts>) => ({
  calls: 'all' as const,
  phrase: object.relname,
  undo: null,
  prediction: predictNothing(facts.bytes, 'what the query will give is not known', known),
})

function beside(context: CommandFacts<Facts>): Plan {
  const { object, facts } = context
  return {
    ...common(context),
    title: `Refresh ${object.relname}`,
    ...patiently(RUN, `REFRESH MATERIALIZED VIEW CONCURRENTLY ${nameOf(object)}`),
    locks: [
      {
        mode: 'ExclusiveLock',
        relation: spoken(object.schemaname, object.relname),
        waits: 'Other refreshes, VACUUM and DDL wait until it is done. SELECT goes on.',
      },
    ],
    effect: [
      `Runs the query into a temporary table, compares by ${facts.usable}, and changes the rows that differ.`,
      'Changed rows leave dead rows behind, for VACUUM.',
    ],
    cancel: 'Cancel at any time. The view stays as it was.',
    alwaysTyped: false,
  }
}

function plain(context: CommandFacts<Facts>, why: string | null): Plan {
  const { object } = context
  return {
    ...common(context),
    title: `Refresh ${object.relname} in place`,
    ...briefly(RUN, `REFRESH MATERIALIZED VIEW ${nameOf(object)}`),
    locks: [
      {
        mode: 'AccessExclusiveLock',
        relation: spoken(object.schemaname, object.relname),
        waits: 'All reads of this view wait until its query has run and its indexes are built.',
      },
    ],
    effect: [
      'Runs the query into a new file, rebuilds every index, and drops the old files.',
      ...(why === null ? [] : [`Not CONCURRENTLY: ${why}`]),
      'Each attempt waits at most 2 s for a lock, so that no session queues behind it for longer.',
    ],
    cancel: 'Cancel at any time. The view stays as it was; nothing is left behind.',
    alwaysTyped: true,
  }
}
