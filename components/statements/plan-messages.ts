import type { Plan, PlanNode } from '@/db/domain/plan'
import { count, exactCount, percent } from '../format'
import { milliseconds, times } from './query-messages'

/** What a node's bar stands for. */
export type Measure = 'self' | 'cost' | 'blocks'

/** A cost in the planner's unit: 8.29, 16,904. */
export const costText = (value: number): string => (value < 1000 ? value.toFixed(2) : count(Math.round(value)))

/** What a node took by itself, in the unit of the measure. */
export function ownOf(node: PlanNode, measure: Measure): number {
  if (measure === 'blocks') return node.blocks ? node.blocks.hit + node.blocks.read : 0
  return measure === 'self' && node.actual ? node.actual.selfMs : node.selfCost
}

export const ownText = (node: PlanNode, measure: Measure): string =>
  measure === 'blocks'
    ? exactCount(ownOf(node, measure))
    : measure === 'self' && node.actual
      ? milliseconds(node.actual.selfMs)
      : costText(node.selfCost)

/** How much of all nodes is this one, 0 … 1. */
export function partsOf(plan: Plan, measure: Measure): number[] {
  const own = plan.nodes.map((node) => ownOf(node, measure))
  const all = own.reduce((sum, value) => sum + value, 0)
  return own.map((value) => (all > 0 ? value / all : 0))
}

/** Half of 1.91 s is a Bitmap Heap Scan on orders. */
export function planTitle(plan: Plan): string {
  const node = plan.nodes[plan.costliest]
  if (!node) return 'The plan has no nodes.'
  const whole = plan.executionMs === null ? 'the cost' : milliseconds(plan.nodes[0]?.actual?.ms ?? plan.executionMs)
  return `${percent(node.share)} of ${whole} is ${/^[AEIOU]/.test(node.type) ? 'an' : 'a'} ${node.type}${node.on ? ` ${node.on}` : ''}.`
}

/** What stands out, in sentences. */
export function planEvidence({ nodes, executionMs, planningMs }: Plan): string {
  const off = worst(nodes)
  const spilling = nodes.filter(({ spill }) => spill !== null)
  return [
    executionMs === null
      ? 'Planned, not run: costs are the planner’s estimates.'
      : `Executed in ${milliseconds(executionMs)}, planned in ${milliseconds(planningMs)}.`,
    off?.misestimate && off.actual
      ? `${off.type} was planned for ${exactCount(off.planRows)} rows and returned ${exactCount(Math.round(off.actual.rows))}.`
      : '',
    ...spilling.slice(0, 1).map(({ type, spill }) => `${type} spills: ${spill}.`),
  ]
    .filter(Boolean)
    .join(' ')
}

/** The node whose estimate is farthest off; undefined where none is ten times off. */
export const worst = (nodes: PlanNode[]): PlanNode | undefined =>
  nodes.filter(({ misestimate }) => misestimate).sort((a, b) => (b.misestimate?.factor ?? 0) - (a.misestimate?.factor ?? 0))[0]

export interface HotNode {
  node: PlanNode
  tone: 'bad' | 'warn'
  says: string
}

/** From here on a node is worth a mark of its own. */
const HOT = 0.1
const HOTTEST = 3

/** The nodes that take the most, then the spills and the worst estimate that are not among them. */
export function hottest(plan: Plan): HotNode[] {
  const hot = [...plan.nodes]
    .sort((a, b) => b.share - a.share)
    .filter(({ share }) => share >= HOT)
    .slice(0, plan.nodes.length > 1 ? HOTTEST : 0)
    .map((node, at): HotNode => ({ node, tone: at === 0 ? 'bad' : 'warn', says: percent(node.share) }))
  const spills = plan.nodes.filter(({ spill }) => spill).map((node): HotNode => ({ node, tone: 'bad', says: `spills ${node.spill}` }))
  const off = worst(plan.nodes)
  return [
    ...hot,
    ...spills,
    ...(off?.misestimate ? [{ node: off, tone: 'warn' as const, says: `${times(off.misestimate.factor)} row estimate` }] : []),
  ]
}

/** Name and value of a line such as `Filter: (a > 5)`. */
export function detailOf(line: string): { name: string; value: string } {
  const at = line.indexOf(': ')
  return at < 0 ? { name: '', value: line } : { name: line.slice(0, at), value: line.slice(at + 2) }
}

const KEYS = ['Hash Cond', 'Merge Cond', 'Join Filter', 'Sort Key', 'Group Key', 'Cache Key', 'Recheck Cond', 'Index Cond']

/** What a row tells of a node beside its type: the object that it reads, else its condition or key. */
export function aboutNode({ on, details }: PlanNode): string {
  if (on) return on.replace(/^on /, '')
  const known = details.map(detailOf)
  return KEYS.flatMap((key) => known.find(({ name }) => name === key)?.value ?? [])[0] ?? ''
}
