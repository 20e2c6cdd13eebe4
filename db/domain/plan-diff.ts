import type { Plan, PlanNode } from './plan'

/** A line of two plans beside each other; null where one of them has no such node. */
export interface DiffLine {
  before: PlanNode | null
  after: PlanNode | null
  /** Own part of the later one less that of the earlier: ms where both ran, else cost. */
  added: number
}

export interface PlanDiff {
  lines: DiffLine[]
  /** Whether both ran: what is compared is time, else the planner's cost. */
  measured: boolean
  /** Nodes that only one of them has. */
  changed: number
}

const own = (node: PlanNode | null, measured: boolean): number => (measured ? (node?.actual?.selfMs ?? 0) : (node?.selfCost ?? 0))
const signOf = ({ type, on, subplan }: PlanNode): string => [subplan ?? '', type, on].join('|')
/** Above this two plans are laid beside each other line by line: the table of the search would be too large. */
const MOST_CELLS = 4_000_000

/**
 * Two plans with the same nodes beside each other: the longest common sequence of their lines, by type, object and index. Both as EXPLAIN prints
 * them, depth first.
 */
export function diffPlans(before: Plan, after: Plan): PlanDiff {
  const measured = before.nodes[0]?.actual != null && after.nodes[0]?.actual != null
  const pairs = pairsOf(before.nodes, after.nodes)
  const line = (one: PlanNode | null, other: PlanNode | null): DiffLine => ({
    before: one,
    after: other,
    added: own(other, measured) - own(one, measured),
  })
  const lines: DiffLine[] = []
  let [left, right] = [0, 0]
  for (const [toLeft, toRight] of [...pairs, [before.nodes.length, after.nodes.length] as const]) {
    while (left < toLeft || right < toRight) {
      const one = left < toLeft ? (before.nodes[left++] ?? null) : null
      const other = right < toRight ? (after.nodes[right++] ?? null) : null
      lines.push(line(one, other))
    }
    if (left < before.nodes.length) lines.push(line(before.nodes[left++] ?? null, after.nodes[right++] ?? null))
  }
  const changed = lines.filter(({ before: one, after: other }) => !one || !other || signOf(one) !== signOf(other)).length
  return { lines, measured, changed }
}

/** Indexes of nodes that are the same in both, in their order. */
function pairsOf(before: PlanNode[], after: PlanNode[]): (readonly [number, number])[] {
  const [rows, columns] = [before.length, after.length]
  if (rows * columns > MOST_CELLS) return []
  const [one, other] = [before.map(signOf), after.map(signOf)]
  const longest = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1))
  const at = (row: number, column: number) => longest[row]?.[column] ?? 0
  for (let row = rows - 1; row >= 0; row--)
    for (let column = columns - 1; column >= 0; column--)
      (longest[row] as Uint32Array)[column] =
        one[row] === other[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
  const pairs: (readonly [number, number])[] = []
  let [row, column] = [0, 0]
  while (row < rows && column < columns) {
    if (one[row] === other[column]) pairs.push([row++, column++])
    else if (at(row + 1, column) >= at(row, column + 1)) row++
    else column++
  }
  return pairs
}
