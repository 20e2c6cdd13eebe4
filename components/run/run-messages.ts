import type { Plan } from '@/db/commands/plan'
import type { QueuePlace } from '@/db/runs/queue'
import type { Run, RunBlocker, RunState } from '@/db/runs/run-types'
import { whatGoesOn } from '../confirm/sentence'
import { bytesShort, duration, exactCount, numberWord } from '../format'
import { clock } from '../format-time'
import type { BadgeTone } from '../ui/badge'
import { ordinal, queuedVerdict } from './queue-messages'

export const isOver = (state: RunState): boolean => !['queued', 'running', 'cancelling'].includes(state)

const STATE: Record<RunState, { word: string; tone: BadgeTone }> = {
  queued: { word: 'Queued', tone: 'plain' },
  running: { word: 'Running', tone: 'run' },
  cancelling: { word: 'Cancelling', tone: 'warn' },
  succeeded: { word: 'Done', tone: 'ok' },
  failed: { word: 'Failed', tone: 'bad' },
  cancelled: { word: 'Cancelled', tone: 'warn' },
  lost: { word: 'Lost', tone: 'bad' },
}

/** Who confirmed it: of a run that a policy planned, the policy. */
export const whoOf = ({ confirmedBy, nightId }: Run): string => (nightId === null ? confirmedBy : `policy of ${confirmedBy}`)

export const stateOf = (state: RunState) => STATE[state]

/** What stands after the work in plans of older consoles, which did not note which statement does it; settings stand before. */
const AFTER_WORK = ['SELECT pg_reload_conf()']

/** The statement that does the work; of a plan from before it was noted which one does, the last but for a reload. */
export const mainStatement = ({ statements, main }: Pick<Run['plan'], 'statements' | 'main'>): string => {
  const last = statements.findLastIndex((statement) => !AFTER_WORK.includes(statement))
  return (statements.at(main ?? last) ?? '').replace(/;\s*$/, '')
}

/** By what a run is told: its statement; of a plan in steps, which has many, its title. */
export const nameOfRun = (plan: Pick<Run['plan'], 'statements' | 'main' | 'steps' | 'title'>): string =>
  (plan.steps?.length ?? 0) > 1 ? plan.title : mainStatement(plan)

/** Milliseconds that the run has been going on at the moment `at`, or took. */
export function runMs(run: Run, at: string): number | null {
  if (run.receipt) return run.receipt.durationMs
  if (!run.startedAt) return null
  return Math.max(0, Date.parse(run.endedAt ?? at) - Date.parse(run.startedAt))
}

/** What a cancel leaves, without the advice that a cancel is possible. */
export const ifCancelled = ({ cancel }: Run['plan']): string => cancel.replace(/^Cancel at any time\.\s*/, '')

/** Bytes that the run gave back; null where sizes say nothing about it. */
export function returnedBytes(run: Run): number | null {
  const { receipt } = run
  return receipt && !run.does?.looksOnly && receipt.bytesBefore !== null && receipt.bytesAfter !== null
    ? receipt.bytesBefore - receipt.bytesAfter
    : null
}

/** Dead rows that the run removed, for VACUUM. */
export function removedRows(run: Run): bigint | null {
  const { receipt } = run
  if (!receipt || run.does?.looksOnly || receipt.deadBefore === null || receipt.deadAfter === null) return null
  return BigInt(receipt.deadBefore) - BigInt(receipt.deadAfter)
}

/** Progress is noted about twice a second; after so long without a word it is old. */
const SILENT_MS = 10_000

/**
 * Since when nothing was heard of a run that should be going on, at the moment `at`; null: it is watched. The part of a
 * command that is no SQL tells its phases alone.
 */
export function silentSince({ state, progress, plan }: Run, at: string): string | null {
  if (isOver(state) || !progress || plan.form === 'shell') return null
  return Date.parse(at) - Date.parse(progress.at) > SILENT_MS ? progress.at : null
}

/** The sentence of such a run: what was true when it was last heard of may no longer be. */
export const silentVerdict = (since: string, attended: boolean): { title: string; below: string } => ({
  title: `No update since ${clock(since)} UTC.`,
  below: attended
    ? 'The server does not answer, or the worker of this run is gone. Another worker will find its session, or check the result.'
    : 'No worker is watching it. The next one will find its session, or check the result.',
})

/** The page's sentence and the line below it. */
export function runVerdict(
  run: Run,
  dropped: Record<number, string> = {},
  queue: QueuePlace | null = null,
): { title: string; below: string } {
  const { progress, problem } = run
  switch (run.state) {
    case 'queued':
      return queuedVerdict(run, queue)
    case 'running':
    case 'cancelling':
      return {
        title: goingOn(run),
        below: run.plan.meanwhile ?? `${blockedWords(progress?.blocking ?? 0)} ${whatGoesOn(run.plan.locks.map(({ mode }) => mode))}`,
      }
    case 'succeeded':
      return { title: gave(run), below: run.receipt?.checkedAfter ? `Checked after: ${run.receipt.checkedAfter}.` : '' }
    case 'failed':
      return { title: 'Failed.', below: problem?.message ?? '' }
    case 'cancelled':
      return {
        title: 'Cancelled.',
        below: leftBehind(run, dropped) ?? (hasBegun(run) ? ifCancelled(run.plan) : 'It had not started: nothing was sent.'),
      }
    case 'lost':
      return { title: 'Lost.', below: problem?.message ?? 'The console lost contact with it, and its backend is gone.' }
  }
}

