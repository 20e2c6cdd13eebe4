import type { IndexSummary, UnusedEvidence } from '@/db/indexes/index-finding'
import { bytesShort, exactCount, numberWord, plural } from '../format'

/** How many indexes ask for something: a rebuild or a drop. */
export const actionable = ({ counts }: IndexSummary): number => counts.bloated + counts.unused + counts.redundant + counts.invalid

/** Since when the statistics count: the reset, or the server's start; null where that could not be read. */
export const windowStart = (summary: IndexSummary): string | null => summary.statsReset ?? summary.statsSince

/** The one sentence that answers: must I act? */
export function verdictSentence(summary: IndexSummary): string {
  const { total } = summary
  const toDo = actionable(summary)
  if (total === 0) return 'There are no indexes here yet.'
  if (toDo === 0) return total === 1 ? 'The one index here earns its keep.' : `All ${exactCount(total)} indexes earn their keep.`
  if (total === 1) return 'The one index here costs more than it returns.'
  return `${exactCount(toDo)} of ${exactCount(total)} indexes ${toDo === 1 ? 'costs more than it returns' : 'cost more than they return'}.`
}

/** The line of evidence below it: what a fix returns, and what was checked. */
export function evidence(summary: IndexSummary, unused: UnusedEvidence, database: string): string {
  const { counts, total } = summary
  if (total === 0) return `No table of ${database} outside of the system schemas has an index.`
  const window = plural(Math.round(unused.after / 86_400), 'day', 'days')
  const sentences: string[] = []
  if (counts.bloated > 0) sentences.push(rebuilds(summary))
  const others = [
    counts.unused > 0 && `${numberWord(counts.unused)} ${are(counts.unused)} unused for ${window} or longer`,
    counts.redundant > 0 && `${numberWord(counts.redundant)} ${counts.redundant === 1 ? 'repeats' : 'repeat'} another index`,
    counts.invalid > 0 && `${numberWord(counts.invalid)} ${are(counts.invalid)} invalid`,
  ].filter((part): part is string => part !== false)
  if (others.length > 0) sentences.push(`${capital(others.join(', '))}.`)
  const { withheld, notScanned } = unused
  if (sentences.length === 0)
    sentences.push(`None is bloated, redundant or invalid${withheld ? '' : `, and none went unused for ${window}`}.`)
  if (withheld) {
    const candidates =
      notScanned.count > 0 ? `${numberWord(notScanned.count)} not scanned so far (${bytesShort(notScanned.bytes)})` : 'none yet'
    sentences.push(`Unused is not judged, ${withheld}: ${candidates}.`)
  } else if (notScanned.count > 0) {
    const what = notScanned.count === 1 ? 'was not scanned either, which' : 'were not scanned either, which'
    sentences.push(`${numberWord(notScanned.count, true)} ${what} proves nothing yet (${bytesShort(notScanned.bytes)}).`)
  }
  if (summary.skipped > 0) {
    const { skipped } = summary
    sentences.push(
      `${numberWord(skipped, true)} ${skipped === 1 ? 'was' : 'were'} skipped for a lock on ${skipped === 1 ? 'its' : 'their'} table.`,
    )
  }
  return sentences.join(' ')
}

function rebuilds({ counts, reclaim, bloatBytes, estimated }: IndexSummary): string {
  const back = `${estimated ? '≈ ' : ''}${bytesShort(reclaim.bloated)}`
  const of = bloatBytes > reclaim.bloated ? ` of ${bytesShort(bloatBytes)} bloat` : ''
  return `${numberWord(counts.bloated, true)} ${counts.bloated === 1 ? 'rebuild returns' : 'rebuilds return'} ${back}${of}.`
}

const are = (value: number) => (value === 1 ? 'is' : 'are')
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
