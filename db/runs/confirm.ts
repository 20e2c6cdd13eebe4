import { randomUUID } from 'node:crypto'
import { writeAudit } from '../console/audit'
import { consoleDb } from '../console/client'
import { consoleFaultOf } from '../console/console-fault'
import { log } from '../console/log'
import { type Actor, refusal } from '../console/roles'
import { recordedTarget } from '../console/servers'
import type { ConsoleWriter } from '../console/writer'
import { typedPhrase } from '../domain/typed-phrase'
import type { ClusterIdentity } from '../server/cluster'
import { failed, ok, type Problem, type Result } from '../server/problem'
import { lockConfirmation, runsOfConfirmation } from './confirmation'
import { insertPlanned } from './insert-planned'
import { windowAsShown } from './maintenance-windows'
import { patiently } from './patient'
import { type PlannedCommand, planCommand } from './planner'
import { announceRuns, queueReady } from './run-queue'
import type { Run } from './run-types'
import { logRun } from './runs'
import { type WindowTimes, windowWords } from './window-times'

/** Which cluster the dialog was about. */
export type ShownCluster = Pick<ClusterIdentity, 'systemIdentifier' | 'timeline'>

/** One command and exactly what was shown of it. */
export interface ConfirmedCommand {
  command: string
  input: Record<string, unknown>
  statements: string[]
  /** The cluster that it was shown for; null where that could not be told. */
  cluster: ShownCluster | null
}

export interface Confirmed {
  serverId: string
  database: string
  /** In the order in which they run. */
  commands: ConfirmedCommand[]
  /** What was typed: the plan's phrase for one command, the database's name for several; ignored where nothing asks for it. */
  phrase: string
  /** After how many minutes of waiting each is given up; left out: what its plan says. */
  giveUpMinutes?: number
  /** The maintenance window in which they start, as it was shown; left out: now. */
  window?: { id: string } & WindowTimes
  /** The user; a viewer's confirmation is refused. */
  actor: Actor
  /** Made where it was confirmed: sent again with the same key it queues nothing a second time. Left out: it is never sent again. */
  key?: string
}

/** So long the console database is tried while somebody waits for the answer. */
const PATIENCE_MS = 6_000

/**
 * The gate. Plans every command again and queues them, one run each, only if the statements are those that were
 * shown, nothing stops them, and the phrase was typed where typing is asked for (an AccessExclusiveLock, a drop, or any
 * warning). Several commands are one batch. A refusal is written into the audit.
 * Errors: insufficient_privilege (a viewer), another_cluster (than was shown, or is recorded), conflict (the plan or the window has changed, a preflight stop),
 * invalid_input (wrong phrase, a time limit that was not offered, no such command or server), unreachable (the console database:
 * says whether the runs may be queued), and what the server says.
 */
export async function confirmRuns(confirmed: Confirmed): Promise<Result<Run[]>> {
  const once = { ...confirmed, key: confirmed.key ?? randomUUID() }
  let mayBeQueued = false
  const toQueue = (planned: PlannedCommand[]) => {
    mayBeQueued = true
    return queue(once, planned)
  }
  const waits = AbortSignal.timeout(PATIENCE_MS)
  let decided: Result<Run[]>
  try {
    decided = await patiently(() => decide(once, toQueue), waits)
  } catch (error) {
    const fault = consoleFaultOf(error)
    if (!fault) throw error
    log().error({ err: error, server: confirmed.serverId }, 'confirming runs')
    if (!mayBeQueued) return failed('unreachable', `${fault.message} Nothing was queued.`, { hint: fault.hint })
    const hint = `Run it again in this dialog: nothing is queued twice. ${fault.hint}`
    return failed('unreachable', `${fault.message} Whether it was queued is not known yet.`, { hint })
  }
  if (decided.ok) return decided
  const { serverId, database, actor, commands } = confirmed
  const detail = { commands: commands.map(({ command, input }) => ({ command, input })), problem: decided.problem }
  await writeAudit({ by: actor, action: 'run.refused', serverId, database, detail })
  return decided
}

type Once = Confirmed & { key: string }

async function decide(confirmed: Once, toQueue: (planned: PlannedCommand[]) => Promise<Result<Run[]>>): Promise<Result<Run[]>> {
  const problem = refusal(confirmed.actor, 'operator')
  if (problem) return { ok: false, problem }
  const before = await queuedBefore(confirmed, consoleDb())
  if (before) return before
  const planned = await planAgain(confirmed)
  return planned.ok ? toQueue(planned.value) : planned
}

