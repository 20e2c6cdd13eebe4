import type { Before } from '../commands/define-command'
import type { Step } from '../commands/plan'
import type { Run } from '../runs/run-types'
import { failed, type Problem, type Result } from '../server/problem'
import type { Session } from '../server/session'
import type { Target } from '../server/target'
import { CANCELLED, isShell } from './act'
import { monotonic } from './clock'
import { whyLeftOut } from './next-step'
import { type Swapped, standing, swappedSince } from './replaced'
import type { RunHold } from './run-hold'
import { untilAnswered } from './until-answered'
import { untilLocked } from './until-locked'
import type { Watcher } from './watch'

interface Sending {
  /** Whether an answer of the session is on its way. */
  sending: { now: boolean }
  before: Before
  /** Takes what the statements are seen to rebuild beside. */
  swapped: Swapped[]
  giveUpMs: number
}

/**
 * Each statement by itself: some of them refuse to run within a transaction block, which several in one message are. Before each
 * the run is still ours, or nothing is sent; and of a plan in steps, what the step works on is still there.
 */
export async function send(
  run: Run,
  hold: RunHold,
  target: Target,
  session: Session,
  watcher: Watcher,
  { sending, before, swapped, giveUpMs }: Sending,
): Promise<Result<unknown>> {
  let result: Result<unknown> = { ok: true, value: null }
  const { statements, parts, steps = [], writesIndexes, limitMinutes = Number.POSITIVE_INFINITY } = run.plan
  const began = monotonic()
  let [number, done] = [0, 0]
  for (const statement of statements.filter((one) => !isShell(one))) {
    if (watcher.cancelling()) return { ok: false, problem: WAS_CANCELLED }
    const isSetting = statement.startsWith('SET ')
    if (!isSetting && steps.length > 0 && monotonic() - began >= limitMinutes * 60_000) {
      await hold.log(
        'wait',
        `the time limit of ${limitMinutes} min is over: ${steps.length - number} of ${steps.length} steps are left for another run`,
      )
      break
    }
    const step = isSetting ? undefined : steps[number++]
    if (step) {
      watcher.atStep({ number, of: steps.length, name: step.name })
      const left = await lookAt(run, hold, target, watcher, step, statement)
      if (!left.ok) return { ok: false, problem: watcher.cancelling() ? WAS_CANCELLED : soFar(left.problem, done, steps.length) }
      if (left.value !== null) {
        await hold.log('wait', `step ${number} of ${steps.length} is left out, ${step.name}: ${left.value}`)
        if (step.required) return failed('conflict', `${step.name} was left out, and the rest needs it: ${left.value}`, PLAN_ANEW)
        continue
      }
    }
    await hold.write(isSetting ? {} : { lines: [{ level: 'info', message: firstLine(statement) }] })
    const once = async () => {
      sending.now = true
      const answer = await session.execute(statement)
      sending.now = false
      return answer
    }
    const then = isSetting || writesIndexes !== 'beside' ? [] : await standing(target, before, step)
    // Of a plan in parts what is done stays done: the run itself cannot begin anew.
    result = parts || steps.length > 0 ? await untilLocked(once, { hold, watcher, giveUpMs }) : await once()
    if (!result.ok) return result
    if (step) done += 1
    if (then.length > 0) swapped.push(...(await swappedSince(target, then)))
  }
  return result
}

/** A server or a console database that is away for a moment says nothing of the step. */
const lookAt = (run: Run, hold: RunHold, target: Target, watcher: Watcher, step: Step, statement: string): Promise<Result<string | null>> =>
  untilAnswered(() => hold.patiently(() => whyLeftOut(run, target, step, statement)), { left: hold.left, isOver: watcher.cancelling })

const WAS_CANCELLED: Problem = { kind: 'timeout', message: 'Cancelled', sqlstate: CANCELLED }

const PLAN_ANEW = { hint: 'Plan it again.' }

/** Why a run in steps ends before one of them, with what stays done. */
const soFar = (problem: Problem, done: number, of: number): Problem =>
  problem.kind === 'conflict'
    ? { ...problem, message: `${problem.message.replace(/\.$/, '')}. ${done} of ${of} steps ${done === 1 ? 'was' : 'were'} done before.` }
    : problem

const firstLine = (statement: string): string => {
  const [line = ''] = statement.split('\n')
  return line.length > 300 || line !== statement ? `${line.slice(0, 300)} …` : line
}
