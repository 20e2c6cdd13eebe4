import { bytesShort, numberWord } from '../format'
import { isOver, leftSomething, returnedBytes } from '../run/run-messages'
import type { ListedRun } from './runs-table'

/** The page's sentence: what is going on, or what the latest one did. `open` counts runs that are not over, but for those that wait for a window. */
export function runsTitle(open: number, shown: ListedRun[], batch: boolean): string {
  if (batch) return batchTitle(shown)
  if (open > 0) return `${numberWord(open, true)} active ${open === 1 ? 'run' : 'runs'}.`
  const worst = shown.find(({ run }) => leftSomething(run))
  const waiting = shown.filter(({ queue }) => queue && 'startsAt' in queue).length
  const held = shown.filter(({ queue }) => queue && 'confirmedFor' in queue).length
  if (held > 0) return `No active runs; ${numberWord(held)} ${held === 1 ? 'is' : 'are'} held.`
  if (waiting > 0) return `No active runs; ${numberWord(waiting)} ${waiting === 1 ? 'waits' : 'wait'} for a window.`
  const [latest] = shown
  if (!latest) return 'No active runs.'
  if (worst && worst.run.id === latest.run.id) return `No active runs; run #${worst.run.id} left something behind.`
  return 'No active runs.'
}

function batchTitle(shown: ListedRun[]): string {
  const done = shown.filter(({ run }) => run.state === 'succeeded')
  const over = shown.filter(({ run }) => isOver(run.state))
  const returned = done.reduce((sum, { run }) => sum + Math.max(0, returnedBytes(run) ?? 0), 0)
  const gave = returned > 0 ? `, ${bytesShort(returned)} returned` : ''
  if (over.length === 0) return shown.some(({ run }) => run.state !== 'queued') ? 'The first one has started.' : 'None has started.'
  if (over.length < shown.length) return `${numberWord(over.length, true)} of ${shown.length} have ended${gave}.`
  return done.length === shown.length
    ? `All ${shown.length} done${gave}.`
    : `${numberWord(done.length, true)} of ${shown.length} succeeded${gave}.`
}
