import type { IndexSummary, UnusedEvidence } from '@/db/indexes/index-finding'
import { bytesShort, exactCount, plural } from '../format'

/** How many indexes ask for something: a rebuild or a drop. */
export const actionable = ({ counts }: IndexSummary): number => counts.bloated + counts.unused + counts.redundant + counts.invalid

/** Since when the statistics count: the reset, or the server's start; null where that could not be read. */
export const windowStart = (summary: IndexSummary): string | null => summary.statsReset ?? summary.statsSince

/** The one sentence that answers: must I act? */
export function verdictSentence(summary: IndexSummary, missing: number | null): string {
  const { total } = summary
  const toDo = actionable(summary)
  const lacking = missing ? `${exactCount(missing)} ${are(missing)} missing` : null
  if (total === 0) return lacking ? `No indexes, ${lacking}.` : 'No indexes.'
  if (toDo === 0) return `No problems in ${plural(total, 'index', 'indexes')}${lacking ? `, ${lacking}` : ''}.`
  return `${exactCount(toDo)} of ${plural(total, 'index', 'indexes')} ${toDo === 1 ? 'needs' : 'need'} attention${lacking ? `, ${lacking}` : ''}.`
}

/** The line of evidence below it, short enough for one line: what a fix returns, what else was found, what could not be judged. */
export function evidence(summary: IndexSummary, unused: UnusedEvidence, database: string): string {
  const { counts, total, skipped } = summary
  if (total === 0) return `No table of ${database} outside of the system schemas has an index.`
  const window = plural(Math.round(unused.after / 86_400), 'day', 'days')
  const { withheld, notScanned } = unused
  const found = [
    counts.unused > 0 && `${exactCount(counts.unused)} unused for ${window} or longer`,
    counts.redundant > 0 && `${exactCount(counts.redundant)} redundant`,
    counts.invalid > 0 && `${exactCount(counts.invalid)} invalid`,
  ].filter((part) => part !== false)
  const sentences = [...(counts.bloated > 0 ? [rebuilds(summary)] : []), ...(found.length > 0 ? [`${found.join(', ')}.`] : [])]
  if (sentences.length === 0) sentences.push(`None is bloated, redundant or invalid${withheld ? '' : `, none unused for ${window}`}.`)
  if (withheld) sentences.push(`“Unused” is not judged: ${withheld}.`)
  else if (notScanned.count > 0) sentences.push(`${exactCount(notScanned.count)} not scanned, not yet proved unused.`)
  if (skipped > 0) sentences.push(`${exactCount(skipped)} skipped for a lock on the table.`)
  return sentences.join(' ')
}

function rebuilds({ counts, reclaim, bloatBytes, estimated }: IndexSummary): string {
  const back = `${estimated ? '≈ ' : ''}${bytesShort(reclaim.bloated)}`
  const of = bloatBytes > reclaim.bloated ? ` of ${bytesShort(bloatBytes)} bloat` : ''
  return `${plural(counts.bloated, 'rebuild returns', 'rebuilds return')} ${back}${of}.`
}

const are = (value: number) => (value === 1 ? 'is' : 'are')