/** What this very confirmation has queued already; null when nothing. Errors: conflict when it was another under the same key. */
async function queuedBefore({ key, actor, serverId, database, commands }: Once, db: ConsoleWriter): Promise<Result<Run[]> | null> {
  const runs = await runsOfConfirmation(key, db)
  if (runs.length === 0) return null
  const then = runs.map(({ confirmedBy, plan, ...one }) => [confirmedBy, one.serverId, one.database, one.command, plan.statements])
  const now = commands.map(({ command, statements }) => [actor.email, serverId, database, command, statements])
  return JSON.stringify(then) === JSON.stringify(now)
    ? ok(runs)
    : failed(
        'conflict',
        `Run ${runs[0]?.id} was queued from this dialog already, by somebody else or with other statements. Look at it first.`,
      )
}

async function planAgain({ serverId, database, commands, phrase, giveUpMinutes }: Confirmed): Promise<Result<PlannedCommand[]>> {
  if (commands.length === 0) return failed('invalid_input', 'Nothing was confirmed')
  const target = await recordedTarget(serverId, database)
  if (!target.ok) return target
  const all: PlannedCommand[] = []
  for (const { command, input, statements, cluster } of commands) {
    const planned = await planCommand(target.value, command, input)
    if (!planned.ok) return planned
    const refusal = refuse(planned.value, { statements, cluster }, giveUpMinutes)
    if (refusal) return { ok: false, problem: refusal }
    all.push(planned.value)
  }
  const wanted = typedPhrase(all, database)
  if (wanted !== null && phrase !== wanted) {
    return failed('invalid_input', `What was typed is not "${wanted}"`, {
      hint: 'A check warns, or the lock shuts others out: look again.',
    })
  }
  return ok(all)
}

function refuse(
  { cluster, object, plan, preflight }: PlannedCommand,
  { statements, cluster: shown }: Pick<ConfirmedCommand, 'statements' | 'cluster'>,
  giveUpMinutes?: number,
): Problem | undefined {
  if (cluster?.systemIdentifier !== shown?.systemIdentifier)
    return { kind: 'another_cluster', message: 'The server is another cluster than the one that was shown. Look at the plan again.' }
  if (cluster?.timeline !== shown?.timeline)
    return { kind: 'conflict', message: 'The server was promoted since the plan was shown. Look at it again.' }
  if (statements.length !== plan.statements.length || statements.some((statement, at) => statement !== plan.statements[at])) {
    const hint = 'Something changed since, or something else was sent. Look at the plan again.'
    return { kind: 'conflict', message: `The statements for ${object.relname} are not the ones that were confirmed`, hint }
  }
  if (giveUpMinutes !== undefined && plan.patience && !plan.patience.choices.includes(giveUpMinutes))
    return { kind: 'invalid_input', message: `${giveUpMinutes} min is no time limit that ${object.relname} can be given` }
  const stop = preflight.find(({ status }) => status === 'stop')
  return stop && { kind: 'conflict', message: `${stop.title}. ${stop.detail}` }
}

/** Runs, audit and queue in one transaction: all of it is there after a crash, or none. Errors: conflict when the window is another. */
async function queue(once: Once, planned: PlannedCommand[]): Promise<Result<Run[]>> {
  const { serverId, database, window, actor, key, ...confirmed } = once
  const batchId = planned.length > 1 ? randomUUID() : null
  await queueReady() // it needs connections of its own
  return consoleDb().transaction(async (tx): Promise<Result<Run[]>> => {
    await lockConfirmation(key, tx)
    const before = await queuedBefore(once, tx)
    if (before) return before
    const opens = window ? await windowAsShown(serverId, window, tx) : ok(null)
    if (!opens.ok) return opens
    const made: Run[] = []
    const { giveUpMinutes } = confirmed
    const windowId = opens.value?.id ?? null
    const terms = { serverId, database, batchId, confirmation: key, giveUpMinutes, windowId, confirmedBy: actor.email }
    for (const one of planned) made.push(await insertPlanned(one, terms, tx))
    await announceRuns(serverId, made.length, tx)
    // Last: from its first line on the audit's chain is locked.
    for (const run of made) {
      const terms = {
        ...(run.plan.patience && { giveUpMinutes: run.giveUpMinutes }),
        ...(opens.value && { window: `${opens.value.name}: ${windowWords(opens.value)}` }),
      }
      const detail = { command: run.command, object: nameOf(run), statements: run.plan.statements, ...terms }
      await writeAudit({ by: actor, action: 'run.confirmed', serverId, database, runId: run.id, detail }, tx)
      const when = opens.value ? `, for the window ${opens.value.name}` : ''
      await logRun(run.id, 'info', `${countLines(run.preflight)}, confirmed by ${actor.email}${when}`, tx)
    }
    return ok(made)
  })
}

const nameOf = ({ object }: Run): string => `${object.schemaname}.${object.relname}`

/** preflight 4 pass, 3 warn */
export function countLines(preflight: PlannedCommand['preflight']): string {
  const count = (status: string) => preflight.filter((line) => line.status === status).length
  return `preflight ${count('pass')} pass, ${count('warn')} warn`
}
