import { randomUUID } from 'node:crypto'
import { writeAudit } from '../console/audit'
import { consoleDb } from '../console/client'
import { windowAsShown } from '../console/maintenance-windows'
import { type Actor, refusal } from '../console/roles'
import { announceRuns } from '../console/run-queue'
import type { Run } from '../console/run-types'
import { insertRun, logRun } from '../console/runs'
import { serverTarget } from '../console/servers'
import { type WindowTimes, windowWords } from '../console/window-times'
import { failed, ok, type Problem, type Result } from '../server/problem'
import { type PlannedCommand, planCommand } from './planner'

/** One command and exactly what was shown of it. */
export interface ConfirmedCommand {
  command: string
  input: Record<string, unknown>
  statements: string[]
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
}

/**
 * The gate. Plans every command again and queues them, one run each, only if the statements are those that were
 * shown, nothing stops them, and the phrase was typed where typing is asked for (an AccessExclusiveLock, a drop, or any
 * warning). Several commands are one batch. A refusal is written into the audit.
 * Errors: insufficient_privilege (a viewer), conflict (the plan or the window has changed, a preflight stop),
 * invalid_input (wrong phrase, a time limit that was not offered, no such command or server), and what the server says.
 */
export async function confirmRuns(confirmed: Confirmed): Promise<Result<Run[]>> {
  const problem = refusal(confirmed.actor, 'operator')
  const planned = problem ? { ok: false as const, problem } : await planAgain(confirmed)
  const queued = planned.ok ? await queue(confirmed, planned.value) : planned
  if (queued.ok) return queued
  const { serverId, database, actor, commands } = confirmed
  const detail = { commands: commands.map(({ command, input }) => ({ command, input })), problem: queued.problem }
  await writeAudit({ by: actor, action: 'run.refused', serverId, database, detail })
  return queued
}

async function planAgain({ serverId, database, commands, phrase, giveUpMinutes }: Confirmed): Promise<Result<PlannedCommand[]>> {
  if (commands.length === 0) return failed('invalid_input', 'Nothing was confirmed')
  const target = await serverTarget(serverId, database)
  if (!target.ok) return target
  const all: PlannedCommand[] = []
  for (const { command, input, statements } of commands) {
    const planned = await planCommand(target.value, command, input)
    if (!planned.ok) return planned
    const refusal = refuse(planned.value, statements, giveUpMinutes)
    if (refusal) return { ok: false, problem: refusal }
    all.push(planned.value)
  }
  const wanted = phraseFor(all, database)
  if (wanted !== null && phrase !== wanted) {
    return failed('invalid_input', `What was typed is not "${wanted}"`, {
      hint: 'A check warns, or the lock shuts others out: look again.',
    })
  }
  return ok(all)
}

function refuse({ object, plan, preflight }: PlannedCommand, statements: string[], giveUpMinutes?: number): Problem | undefined {
  if (statements.length !== plan.statements.length || statements.some((statement, at) => statement !== plan.statements[at])) {
    const hint = 'Something changed since, or something else was sent. Look at the plan again.'
    return { kind: 'conflict', message: `The statements for ${object.relname} are not the ones that were confirmed`, hint }
  }
  if (giveUpMinutes !== undefined && plan.patience && !plan.patience.choices.includes(giveUpMinutes))
    return { kind: 'invalid_input', message: `${giveUpMinutes} min is no time limit that ${object.relname} can be given` }
  const stop = preflight.find(({ status }) => status === 'stop')
  return stop && { kind: 'conflict', message: `${stop.title}. ${stop.detail}` }
}

/** What has to be typed, or null: the object's name for one command, the database's for several. */
function phraseFor(planned: PlannedCommand[], database: string): string | null {
  const asked = planned.some(({ plan, preflight }) => plan.alwaysTyped || preflight.some(({ status }) => status !== 'pass'))
  if (!asked) return null
  const [first] = planned
  return first && planned.length === 1 ? first.plan.phrase : database
}

/** Runs, audit and queue in one transaction: all of it is there after a crash, or none. Errors: conflict when the window is another. */
async function queue({ serverId, database, window, ...confirmed }: Confirmed, planned: PlannedCommand[]): Promise<Result<Run[]>> {
  const batchId = planned.length > 1 ? randomUUID() : null
  const { actor } = confirmed
  return consoleDb().transaction(async (tx): Promise<Result<Run[]>> => {
    const opens = window ? await windowAsShown(serverId, window, tx) : ok(null)
    if (!opens.ok) return opens
    const made: Run[] = []
    for (const { command, input, object, plan, preflight } of planned) {
      const giveUpMinutes = confirmed.giveUpMinutes ?? plan.patience?.minutes ?? GIVE_UP_MINUTES
      const terms = { giveUpMinutes, windowId: opens.value?.id ?? null, confirmedBy: actor.email }
      made.push(await insertRun({ batchId, serverId, database, command, input, object, plan, preflight, ...terms }, tx))
    }
    await announceRuns(serverId, made.length, tx)
    // Last: from its first line on the audit's chain is locked, and the queue may need a moment to start.
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

/** For a run that waits for nobody, so that it does not matter. */
const GIVE_UP_MINUTES = 30

const nameOf = ({ object }: Run): string => `${object.schemaname}.${object.relname}`

/** preflight 4 pass, 3 warn */
export function countLines(preflight: PlannedCommand['preflight']): string {
  const count = (status: string) => preflight.filter((line) => line.status === status).length
  return `preflight ${count('pass')} pass, ${count('warn')} warn`
}
