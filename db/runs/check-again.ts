import { eq } from 'drizzle-orm'
import type { Before, ObjectIdentity } from '../commands/define-command'
import { indexedTables } from '../commands/facts/indexed-tables'
import { leftoverIndexes } from '../commands/facts/leftovers'
import { sizesOf } from '../commands/facts/load'
import { indexByName, leafTables, relationStates } from '../commands/facts/state'
import { halfwayNames, type Plan, type Step } from '../commands/plan'
import { COMMANDS, type ListedCommand } from '../commands/registry'
import { consoleDb } from '../console/client'
import { refusal } from '../console/roles'
import { policyNight } from '../console/schema'
import { roleNow } from '../console/users'
import { formatFirst, formatMoment } from '../domain/format'
import { failed, ok, type Problem, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { type PlannedCommand, planCommand } from './planner'
import type { Run } from './run-types'

/** A run that may begin: planned again just now, and the same as what was confirmed. */
export interface Ready {
  command: ListedCommand
  planned: PlannedCommand
  before: Before
}

/**
 * Plans a run again right before it is carried out. Errors: conflict when the object was dropped, renamed or rebuilt
 * since, when its SQL is another now, or when a check stops it; and what the server says.
 */
export async function checkAgain(run: Run, target: Target): Promise<Result<Ready>> {
  const command = COMMANDS.get(run.command)
  if (!command) return failed('invalid_input', `There is no command "${run.command}"`)
  const planned = await planCommand(target, run.command, run.input)
  if (!planned.ok)
    return planned.problem.kind === 'conflict' && command.measures !== 'nothing'
      ? { ok: false, problem: await whyGone(run, target, planned.problem) }
      : planned
  const { object, plan, preflight } = planned.value
  const change = changeOf(run.object, object, command.measures === 'nothing' ? 'changed' : 'rebuilt or rewritten')
  if (change) return failed('conflict', change, { hint: 'Plan it again.' })
  const others = otherSteps(run.plan, plan)
  if (plan.statements.join('\n') !== run.plan.statements.join('\n'))
    return failed('conflict', `${others}Its statements would be different now. Plan it again.`)
  // One that was dropped and made again under its name is another.
  if (others !== '' && isOfPartitions(run.plan)) return failed('conflict', `${others}Plan it again.`)
  const stop = preflight.find(({ status }) => status === 'stop')
  if (stop) return failed('conflict', `${stop.title}. ${stop.detail}`)
  const before = await readBefore(target, command, planned.value)
  return before.ok ? ok({ command, planned: planned.value, before: before.value }) : before
}

/** Which partitions came and went since a plan in steps was confirmed, in a sentence; empty where none did. */
function otherSteps({ steps: then = [] }: Pick<Plan, 'steps'>, { steps: now = [] }: Pick<Plan, 'steps'>): string {
  if (then.length === 0 || !isOfPartitions({ steps: now })) return ''
  const key = ({ partition, oid }: Step) => (isOfPartitions({ steps: then }) ? partition : oid)
  const missing = (one: Step[], other: Step[]) =>
    one.filter((step) => !other.some((found) => key(found) === key(step))).map(({ name }) => name)
  const [gone, come] = [missing(then, now), missing(now, then)]
  const said = [gone.length > 0 && `gone: ${formatFirst(gone)}`, come.length > 0 && `new: ${formatFirst(come)}`].filter(Boolean)
  return said.length === 0 ? '' : `Its partitions have changed since it was confirmed (${said.join(', ')}). `
}

/** An index that was rebuilt since has another OID, its partition has not; what an older console stored names the indexes alone. */
const isOfPartitions = ({ steps = [] }: Pick<Plan, 'steps'>): boolean => steps.some(({ partition }) => partition !== undefined)

const PLAN_ANEW = { hint: 'Anyone who may run commands can plan it again.' }

/**
 * Why a run may not begin: whoever confirmed it lost the role since, or the account was closed. Asked at its start, because
 * a run may wait for its window for days. Null: nothing is in the way.
 */
export async function refusedNow({ confirmedBy: email }: Run): Promise<Problem | null> {
  const role = await roleNow(email)
  if (role === null) return failed('insufficient_privilege', `${email}, who confirmed it, has no open account any more.`, PLAN_ANEW).problem
  const problem = refusal({ email, role }, 'operator')
  return problem ? { ...problem, ...PLAN_ANEW } : null
}

/** Why a run of a policy may not begin any more: its turn came after the end of its night. Null: nothing is in the way. */
export async function lateNow({ nightId }: Run, now = new Date()): Promise<Problem | null> {
  if (nightId === null) return null
  const [night] = await consoleDb().select({ until: policyNight.until }).from(policyNight).where(eq(policyNight.id, nightId))
  if (!night || now < night.until) return null
  return failed('conflict', `Its policy begins nothing after ${formatMoment(night.until.toISOString())}.`).problem
}

/** What happened to an object between its confirmation and its run; null when nothing did. */
function changeOf(then: ObjectIdentity, now: ObjectIdentity, how: string): string | null {
  const [was, is] = [`${then.schemaname}.${then.relname}`, `${now.schemaname}.${now.relname}`]
  if (was !== is) return `${was} was renamed since it was confirmed: it is ${is} now`
  if (then.relid !== now.relid) return `${was} belongs to another table since it was confirmed`
  if (then.oid !== now.oid || then.relfilenode !== now.relfilenode) return `${was} was ${how} since it was confirmed`
  if (then.definition !== undefined && then.definition !== now.definition) return `${was} has another definition than when it was confirmed`
  return null
}

/** An index that was rebuilt concurrently has a new OID under the old name; one without its name was dropped. */
async function whyGone(run: Run, target: Target, problem: Problem): Promise<Problem> {
  const { schemaname, relname, oid } = run.object
  const named = await runRead(target, indexByName, { schemaname, relname })
  if (!named.ok) return problem
  const [index] = named.value
  if (index && index.oid === oid) return problem
  const message = index
    ? `${schemaname}.${relname} was rebuilt since it was confirmed: its OID is ${index.oid} now`
    : `${schemaname}.${relname} was dropped since it was confirmed`
  return { ...problem, message }
}

async function readBefore(
  target: Target,
  { measures }: ListedCommand,
  { input, object, indexes, pending, noted, plan, cluster }: PlannedCommand,
): Promise<Result<Before>> {
  const tables = measures === 'total' ? await runRead(target, leafTables, { oid: object.oid }) : ok([])
  if (!tables.ok) return tables
  const oids = measures === 'total' ? tables.value.map(({ oid }) => oid) : [object.oid]
  const states = await runRead(target, relationStates, { oids })
  if (!states.ok) return states
  const copies = plan.dropsCopy ? await runRead(target, leftoverIndexes, { relids: [object.relid], relnames: halfwayNames(plan) }) : ok([])
  if (!copies.ok) return copies
  const written = plan.writesIndexes
    ? await runRead(target, indexedTables, { relid: object.relid, indexes: indexes.map(({ indexrelid }) => indexrelid) })
    : ok([])
  if (!written.ok) return written
  const sizes = measures === 'nothing' ? null : await sizesOf(target, object.oid)
  if (sizes && !sizes.ok) return sizes
  return ok({
    at: states.value[0]?.now ?? Date.now(),
    object,
    input,
    bytes: sizes && measures !== 'nothing' ? sizes.value[measures] : null,
    dead: measures === 'total' ? deadOf(states.value) : null,
    files:
      measures === 'total'
        ? states.value.map(({ oid, relfilenode }) => ({ oid, relfilenode }))
        : indexes.map(({ indexrelid: oid, relfilenode, relid, schemaname, relname, digest }) => ({
            oid,
            relfilenode,
            relid,
            schemaname,
            relname,
            digest,
          })),
    ...(written.value.length > 0 ? { tables: written.value.map(({ oid, changes, files }) => ({ oid, changes, files })) } : {}),
    leftovers: copies.value.map(({ oid }) => oid),
    ...(pending.length > 0 ? { pending } : {}),
    ...(noted ? { noted } : {}),
    ...(cluster ? { timeline: cluster.timeline } : {}),
  })
}

/** Dead rows of a table, or of all partitions together. */
export const deadOf = (states: { n_dead_tup: string }[]): string =>
  states.reduce((sum, { n_dead_tup: dead }) => sum + BigInt(dead), 0n).toString()
