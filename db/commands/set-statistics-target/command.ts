import { z } from 'zod'
import { formatFirst } from '../../domain/format'
import { identifier } from '../../server/identifiers'
import { failed, ok, type Result } from '../../server/problem'
import type { Target } from '../../server/target'
import { type Before, type CommandFacts, type Done, defineCommand, line, objectOid, type PreflightCheck } from '../define-command'
import type { Plan } from '../plan'
import { temporary } from '../preflight/concurrent-build'
import { pace } from '../preflight/every-run'
import { otherWork } from '../preflight/other-work'
import { ownerAlone } from '../preflight/privilege'
import { searchPath } from '../preflight/search-path'
import { standby } from '../preflight/standby'
import { besideWrites, nameOf, spoken } from '../sql'
import { patiently } from '../work'
import { loadTarget, readTarget, type StatisticsFacts } from './facts'
import { setStatisticsTargetRequest } from './request'

/** attstattarget is at most so much (manual, ALTER TABLE); ANALYZE samples 300 rows for each (std_typanalyze). */
const MOST = 10_000
const ROWS_EACH = 300

const input = z.strictObject({
  /** Of a table, a materialized view, or an index with an expression. */
  oid: objectOid,
  /** attnum. */
  column: z.int().min(1).max(1_600),
  /** -1: default_statistics_target. */
  target: z.int().min(-1).max(MOST),
})

/** From here on planning of each query that looks at the column reads long lists, and ANALYZE sorts a large sample. */
const LARGE = 1_000

const TARGETS = {
  key: 'target',
  label: 'SET STATISTICS',
  about: 'at most so many common values and bounds; default: default_statistics_target.',
  choices: [{ label: 'default', value: -1 }, ...[100, 250, 500, 1_000, 5_000].map((value) => ({ label: String(value), value }))],
}

const planning: PreflightCheck<StatisticsFacts> = async (_target, { facts: { wanted, attname } }) =>
  wanted > LARGE
    ? line(
        'planning',
        'warn',
        'Planning may become slower',
        `Up to ${wanted} common values and bounds of ${attname} are read for each query that filters by it.`,
      )
    : ok(null)

/** ALTER TABLE … SET STATISTICS, then ANALYZE; https://www.postgresql.org/docs/current/sql-altertable.html */
export const setStatisticsTarget = defineCommand({
  name: setStatisticsTargetRequest.command,
  about: 'Sets how finely ANALYZE describes the values of one column, and analyses it',
  input,
  face: {
    verb: 'Set target',
    verbs: 'Set # targets',
    options: [TARGETS],
    does: { did: 'the target is set and the column analysed' },
  },
  measures: 'nothing',
  weight: 'light',
  facts: (target, { oid, column, target: wanted }) => loadTarget(target, oid, column, wanted),
  plan: planTarget,
  preflight: [standby, searchPath, temporary, planning, otherWork, pace('vacuum_cost_delay'), ownerAlone],
  done: isSet,
})

function planTarget({ oid, column, target }: z.output<typeof input>, { object, facts }: CommandFacts<StatisticsFacts>): Result<Plan> {
  const { attname, target: former, relkind, others, table_schema: schemaname, table_name: relname } = facts
  const isIndex = relkind === 'i' || relkind === 'I'
  const refusal = refuse(facts, isIndex)
  if (refusal) return failed('conflict', `${object.relname} ${refusal}`)
  const what = isIndex ? `expression ${column} of ${object.relname}` : `${object.relname}.${attname}`
  if (former === target) return failed('conflict', `${what} has the target ${formatTarget(target, facts)} already`)
  const table = nameOf({ schemaname, relname })
  const alter = (value: number) =>
    isIndex
      ? `ALTER INDEX ${nameOf(object)} ALTER COLUMN ${column} SET STATISTICS ${value}`
      : `ALTER TABLE ${nameOf(object)} ALTER COLUMN ${identifier(attname)} SET STATISTICS ${value}`
  // With a list of columns ANALYZE leaves the expressions of indexes out.
  const analyze = isIndex ? `ANALYZE (VERBOSE) ${table}` : `ANALYZE (VERBOSE) ${table} (${identifier(attname)})`
  const now = target === -1 ? facts.default_target : target
  return ok({
    title: `Set the statistics target of ${what}`,
    ...patiently([{ name: 'Set' }, { name: 'Analyze', covers: ['analyze:'] }], alter(target), analyze),
    calls: 'all',
    locks: [besideWrites(spoken(schemaname, relname))],
    effect: [
      `Target: ${formatTarget(former, facts)} → ${formatTarget(target, facts)}.`,
      now === 0
        ? 'ANALYZE collects nothing of it any more: the planner guesses. Statistics that are there stay until they are older than the rows.'
        : `ANALYZE keeps up to ${now} most common values and ${now} bounds, from a sample of ${(now * ROWS_EACH).toLocaleString('en-US')} rows. Plans of later queries may change.`,
      ...(isIndex ? [`Analyses all of ${relname}, as the values of an expression are sampled with the whole table alone.`] : []),
      ...(others.length > 0
        ? [
            `Its partitions or children, which have ${formatFirst(others.map((one) => formatTarget(one, facts)))}, get the same target: what they have now is not brought back by an undo.`,
          ]
        : []),
    ],
    cancel: 'Cancel at any time. What is set by then stays, and autovacuum analyses with it.',
    phrase: object.relname,
    alwaysTyped: false,
    undo: others.length > 0 ? null : `${alter(former)};\n${analyze}`,
    ...(others.length > 0 ? {} : { undoWith: setStatisticsTargetRequest({ oid, column, target: former }) }),
    prediction: null,
  })
}

const formatTarget = (target: number, { default_target: byDefault }: StatisticsFacts): string =>
  target === -1 ? `${byDefault} (default_statistics_target)` : String(target)

function refuse({ relkind, catalog, is_expression: isExpression, virtual }: StatisticsFacts, isIndex: boolean): string | null {
  if (catalog) return 'is a system catalog'
  if (relkind === 't') return 'is a TOAST table, which is not analysed'
  if (isIndex && !isExpression) return 'has no expression there: the target of a plain column is that of its table'
  if (virtual) return 'has a virtual generated column there, which has no statistics'
  return null
}

/** Set and analysed since; partly: set alone. */
async function isSet(target: Target, { at, object, input: asked }: Before): Promise<Result<Done>> {
  const now = await readTarget(target, object.oid, Number(asked?.column))
  if (!now.ok) return now
  if (now.value.target !== asked?.target) return ok('no')
  return ok((now.value.last_analyze ?? 0) >= at ? 'yes' : 'partly')
}
