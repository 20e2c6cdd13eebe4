import { randomUUID } from 'node:crypto'
import { writeAudit } from '../console/audit'
import { consoleDb } from '../console/client'
import { type Actor, refusal } from '../console/roles'
import { announceRuns } from '../console/run-queue'
import type { Run } from '../console/run-types'
import { insertRun, logRun } from '../console/runs'
import { serverTarget } from '../console/servers'
import { failed, ok, type Problem, type Result } from '../target/problem'
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
  /** The user; a viewer's confirmation is refused. */
  actor: Actor
}

/**
 * The gate. Plans every command again and queues them, one run each, only if the statements are those that were
 * shown, nothing stops them, and the phrase was typed where typing is asked for (an AccessExclusiveLock, a drop, or any
 * warning). Several commands are one batch. A refusal is written into the audit.
 * Errors: insufficient_privilege (a viewer), conflict (the plan has changed, a preflight stop), invalid_input (wrong
 * phrase, no such command or server), and what the server says.
 */
export async function confirmRuns(confirmed: Confirmed): Promise<Result<Run[]>> {
  const problem = refusal(confirmed.actor, 'operator')
  const planned = problem ? { ok: false as const, problem } : await planAgain(confirmed)
  if (planned.ok) return ok(await queue(confirmed, planned.value))
  const { serverId, database, actor, commands } = confirmed
  const detail = { commands: commands.map(({ command, input }) => ({ command, input })), problem: planned.problem }
  await writeAudit({ actor: actor.email, action: 'run.refused', serverId, database, detail })
  return planned
}

async function planAgain({ serverId, database, commands, phrase }: Confirmed): Promise<Result<PlannedCommand[]>> {
  if (commands.length === 0) return failed('invalid_input', 'Nothing was confirmed')
  const target = await serverTarget(serverId, database)
  if (!target.ok) return target
  const all: PlannedCommand[] = []
  for (const { command, input, statements } of commands) {
    const planned = await planCommand(target.value, command, input)
    if (!planned.ok) return planned
    const refusal = refuse(planned.value, statements)
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

function refuse({ object, plan, preflight }: PlannedCommand, statements: string[]): Problem | undefined {
  if (statements.length !== plan.statements.length || statements.some((statement, at) => statement !== plan.statements[at])) {
    const hint = 'Something changed since, or something else was sent. Look at the plan again.'
    return { kind: 'conflict', message: `The statements for ${object.relname} are not the ones that were confirmed`, hint }
  }
  const stop = preflight.find(({ status }) => status === 'stop')
  return stop && { kind: 'conflict', message: `${stop.title}. ${stop.detail}` }
}

/** What has to be typed, or null: the object's name for one command, the database's for several. */
export function phraseFor(planned: PlannedCommand[], database: string): string | null {
  const asked = planned.some(({ plan, preflight }) => plan.alwaysTyped || preflight.some(({ status }) => status !== 'pass'))
  if (!asked) return null
  const [first] = planned
  return first && planned.length === 1 ? first.plan.phrase : database
}

/** Runs, audit and queue in one transaction: all of it is there after a crash, or none. */
async function queue({ serverId, database, actor: { email: actor } }: Confirmed, planned: PlannedCommand[]): Promise<Run[]> {
  const batchId = planned.length > 1 ? randomUUID() : null
  const runs = await consoleDb().transaction(async (tx) => {
    const made: Run[] = []
    for (const { command, input, object, plan, preflight } of planned) {
      made.push(await insertRun({ batchId, serverId, database, command, input, object, plan, preflight, confirmedBy: actor }, tx))
    }
    await announceRuns(serverId, made.length, tx)
    // Last: from its first line on the audit's chain is locked, and the queue may need a moment to start.
    for (const run of made) {
      const detail = { command: run.command, object: nameOf(run), statements: run.plan.statements }
      await writeAudit({ actor, action: 'run.confirmed', serverId, database, runId: run.id, detail }, tx)
    }
    return made
  })
  for (const { id, preflight } of runs) await logRun(id, 'info', `${countLines(preflight)}, confirmed by ${actor}`)
  return runs
}

const nameOf = ({ object }: Run): string => `${object.schemaname}.${object.relname}`

/** preflight 4 pass, 3 warn */
export function countLines(preflight: PlannedCommand['preflight']): string {
  const count = (status: string) => preflight.filter((line) => line.status === status).length
  return `preflight ${count('pass')} pass, ${count('warn')} warn`
}

/** The same for one command. */
export async function confirmRun({
  command,
  input,
  sql,
  ...rest
}: Omit<Confirmed, 'commands'> & { command: string; input: Record<string, unknown>; sql: string[] }): Promise<Result<Run>> {
  const runs = await confirmRuns({ ...rest, commands: [{ command, input, statements: sql }] })
  if (!runs.ok) return runs
  const [run] = runs.value
  return run ? ok(run) : failed('invalid_input', 'Nothing was confirmed')
}
