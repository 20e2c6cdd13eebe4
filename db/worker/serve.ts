import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { consoleDb } from '../console/client'
import { log } from '../console/log'
import { claimRun, dueRuns } from '../runs/claim'
import { lookAgain } from '../runs/meet-cluster'
import { patiently } from '../runs/patient'
import { isFinal } from '../runs/run-states'
import { runTarget } from '../runs/run-target'
import type { Run } from '../runs/run-types'
import { findRun, listRuns } from '../runs/runs'
import { type TakenRun, takeRun, timesTaken } from '../runs/take-run'
import type { Problem } from '../server/problem'
import { executeRun } from './execute-run'
import { endBeforeWork } from './finish'
import { isOver, reconcile } from './reconcile'
import { holdRun, NotOurs, type RunHold } from './run-hold'
import type { WorkerSession } from './worker-session'

/** A worker, for what it does with runs. */
export interface Hands {
  id: string
  session: WorkerSession
  /** The runs that it has. */
  holds: Set<RunHold>
  stopping: AbortSignal
  giveUpMs?: number
}

/** Pauses between the tries to come to an end with a run that a bug came between. */
const [AGAIN_MS, LONGEST_AGAIN_MS] = [2_000, 60_000]
/** After so many tries it is said that nobody can judge it, once its backend is gone. */
const TRIES_TO_JUDGE = 3

/**
 * First whatever is going on unattended at the server, then its queued runs until there are none, or as many are going
 * on as may: whoever carries those out takes the rest as well. Runs that the server holds back go on when it is the right one again. Errors: throws on a fault of the console database before anything
 * was taken; somebody asks again.
 */
export async function serveServer(serverId: string, hands: Hands): Promise<void> {
  for (const { id } of await listRuns({ serverId, states: ['running', 'cancelling'] })) {
    await attend(id, hands, goingOn, (run, hold) => takeOver(run, hold, hands))
  }
  await lookAgain(serverId)
  while (!hands.stopping.aborted && (await takeOne(serverId, hands)));
}

/** Carries out the first run that is due and that no other worker has; false when there is none. */
async function takeOne(serverId: string, hands: Hands): Promise<boolean> {
  const claim: Look = (id, owner, seen) => claimRun(serverId, id, { owner, seen })
  const work: Work = (run, hold) => executeRun(run, hold, hands.giveUpMs)
  for (const due of await dueRuns(serverId)) if (await attend(due, hands, claim, work)) return true
  return false
}

type Look = (id: string, owner: string, seen: number) => Promise<TakenRun | undefined>
type Work = (run: Run, hold: RunHold) => Promise<void>

const goingOn: Look = (id, owner, seen) => takeRun({ id, owner, seen, from: ['running', 'cancelling'] }, consoleDb())

async function takeOver(run: Run, hold: RunHold, { giveUpMs }: Hands, unsent?: Problem): Promise<void> {
  const target = await hold.patiently(() => runTarget(run))
  if (target.ok) await reconcile(run, hold, target.value, { giveUpMs, unsent })
  else await endBeforeWork(run, hold, { state: 'lost', problem: target.problem })
}

/**
 * The worker's door: takes a run's lock, then the run itself, works on it, and comes to an end with it when a bug throws. False
 * when another worker has it, or `look` finds nothing to do.
 */
async function attend(id: string, hands: Hands, look: Look, work: Work): Promise<boolean> {
  const lock = await hands.session.lock(id)
  if (!lock) return false
  try {
    const seen = await patiently(() => timesTaken(id, consoleDb()), hands.stopping)
    const found = seen === undefined ? undefined : await patiently(() => look(id, hands.id, seen), hands.stopping)
    if (!found) return false
    const { run, taken } = found
    const hold = holdRun({ id, taken }, hands.stopping)
    hands.holds.add(hold)
    lock.onLost(hold.lose)
    try {
      await noted(run, () => work(run, hold))
    } catch (error) {
      await judgeAfterBug(run, hold, hands, error)
    } finally {
      hands.holds.delete(hold)
    }
    return !hold.left.aborted
  } catch (error) {
    if (hands.stopping.aborted) return false
    throw error
  } finally {
    await lock.release()
  }
}

async function noted(run: Run, work: () => Promise<void>): Promise<void> {
  const about = { run: run.id, server: run.serverId, command: run.command }
  log().info(about, 'run taken')
  await work()
  log().info(about, 'run left')
}

/**
 * A bug is no verdict on a run: its backend is asked, then the object, as when its worker had died. What was thrown stands in the
 * log, under a reference that the run names: it may hold statements and values.
 */
async function judgeAfterBug({ id }: Run, hold: RunHold, hands: Hands, error: unknown): Promise<void> {
  const reference = randomBytes(4).toString('hex')
  const tell = (thrown: unknown) => log().error({ err: thrown, run: id, reference }, 'a fault in Proctor under a run')
  const message = (what: string) => `A fault in Proctor ${what}; its log has it under ${reference}.`
  const unsent: Problem = { kind: 'sql_error', message: message('came before anything was sent to the server') }
  const unjudged: Problem = { kind: 'sql_error', message: message('keeps its result from being read: check the object itself') }
  let thrown = error
  for (let tries = 1; !hold.left.aborted && !(thrown instanceof NotOurs); tries++) {
    tell(thrown)
    try {
      const now = await hold.patiently(() => findRun(id))
      if (!now || now.state === 'queued' || isFinal(now.state)) return
      if (tries <= TRIES_TO_JUDGE) return await takeOver(now, hold, hands, unsent)
      if (await isOver(now)) return await endBeforeWork(now, hold, { state: 'lost', problem: unjudged })
    } catch (again) {
      thrown = again
    }
    await sleep(Math.min(AGAIN_MS * 2 ** (tries - 1), LONGEST_AGAIN_MS), undefined, { signal: hold.left }).catch(() => undefined)
  }
}
