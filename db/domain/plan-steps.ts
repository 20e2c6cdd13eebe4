import type { RawNode } from './plan-text'

/** A node of a plan that ran, with what it took by itself. */
export interface Step {
  raw: RawNode
  /** ms of all loops, with everything below; beside each other under a Gather they count once. */
  ms: number
  selfMs: number
  /** Blocks that it touched by itself. */
  self: Blocks
  /** How many processes ran it beside each other. */
  abreast: number
  /** How many the planner divided its rows by. */
  expected: number
  /** What it reads from, and what its expressions call for each row. */
  children: Step[]
  /** InitPlans and CTEs: they hang here, and run where they are first asked for. */
  initial: Step[]
}

/** Shared and local blocks that were found in memory and those that were read; temporary ones read and written. */
export interface Blocks {
  hit: number
  read: number
  temp: number
}

export const numberIn = (raw: RawNode, key: string): number => (typeof raw[key] === 'number' ? raw[key] : 0)
export const isInitial = (raw: RawNode): boolean => raw['Parent Relationship'] === 'InitPlan'

const timeOf = (raw: RawNode): number => numberIn(raw, 'Actual Total Time') * numberIn(raw, 'Actual Loops')
const blocksOf = (raw: RawNode): Blocks => ({
  hit: numberIn(raw, 'Shared Hit Blocks') + numberIn(raw, 'Local Hit Blocks'),
  read: numberIn(raw, 'Shared Read Blocks') + numberIn(raw, 'Local Read Blocks'),
  temp: numberIn(raw, 'Temp Read Blocks') + numberIn(raw, 'Temp Written Blocks'),
})
const KINDS = ['hit', 'read', 'temp'] as const

function ownBlocks(raw: RawNode, below: RawNode[]): Blocks {
  const own = blocksOf(raw)
  for (const kind of KINDS)
    own[kind] = Math.max(
      0,
      below.reduce((left, plan) => left - blocksOf(plan)[kind], own[kind]),
    )
  return own
}

/**
 * What each node of a plan took by itself; the sum is what the topmost took. A node's time holds that of its children, and that of an InitPlan
 * or a CTE is held by whoever asked for its rows, not by the node that it hangs below (manual, 14.1.2).
 */
export function stepsOf(plan: RawNode): Step {
  const top = stepOf(plan, { abreast: 1, expected: 1, scale: 1 })
  for (const step of stepsIn(top)) for (const initial of step.initial) takeOut(step, initial)
  return top
}

export const stepsIn = (step: Step): Step[] => [step, ...[...step.initial, ...step.children].flatMap(stepsIn)]

/** Where a node stands: see Step; scale: what its times are multiplied by. */
interface Place {
  abreast: number
  expected: number
  scale: number
}

function stepOf(raw: RawNode, { abreast, expected, scale }: Place): Step {
  const plans = raw.Plans ?? []
  const read = plans.filter((plan) => !isInitial(plan))
  const ms = (timeOf(raw) / abreast) * scale
  const below = abreast * processesOf(raw, read)
  const sum = (read.reduce((total, plan) => total + timeOf(plan), 0) / below) * scale
  // Times are rounded to a thousandth of a millisecond a loop: many loops add up to more than the node above took.
  const fitting = sum > ms ? scale * (ms / sum) : scale
  const children = read.map((plan) => stepOf(plan, { abreast: below, expected: expected * divisorOf(raw), scale: fitting }))
  const initial = plans.filter(isInitial).map((plan) => stepOf(plan, { abreast, expected, scale }))
  const selfMs = Math.max(0, ms - children.reduce((total, child) => total + child.ms, 0))
  return { raw, ms, selfMs, self: ownBlocks(raw, read), abreast, expected, children, initial }
}

/** What the planner takes a Gather's workers for: the leader has the less time for it the more there are (costsize.c, get_parallel_divisor). */
function divisorOf(raw: RawNode): number {
  const workers = numberIn(raw, 'Workers Planned')
  return raw['Workers Planned'] === undefined ? 1 : workers + Math.max(0, 1 - 0.3 * workers)
}

/** Under a Gather, those that really ran: workers may not have started, and the leader may not take part. Each ran it once. */
function processesOf(raw: RawNode, children: RawNode[]): number {
  const loops = numberIn(raw, 'Actual Loops')
  if (raw['Workers Launched'] === undefined || loops === 0) return 1
  return Math.max(1, ...children.map((child) => numberIn(child, 'Actual Loops') / loops))
}

/** Takes an InitPlan's or a CTE's time and blocks out of those that asked for it: the first that can hold all of it, else one after the other. */
function takeOut(at: Step, initial: Step): void {
  const askers = askersOf(at, initial)
  const whole = askers.find(({ selfMs }) => selfMs >= initial.ms)
  let ms = initial.ms
  const left = blocksOf(initial.raw)
  for (const asker of whole ? [whole] : askers) {
    const part = Math.min(ms, asker.selfMs)
    asker.selfMs -= part
    ms -= part
    for (const kind of KINDS) {
      const blocks = Math.min(left[kind], asker.self[kind])
      asker.self[kind] -= blocks
      left[kind] -= blocks
    }
  }
}

/**
 * Who may have asked for it, the likeliest first: scans of the CTE; else a Gather, which evaluates it for its workers, above the nodes that name
 * its result; the lowest of those; the others, and what is above them.
 */
function askersOf(at: Step, initial: Step): Step[] {
  const around = [at, ...at.initial.filter((other) => other !== initial).flatMap(stepsIn), ...at.children.flatMap(stepsIn)]
  const name = String(initial.raw['Subplan Name'] ?? '')
  if (name.startsWith('CTE ')) return around.filter(({ raw }) => raw['CTE Name'] === name.slice('CTE '.length))
  const names = resultsOf(name)
  const naming = new Set(around.filter(({ raw }) => mentions(raw, names)))
  const above = around.filter(({ children }) => children.flatMap(stepsIn).some((below) => naming.has(below)))
  const gathering = above.filter(({ raw }) => raw['Workers Planned'] !== undefined)
  const lowest = [...naming].filter((step) => !above.includes(step))
  return [...new Set([...gathering, ...lowest, ...naming, ...above.reverse(), at])]
}

/** What its result is called: $0 of "InitPlan 1 (returns $0)", to 16; (InitPlan 1).col1 since. */
function resultsOf(name: string): RegExp {
  const returned = /\(returns (.*)\)/.exec(name)?.[1]?.split(',')
  return returned ? new RegExp(returned.map((result) => `\\${result}(?!\\d)`).join('|')) : new RegExp(`\\(${name}\\)`)
}

const mentions = (raw: RawNode, results: RegExp): boolean =>
  Object.entries(raw).some(
    ([key, value]) => !/^(Plans|Subplan Name)$/.test(key) && [value].flat().some((text) => typeof text === 'string' && results.test(text)),
  )
