import { bloatOf } from '../checks/bloat'
import type { IndexFile, Known, ObjectIdentity, PendingSetting, Plan, PreflightLine, RebuiltSize } from '../commands/define-command'
import { patienceOf } from '../commands/patience'
import { COMMANDS, type Prepared } from '../commands/registry'
import { measuredSizes, pastRuns } from '../console/run-known'
import { listRuns } from '../console/runs'
import { findServer, serverIsReadOnly } from '../console/servers'
import { indexBloatEstimate } from '../reads/index-bloat-estimate'
import { serverFacts } from '../server/facts'
import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { freeBytes } from './local-disk'

/** A command as it would run now. */
export interface PlannedCommand {
  command: string
  input: Record<string, unknown>
  object: ObjectIdentity
  plan: Plan
  /** Worst first. */
  preflight: PreflightLine[]
  /** The files that a rebuild would replace. */
  indexes: IndexFile[]
  /** The settings that a restart would bring. */
  pending: PendingSetting[]
}

/**
 * Plans a command on a server as it is at this moment, and runs its preflight: for the preview, for the gate and again
 * right before it runs. Errors: invalid_input (no such command, bad input), conflict (the object is gone), and what
 * the server says.
 */
export async function planCommand(target: Target, name: string, given: unknown): Promise<Result<PlannedCommand>> {
  const command = COMMANDS.get(name)
  if (!command) return failed('invalid_input', `There is no command "${name}"`)
  const server = await serverFacts(target)
  if (!server.ok) return server
  const prepared = await command.prepare(target, server.value, given)
  if (!prepared.ok) return prepared
  const { input, object, indexes, pending } = prepared.value
  const known = await whatIsKnown(target, name, prepared.value)
  const plan = prepared.value.plan(known)
  if (!plan.ok) return plan
  const preflight = await prepared.value.preflight(known, plan.value)
  if (!preflight.ok) return preflight
  const lines = (await serverIsReadOnly(target.serverId)) ? [MARKED_READ_ONLY, ...preflight.value] : preflight.value
  return ok({ command: name, input, object, plan: { ...plan.value, patience: patienceOf(plan.value) }, preflight: lines, indexes, pending })
}

/** Read at each planning, so at the preview, at the gate, and by the worker before it opens the run's session. */
const MARKED_READ_ONLY: PreflightLine = {
  name: 'server-read-only',
  status: 'stop',
  title: 'This server is marked read-only in Proctor',
  detail: 'No command reaches it, whoever asks. An administrator can lift the mark on the page of the server.',
}

async function whatIsKnown(target: Target, command: string, { indexes, input }: Prepared): Promise<Known> {
  const past = await pastRuns(target.serverId, command, input)
  const measured = await measuredSizes(target.serverId, target.database, indexes)
  const rest = indexes.map(({ indexrelid }) => indexrelid).filter((indexrelid) => !(indexrelid in measured))
  const embedded = (await findServer(target.serverId))?.source === 'embedded'
  const rebuilt = { ...(await estimatedSizes(target, rest)), ...measured }
  return { past, rebuilt, freeBytes, embedded, otherRuns: () => otherRuns(target.serverId, command) }
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
  const estimates = await runRead(target, indexBloatEstimate, {})
  if (!estimates.ok) return {}
  const wanted = new Set(indexes)
  return Object.fromEntries(
    estimates.value
      .filter(({ indexrelid }) => wanted.has(indexrelid))
      .map((row) => {
        const { bloatBytes, trust } = bloatOf(row)
        const bytes = row.bytes ?? 0
        return [row.indexrelid, { bytes, rebuiltBytes: bytes - (bloatBytes ?? 0), trust }]
      }),
  )
}
