import type { IndexFile, ObjectIdentity, PendingSetting, PreflightLine, Weight } from '../commands/define-command'
import type { Face } from '../commands/face'
import type { Known, RebuiltSize } from '../commands/known'
import type { Plan } from '../commands/plan'
import { COMMANDS, type ListedCommand, type Prepared } from '../commands/registry'
import { latestMeasurements } from '../console/health-checks'
import { findServer, serverIsReadOnly } from '../console/servers'
import { indexPast } from '../history/index-first-seen'
import { bloatOf } from '../indexes/bloat'
import { allEstimates } from '../indexes/grown-estimates'
import { type ClusterIdentity, grantToKnow } from '../server/cluster'
import { serverFacts } from '../server/facts'
import { freeBytes } from '../server/local-disk'
import { failed, ok, type Result } from '../server/problem'
import type { Target } from '../server/target'
import { meetCluster } from './meet-cluster'
import { measuredSizes, pastRuns } from './run-known'
import { listRuns } from './runs'

/** Of one run: three for each partition of a table that gets an index. More are told beforehand, not when they are sent. */
export const MOST_STATEMENTS = 5_000

/** A command as it would run now. */
export interface PlannedCommand {
  /** The cluster that all of it was read on; null where the role may not know. */
  cluster: ClusterIdentity | null
  command: string
  /** What people see of it beside the plan, and how it stands beside other runs. */
  face: Face
  weight: Weight
  input: Record<string, unknown>
  object: ObjectIdentity
  plan: Plan
  /** Worst first. */
  preflight: PreflightLine[]
  /** The files that a rebuild would replace. */
  indexes: IndexFile[]
  /** The settings that a restart would bring. */
  pending: PendingSetting[]
  /** Numbers that the command's own look compares with afterwards. */
  noted?: Record<string, number>
}

/**
 * Plans a command on a server as it is at this moment, and runs its preflight: for the preview, for the gate and again
 * right before it runs. Errors: invalid_input (no such command, bad input), conflict (the object is gone), and what
 * the server says; another_cluster where the server is not the recorded one. `estimates`: false where nobody looks at what it would give
 * back, as before a step of a run that is going on.
 */
export async function planCommand(
  where: Target,
  name: string,
  given: unknown,
  { estimates = true }: { estimates?: boolean } = {},
): Promise<Result<PlannedCommand>> {
  const command = COMMANDS.get(name)
  if (!command) return failed('invalid_input', `There is no command "${name}"`)
  const met = await meetCluster(where)
  if (!met.ok) return met
  const cluster = met.value
  const target = cluster ? { ...where, cluster } : where
  const server = await serverFacts(target)
  if (!server.ok) return server
  const prepared = await command.prepare(target, server.value, given)
  if (!prepared.ok) return prepared
  const { input, object, indexes, pending, noted } = prepared.value
  const known = await whatIsKnown(target, command, prepared.value, estimates)
  const plan = prepared.value.plan(known)
  if (!plan.ok) return plan
  const { length } = plan.value.statements
  if (length > MOST_STATEMENTS) {
    const [are, most] = [length, MOST_STATEMENTS].map((count) => count.toLocaleString('en-US'))
    const hint = 'Do it for a part of its partitions at a time, or by a script.'
    return failed('invalid_input', `${plan.value.title}: ${are} statements, and one run has at most ${most}`, { hint })
  }
  const preflight = await prepared.value.preflight(known, plan.value)
  if (!preflight.ok) return preflight
  const marked = (await serverIsReadOnly(target.serverId)) ? [MARKED_READ_ONLY] : []
  const unknown = cluster ? [] : [clusterUnknown(target.user)]
  const lines = [...marked, ...preflight.value, ...unknown].sort((a, b) => WORST_FIRST[a.status] - WORST_FIRST[b.status])
  return ok({
    cluster,
    command: name,
    face: command.face,
    weight: command.weight,
    input,
    object,
    plan: plan.value,
    preflight: lines,
    indexes,
    pending,
    noted,
  })
}

/** Read at each planning, so at the preview, at the gate, and by the worker before it opens the run's session. */
const MARKED_READ_ONLY: PreflightLine = {
  name: 'server-read-only',
  status: 'stop',
  title: 'This server is marked read-only in Proctor',
  detail: 'No command can run on it. An administrator can change that on the page of the server.',
}

const WORST_FIRST = { stop: 0, warn: 1, pass: 2 }

/** Nobody would notice if the address led to another cluster by the time of the run. */
const clusterUnknown = (role: string): PreflightLine => ({
  name: 'cluster-unknown',
  status: 'warn',
  title: 'The cluster cannot be identified',
  detail: `The role of Proctor may not read the system identifier, so a run would also begin on another cluster that answers at this address by then. To fix: ${grantToKnow(role)};`,
})

async function whatIsKnown(
  target: Target,
  { name, form, estimates }: ListedCommand,
  { indexes, input }: Prepared,
  isPredicted: boolean,
): Promise<Known> {
  const past = await pastRuns(target.serverId, name, Object.fromEntries(form.map((key) => [key, input[key]])))
  const foretold = isPredicted && estimates ? indexes : []
  const measured = await measuredSizes(target.serverId, target.database, foretold)
  const rest = foretold.map(({ indexrelid }) => indexrelid).filter((indexrelid) => !(indexrelid in measured))
  const embedded = (await findServer(target.serverId))?.source === 'embedded'
  const rebuilt = { ...(await estimatedSizes(target, rest)), ...measured }
  return {
    ...{ past, rebuilt, freeBytes, embedded },
    indexPast: () => indexPast(target.serverId, target.database),
    otherRuns: () => otherRuns(target.serverId, name),
  }
}

/** Those of the command itself are left out: the worker asks in the middle of one. */
async function otherRuns(serverId: string, command: string): Promise<{ going: number; queued: number }> {
  const open = await listRuns({ serverId, states: ['queued', 'running', 'cancelling'] })
  const others = open.filter((run) => run.command !== command)
  const queued = others.filter(({ state }) => state === 'queued').length
  return { going: others.length - queued, queued }
}

/** A prediction is worth having, not worth failing for: without an estimate it is withheld. */
async function estimatedSizes(target: Target, indexes: number[]): Promise<Record<number, RebuiltSize>> {
  if (indexes.length === 0) return {}
  const estimates = await allEstimates(target, await latestMeasurements(target.serverId, target.database))
  if (!estimates.ok) return {}
  return Object.fromEntries(
    indexes.flatMap((indexrelid) => {
      const row = estimates.value.get(indexrelid)
      if (!row) return []
      const { bloatBytes, trust } = bloatOf(row)
      const bytes = row.bytes ?? 0
      return [[indexrelid, { bytes, rebuiltBytes: bytes - (bloatBytes ?? 0), trust }]]
    }),
  )
}
