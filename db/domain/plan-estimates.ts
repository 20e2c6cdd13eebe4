import { isInitial, numberIn, type Step } from './plan-steps'
import type { RawNode } from './plan-text'

/** How far the rows of a node are from what the planner expected. */
export type Misestimate = { factor: number; more: boolean } | null

/** From here on an estimate counts as bad: plans go wrong by orders of magnitude, not by halves. */
const ESTIMATE_FACTOR = 10
/** They report no rows, whatever they find (manual, 14.1.2). */
const SILENT = new Set(['BitmapAnd', 'BitmapOr'])
/** They read all that is below before they give a row. */
const BLOCKING = new Set(['Sort', 'Hash'])

type Reader = Step | undefined

/** The misestimates of every node of a plan that ran. */
export function misestimatesOf(top: Step): Map<Step, Misestimate> {
  const found = new Map<Step, Misestimate>()
  const cutScans = new Set<string>()
  visit(top, undefined, false, (step, _, cut) => {
    if (cut && step.raw['CTE Name'] !== undefined) cutScans.add(String(step.raw['CTE Name']))
  })
  visit(top, undefined, false, (step, reader, cut) => {
    const cte = /^CTE (.*)$/s.exec(String(step.raw['Subplan Name'] ?? ''))?.[1]
    found.set(step, misestimate(step, reader, cut || (cte !== undefined && cutScans.has(cte))))
  })
  return found
}

/** Every node, with who reads it, and whether somebody may stop reading it before its end: fewer rows than expected say nothing then. */
function visit(step: Step, reader: Reader, cut: boolean, on: (step: Step, reader: Reader, cut: boolean) => void): void {
  on(step, reader, cut)
  for (const child of [...step.initial, ...step.children]) {
    const goesOn = cut && !isBlocking(step)
    visit(child, step, goesOn || stopsEarly(step, child), on)
  }
}

const isBlocking = ({ raw }: Step): boolean =>
  BLOCKING.has(raw['Node Type']) || (raw['Node Type'] === 'Aggregate' && /^(Hashed|Plain)$/.test(String(raw.Strategy)))

/** Whether a node may have enough before its child has given all. */
function stopsEarly({ raw, children }: Step, child: Step): boolean {
  const [type, isInner] = [raw['Node Type'], child.raw['Parent Relationship'] === 'Inner']
  // EXISTS has enough with one row, ANY and ALL with the row that decides.
  if (child.raw['Parent Relationship'] === 'SubPlan') return true
  if (isInitial(child.raw)) return !String(child.raw['Subplan Name']).startsWith('CTE ')
  if (type === 'Limit' || type === 'Merge Join') return true
  if (type === 'Nested Loop') return isInner && (raw['Inner Unique'] === true || /^(Semi|Anti)$/.test(String(raw['Join Type'])))
  // Where nothing is hashed there is nothing to join.
  const hash = children.find(({ raw: other }) => other['Node Type'] === 'Hash')
  return type === 'Hash Join' && !isInner && hash !== undefined && numberIn(hash.raw, 'Actual Rows') === 0
}

function misestimate({ raw, abreast, expected }: Step, reader: Reader, cut: boolean): Misestimate {
  if (numberIn(raw, 'Actual Loops') === 0 || SILENT.has(raw['Node Type'])) return null
  const [planned, actual] = [numberIn(raw, 'Plan Rows'), Math.max(1, numberIn(raw, 'Actual Rows'))]
  // Rows of a parallel part are of one process; where fewer ran than were planned each has more of them.
  const off = [planned, (planned * expected) / abreast].map((rows) => actual / Math.max(1, rows)) // the planner never expects less than one row
  const least = off.reduce((best, one) => (Math.abs(Math.log(one)) < Math.abs(Math.log(best)) ? one : best))
  const more = least > 1
  const factor = more ? least : 1 / least
  if (factor < ESTIMATE_FACTOR || (!more && cut)) return null
  return isNoCount(raw, reader, more) ? null : { factor, more }
}

/** A merge join goes back to the first of equal rows, and each counts as often as it is read; BRIN tells ten rows a page, whatever is there. */
function isNoCount(raw: RawNode, reader: Reader, more: boolean): boolean {
  const isReread = more && reader?.raw['Node Type'] === 'Merge Join' && raw['Parent Relationship'] === 'Inner'
  const isOfPages = reader !== undefined && numberIn(reader.raw, 'Lossy Heap Blocks') > 0 && numberIn(reader.raw, 'Exact Heap Blocks') === 0
  return isReread || (isOfPages && raw['Node Type'] === 'Bitmap Index Scan')
}
