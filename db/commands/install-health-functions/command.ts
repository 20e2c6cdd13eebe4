import { z } from 'zod'
import { installStatements, removeStatement } from '../../health/install'
import { oid } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { grant } from '../../server/grants'
import { identifier } from '../../server/identifiers'
import { failed, ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { defineCommand, line, type PreflightCheck } from '../define-command'
import { standby } from '../preflight/standby'
import { quickly } from '../work'
import { installHealthFunctionsRequest } from './request'

const row = z.object({ oid, nspname: z.string(), may_create: z.boolean(), may_use: z.boolean(), installed: z.boolean() })

const schemaState = defineRead({
  name: 'health-functions-schema',
  about: 'A schema, whether functions may be made in it, and whether those of health are there',
  params: z.object({ schema: z.string() }),
  row,
  keep: 0,
  sql: /* sql */ `
select /* proctor:health-functions-schema */ n.oid, n.nspname, has_schema_privilege(n.oid, 'CREATE') as may_create, has_schema_privilege(n.oid, 'USAGE') as may_use,
       (select count(distinct p.proname) = 2 from pg_proc p
         where p.pronamespace = n.oid and p.proname in ('monitor_index_health', 'check_index_bloat')
           and p.pronargs > 0) as installed
  from pg_namespace n
 where n.nspname = $1 and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
})

const mayCreate: PreflightCheck<z.output<typeof row>> = async (_target, { server, facts }) =>
  facts.may_create && facts.may_use
    ? line('privilege', 'pass', 'Privilege', `${server.role} may create functions in ${facts.nspname}`)
    : line(
        'privilege',
        'stop',
        `${server.role} may not do this`,
        `${grant(`${[!facts.may_use && 'USAGE', !facts.may_create && 'CREATE'].filter(Boolean).join(', ')} ON SCHEMA ${identifier(facts.nspname)}`, server)} would allow it.`,
      )

/** CREATE FUNCTION, for the two functions of the health check. */
export const installHealthFunctions = defineCommand({
  name: installHealthFunctionsRequest.command,
  about: 'Installs monitor_index_health and check_index_bloat in a schema, or renews them',
  input: z.strictObject({ schema: z.string().min(1).max(63).default('public') }),
  face: { verb: 'Install functions' },
  measures: 'nothing',
  weight: 'light',
  facts: async (target, { schema }) => {
    const rows = await runRead(target, schemaState, { schema })
    if (!rows.ok) return rows
    const [facts] = rows.value
    if (!facts) return failed('conflict', `There is no schema "${schema}" of a user's in this database`)
    return ok({ object: { oid: facts.oid, schemaname: schema, relname: schema, relfilenode: 0, relid: facts.oid }, facts })
  },
  plan: ({ schema }, { facts }) =>
    ok({
      title: `${facts.installed ? 'Renew' : 'Install'} the health functions in ${schema}`,
      ...quickly(...installStatements(schema)),
      locks: [],
      effect: [
        'Creates monitor_index_health and check_index_bloat, which only read. Functions of the same names without parameters are dropped first.',
        'They run with the privileges of the caller.',
      ],
      cancel: 'Cancel at any time. Functions already created stay.',
      phrase: schema,
      alwaysTyped: false,
      // Undoing a renewal would need the former text; a first installation is undone by dropping.
      undo: facts.installed ? null : removeStatement(schema),
      prediction: null,
    }),
  preflight: [standby, mayCreate],
  done: async (target, { object }) => {
    const rows = await runRead(target, schemaState, { schema: object.relname })
    if (!rows.ok) return rows
    return ok(rows.value[0]?.installed ? 'yes' : 'no')
  },
})
