import { keyOf } from '../domain/statement-key'
import { LIMITS } from '../domain/statement-params'
import { compareStatement, type StatementChange } from '../statements/compare-statements'
import { nameStatements } from '../statements/statement-names'
import { type CompareAsk, comparedRanges, eventAt } from './compared-ranges'
import { type TimeMark, timeMarks } from './events'
import type { TimeRange } from './range'
import { executionsOf, sampledRow } from './sampled-row'
import type { ChangedQuery, Compared, ComparedRange } from './statement-list'
import { statementWindow } from './statement-words'
import { type StatementFilter, type StatementTotal, statementTotals } from './statements'

/** How many statements are looked through for changes. */
const COMPARED = 2_000
/** What makes counts begin anew, or lose what was between two samples. */
const BREAKS = new Set<TimeMark['kind']>(['restart', 'statements reset', 'promotion', 'another cluster'])
const WEIGHT = { slower: 0, new: 1, faster: 2, gone: 3, unsure: 4, same: 5 }
const NONE = { calls: 0, total: 0, squares: 0 }

interface CompareOf {
  server: string
  database: string
  range: TimeRange
  ask: CompareAsk
  /** What happened within the range. */
  marks: TimeMark[]
  /** When the first sample of statements was taken. */
  first: Date
  filter: StatementFilter
  /** Between two samples of statements, ms. */
  sampleMs: number
}

/** What changed between two ranges; both null where there are no two, or no sample reaches back to the earlier one. */
export async function readChanges(of: CompareOf): Promise<{ compared: Compared | null; changes: ChangedQuery[] | null }> {
  const { server, database, range, ask, marks, first, filter, sampleMs } = of
  const pair = comparedRanges(range, ask, marks, { now: new Date(), sampleMs })
  if (!pair || first >= pair.before.to) return { compared: null, changes: null }
  const given = { filter: { ...filter, minMean: undefined }, limit: COMPARED }
  const [then, now, before, after, between] = await Promise.all([
    statementTotals(server, pair.before, given),
    statementTotals(server, pair.after, given),
    windowOf(server, pair.before),
    windowOf(server, pair.after),
    timeMarks(server, { from: pair.before.from, to: pair.after.to }, database),
  ])
  const whole = (range: Omit<ComparedRange, 'from' | 'to'>, { from, to }: { from: number; to: number }): ComparedRange => ({
    ...range,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  })
  const compared: Compared = {
    before: whole(before, then.covered),
    after: whole(after, now.covered),
    event: ask.vs === 'since' ? eventAt(ask.since, marks) : [],
    breaks: between.filter(({ kind }) => BREAKS.has(kind)),
  }
  const changes = changesOf(then, now, compared, filter.minMean ?? 0)
  const names = await nameStatements(changes.map(({ total }) => total))
  return {
    compared,
    changes: changes.map(({ total, change }) => {
      const key = keyOf(total)
      return { key, change, row: sampledRow(total, names.get(key) ?? '') }
    }),
  }
}

const windowOf = async (server: string, range: TimeRange) => {
  const { seconds, evictions } = await statementWindow(server, range)
  return { sampled: seconds, evictions }
}

type Totals = Awaited<ReturnType<typeof statementTotals>>

/** What was known before both is not new, it only rested; new and gone are only said where all statements of the other range are known. */
function changesOf(then: Totals, now: Totals, { before, after }: Compared, least: number) {
  const earlier = new Map(then.statements.map((total) => [total.statement, total]))
  const sampled = { before: before.sampled, after: after.sampled }
  const known = now.statements.map((total) => {
    const there = earlier.get(total.statement)
    earlier.delete(total.statement)
    return { total, change: compareStatement(there ? executionsOf(there) : NONE, executionsOf(total), sampled) }
  })
  const left = now.count > COMPARED ? [] : [...earlier.values()]
  const gone = left.map((total) => ({ total, change: compareStatement(executionsOf(total), NONE, sampled) }))
  const rested = ({ firstSeen }: StatementTotal) =>
    Date.parse(firstSeen) < Date.parse(before.from) || (then.count > COMPARED && Date.parse(firstSeen) < Date.parse(before.to))
  const worth = ({ before: was, after: is }: StatementChange) => Math.max(was.mean, is.mean) >= least
  return [...known, ...gone]
    .filter(({ total, change }) => change.kind !== 'same' && !(change.kind === 'new' && rested(total)) && worth(change))
    .sort((a, b) => WEIGHT[a.change.kind] - WEIGHT[b.change.kind] || Math.abs(b.change.extra) - Math.abs(a.change.extra))
    .slice(0, LIMITS.first)
}