/** Between two tries it is queued again. */
const hasBegun = ({ startedAt, retry }: Run): boolean => startedAt !== null || retry !== null

function goingOn({ state, progress, retry }: Run): string {
  if (state === 'cancelling') return 'Cancelling.'
  if (retry?.since && progress?.phases.every(({ state }, at) => at < 2 || state === 'ahead'))
    return `Trying for the ${ordinal(retry.tries + 1)} time.`
  const waits = progress?.waitingFor.length ?? 0
  const done = (progress?.phases ?? []).filter(({ state, name }) => state === 'done' && name !== 'Preflight').map(({ name }) => name)
  const before = done.length > 0 ? `${sentence(done)} done. ` : ''
  if (waits > 0) {
    // PostgreSQL waits for one after another: those that come later are only known by their number.
    const lockers = progress?.bars.find(({ unit, done, total }) => unit === 'lockers' && done < total)
    const left = Math.max(waits, lockers ? lockers.total - lockers.done : 0)
    return `${before}Waiting for ${left === 1 ? 'one transaction' : `${numberWord(left)} transactions`} to end.`
  }
  const now = progress?.phases.find(({ state }) => state === 'current')
  return now ? `${before}Now: ${now.name.toLowerCase()}.` : 'Starting.'
}

const sentence = (names: string[]): string => {
  const [first = '', ...others] = names.map((name) => name.toLowerCase())
  const capital = first.charAt(0).toUpperCase() + first.slice(1)
  return others.length === 0 ? capital : `${[capital, ...others.slice(0, -1)].join(', ')} and ${others.at(-1)}`
}

const blockedWords = (blocking: number): string =>
  blocking === 0 ? 'It blocks no session.' : `It blocks ${blocking === 1 ? 'one session' : `${numberWord(blocking)} sessions`}.`

/** What undoes a run: all of it, or the part that was done before it failed; null where nothing does. */
export function undoOf({ state, plan, receipt }: Run): { sql: string; with: Plan['undoWith']; sub: string } | null {
  if (state === 'succeeded') return plan.undo ? { sql: plan.undo, with: plan.undoWith, sub: 'kept with the run' } : null
  return receipt?.undo ? { ...receipt.undo, sub: 'of what it had changed when it ended' } : null
}

function gave(run: Run): string {
  if (run.receipt?.checkedAfter === 'took no effect' || run.receipt?.done === 'no') return 'Done, without effect.'
  if (run.receipt?.done === 'partly') return 'Done in part.'
  const removed = removedRows(run)
  const returned = returnedBytes(run)
  if (run.does?.builds && returned !== null && returned < 0) return `Done: built, ${bytesShort(-returned)}.`
  const stay = BigInt(run.receipt?.deadAfter ?? 0)
  if (removed !== null && removed <= 0n && stay > 0n && BigInt(run.receipt?.deadBefore ?? 0) > 0n)
    return `Removed nothing: ${exactCount(stay)} dead rows stay.`
  const did = run.does?.did
  const parts: string[] = did ? [did] : []
  if (removed !== null && removed > 0n) parts.push(`${exactCount(removed)} dead rows removed`)
  if (returned !== null && returned > 0) parts.push(`${bytesShort(returned)} returned`)
  if (parts.length === 0 && returned !== null) parts.push(returned < 0 ? `it grew by ${bytesShort(-returned)}` : 'the size is the same')
  return parts.length > 0 ? `Done: ${parts.join(', ')}.` : 'Done.'
}

function leftBehind({ receipt }: Run, dropped: Record<number, string>): string | undefined {
  const all = receipt?.leftovers ?? []
  const left = all.filter(({ oid }) => !(oid in dropped))
  if (all.length === 0) return undefined
  if (left.length === 0) return 'What it left behind has since been removed.'
  const what = left.length > 2 ? `${numberWord(left.length)} invalid indexes` : left.map(({ relname }) => relname).join(' and ')
  return `It left ${what} behind, to be removed below.`
}

/** Whether a run that did not end well left an invalid index or a file behind. */
export const leftSomething = ({ state, receipt }: Run): boolean =>
  state !== 'succeeded' && ((receipt?.leftovers.length ?? 0) > 0 || receipt?.files !== undefined)

/** pid 4711; what was prepared has no session and no pid. */
export const blockerName = ({ pid }: Pick<RunBlocker, 'pid'>): string => (pid === 0 ? 'a prepared transaction' : `pid ${pid}`)

/** idle in transaction, 14 min */
export const blockerState = ({ pid, state, xactSeconds }: RunBlocker): string =>
  [pid === 0 ? null : state, xactSeconds === null ? null : `transaction open for ${duration(xactSeconds * 1000)}`]
    .filter(Boolean)
    .join(', ')

/** metabase from 10.2.0.31 as report_reader */
export function blockerWho({ pid, applicationName, clientAddr, usename }: RunBlocker): string {
  if (pid === 0) return 'It has no session that could be ended: only COMMIT PREPARED or ROLLBACK PREPARED lets go of its locks'
  const who = [
    applicationName || 'no application name',
    clientAddr ? `from ${clientAddr}` : 'on the server itself',
    usename && `as ${usename}`,
  ]
  return who.filter(Boolean).join(' ')
}
