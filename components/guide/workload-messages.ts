import type { ColumnKind, Figure } from '@/db/guide/queries/guide-query'
import { exactCount, numberWord } from '../format'
import { milliseconds } from '../statements/query-messages'
import type { BadgeTone } from '../ui/badge'
import type { QueryLine, RunSummary } from './workload-model'

export type Verdict = 'right' | 'wrong' | 'fails' | 'stopped' | 'not compared'

/** What became of the printed form when it ran last; null: it has not. */
export function verdictOf(printed: RunSummary | null): Verdict | null {
  if (!printed) return null
  if (printed.problem) return printed.problem.kind === 'timeout' ? 'stopped' : 'fails'
  if (!printed.compared) return 'not compared'
  return printed.compared.same === printed.compared.rows ? 'right' : 'wrong'
}

export const VERDICT: Record<Verdict, { label: string; tone: BadgeTone }> = {
  right: { label: 'Right', tone: 'ok' },
  wrong: { label: 'Wrong', tone: 'bad' },
  fails: { label: 'Fails', tone: 'bad' },
  stopped: { label: 'Stopped', tone: 'warn' },
  'not compared': { label: 'Ran', tone: 'plain' },
}

/** What was wrong, by the last run of the printed form. */
export function faultOf({ printed }: Pick<QueryLine, 'printed'>, budgetSeconds: number): string {
  const verdict = verdictOf(printed)
  if (!printed || verdict === null) return 'Not run yet'
  if (verdict === 'fails') return `${printed.problem?.sqlstate ?? ''}: ${printed.problem?.message ?? ''}`
  if (verdict === 'stopped') return `Not done after ${budgetSeconds} s`
  if (!printed.compared) return 'Ran to its end; the comparison did not'
  const { rows, same } = printed.compared
  if (verdict === 'right') return rows === 0 ? 'No rows to compare' : `${exactCount(same)} of ${exactCount(rows)} rows identical`
  const [first] = printed.figures
  return first
    ? `${first.name}: ${printedText(first)}, right ${rightText(first)}`
    : `${exactCount(rows - same)} of ${exactCount(rows)} rows differ`
}

const decimals = (value: number, most: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: most, minimumFractionDigits: 0 })

/** ms that a row more costs, by least squares; null below three different numbers of rows, through which any line would go. */
export function costOfRow(points: { x: number; y: number }[]): number | null {
  if (new Set(points.map(({ x }) => x)).size < 3) return null
  const mean = (of: (point: { x: number; y: number }) => number) => points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)]
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0)
  return points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread
}

const ORDINAL = new Intl.PluralRules('en', { type: 'ordinal' })
const SUFFIX: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' }
const ordinal = (value: number): string => `${exactCount(value)}${SUFFIX[ORDINAL.select(value)] ?? 'th'}`

function figureText(value: number | null, unit: Figure['unit']): string {
  if (value === null) return 'NULL'
  if (unit === 'place') return ordinal(value)
  if (unit === 'rows') return exactCount(value)
  if (unit === 'ratio') return decimals(value, 3)
  return `${decimals(value, 1)}${unit === 'points' ? '' : unit === '%' ? '%' : ` ${unit}`}`
}

/** What stands in print are points where percent were meant. */
export const printedText = ({ printed, unit }: Figure): string => figureText(printed, unit === '%' ? 'points' : unit)
export const rightText = ({ right, unit }: Figure): string => figureText(right, unit)

/** A cell as the server wrote it, for reading. */
export function cellText(value: string | null | undefined, kind: ColumnKind): string {
  if (value === null || value === undefined) return '–'
  if (kind === 'text') return value
  if (kind === 'interval') return value.replace(/\.\d+$/, '')
  const number = Number(value)
  if (!Number.isFinite(number)) return value
  if (kind === 'percent') return `${number.toFixed(1)}%`
  if (kind === 'number') return decimals(number, 3)
  return number.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
}

/** The sentence of the page: how the printed forms fare, and how long the corrected ones take. */
export function workloadTitle(lines: QueryLine[]): string {
  const verdicts = lines.map(({ printed }) => verdictOf(printed))
  const ran = verdicts.filter((verdict) => verdict !== null).length
  const bad = verdicts.filter((verdict) => verdict === 'wrong' || verdict === 'fails' || verdict === 'stopped').length
  const times = lines.flatMap(({ corrected }) => corrected?.ms ?? [])
  if (ran === 0 && times.length === 0) return 'The guide’s five queries have not been run here.'
  const printed =
    ran === 0
      ? 'No printed form has been run'
      : bad === 0
        ? `None of the ${numberWord(ran)} printed forms that ran fails or is wrong`
        : `${numberWord(bad, true)} of the guide’s ${numberWord(lines.length)} queries ${bad === 1 ? 'fails or is' : 'fail or are'} wrong as printed`
  if (times.length === 0) return `${printed}.`
  const most = milliseconds(Math.max(...times))
  if (times.length === 1) return `${printed}; corrected, the one that ran takes ${most}.`
  const who = times.length === lines.length ? `all ${numberWord(times.length)} take` : `the ${numberWord(times.length)} that ran take`
  return `${printed}; corrected, ${who} ${most} or less.`
}
