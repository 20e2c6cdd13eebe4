import { z } from 'zod'
import { ANALYTICS_SCHEMA, GUIDE_VIEW_NAMES, GUIDE_VIEWS, viewStatements } from '../../domain/guide-views'
import { grant } from '../../server/grants'
import { identifier } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { type CommandFacts, defineCommand, line, type PreflightCheck } from '../define-command'
import type { Plan } from '../plan'
import { reachedCode } from '../preflight/reached-code'
import { standby } from '../preflight/standby'
import { inSteps, RUN } from '../work'
import { loadNewView, type NewView, readGround } from './facts'
import { createMaterializedViewRequest } from './request'

const mayCreate: PreflightCheck<NewView> = async (_target, { server, facts }) => {
  const { schema_oid: home, may_create_in: mayIn, may_create_schema: maySchema, unreadable, schema } = facts
  const missing = [
    ...(home === null && !maySchema ? ['CREATE on the database'] : []),
    ...(home !== null && !mayIn
      ? [`CREATE on the schema ${ANALYTICS_SCHEMA}: ${grant(`CREATE ON SCHEMA ${ANALYTICS_SCHEMA}`, server)}`]
      : []),
    ...unreadable.map((table) => `SELECT on ${schema}.${table}, with USAGE on its schema`),
  ]
  return missing.length === 0
    ? line('privilege', 'pass', 'Privilege', `${server.role} may read the tables and create the view; it will own it`)
    : line('privilege', 'stop', `${server.role} may not do this`, `It needs ${missing.join('; ')}.`)
}

/** The view is ours, so that its query runs as our role: now, and at each refresh. */
const ownCode: PreflightCheck<NewView> = async (target, { server, facts }) => {
  const code = await reachedCode(target, GUIDE_VIEWS[facts.name].definition(facts.tables), server.role)
  if (!code.ok) return code
  const why = [...code.value.others, ...code.value.opaque]
  return why.length === 0
    ? line('reached-code', 'pass', 'No code of others', `The query reaches functions of PostgreSQL or of superusers alone`)
    : line('reached-code', 'stop', `Code of others would run as ${server.role}`, `${why.join('. ')}.`)
}

/** CREATE MATERIALIZED VIEW of the LMS guide; https://www.postgresql.org/docs/current/sql-creatematerializedview.html */
export const createMaterializedView = defineCommand({
  name: createMaterializedViewRequest.command,
  about: 'Creates a materialized view over the tables of the LMS guide, with the unique index that CONCURRENTLY needs, and fills it',
  input: z.strictObject({
    view: z.enum(GUIDE_VIEW_NAMES),
    /** The schema that holds the tables. */
    schema: z.string().min(1).max(63),
  }),
  face: { verb: 'Create view', verbs: 'Create # views', does: { did: 'created and filled' } },
  measures: 'nothing',
  weight: 'heavy',
  form: ['view'],
  facts: (target, { view, schema }) => loadNewView(target, view, schema),
  plan: (_input, context) => ok(planView(context)),
  preflight: [standby, mayCreate, ownCode],
  done: async (target, { object, input }) => {
    const ground = await groundOf(target, object.relname, input)
    if (!ground.ok) return ground
    const { taken, populated } = ground.value
    return ok(taken !== 'm' ? 'no' : populated ? 'yes' : 'partly')
  },
  look: async (target, { object, input }) => {
    const ground = await groundOf(target, object.relname, input)
    if (!ground.ok) return { checkedAfter: `could not look: ${ground.problem.message}` }
    const { taken, populated } = ground.value
    const undo = { sql: dropOf(object.relname), with: null }
    return { checkedAfter: taken !== 'm' ? 'the view is not there' : populated ? 'populated' : `not populated; ${undo.sql} takes it away` }
  },
})

const groundOf = (target: Parameters<typeof readGround>[0], relname: string, input: Record<string, unknown> = {}) =>
  readGround(target, GUIDE_VIEW_NAMES.find((name) => name === relname) ?? 'course_statistics', String(input.schema))

const dropOf = (relname: string) => `DROP MATERIALIZED VIEW ${ANALYTICS_SCHEMA}.${identifier(relname)}`

function planView({ object, facts }: CommandFacts<NewView>): Plan {
  const { name, tables, schema_oid: home } = facts
  const view = `${ANALYTICS_SCHEMA}.${name}`
  const { needs, key } = GUIDE_VIEWS[name]
  const statements = [
    ...(home === null ? [`CREATE SCHEMA IF NOT EXISTS ${ANALYTICS_SCHEMA}`] : []),
    ...viewStatements(name, tables),
    `REFRESH MATERIALIZED VIEW ${view}`,
  ]
  return {
    title: `Create ${view}`,
    ...inSteps(
      RUN,
      statements.map((sql) => ({ sql })),
    ),
    locks: needs.map((table) => ({
      mode: 'AccessShareLock',
      relation: tables[table],
      waits: 'Only what needs an AccessExclusiveLock waits: DROP, TRUNCATE, most of ALTER TABLE. Reads and writes go on.',
    })),
    effect: [
      `Creates it empty, with a unique index on (${key.join(', ')}), then runs its query once.`,
      'It shows the tables as they were at its last refresh; nothing refreshes it by itself.',
      'A column that it reads cannot be dropped or change its type while it is there.',
    ],
    cancel: `Cancel at any time. A view that is there already stays, empty; reading it is an error until it is refreshed. ${dropOf(name)} takes it away.`,
    phrase: object.relname,
    alwaysTyped: false,
    undo: dropOf(name),
    prediction: null,
  }
}
