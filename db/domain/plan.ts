import { z } from 'zod'
import { type Misestimate, misestimatesOf } from './plan-estimates'
import { type Blocks, numberIn, type Step, stepsOf } from './plan-steps'
import { planLines, type RawNode, titleParts } from './plan-text'

export interface PlanNode {
  id: number
  depth: number
  /** What it does and on what: Index Scan using a on b. */
  title: string
  /** The first part of it: Index Scan. */
  type: string
  /** The rest: using a on b; empty where it reads other nodes only. */
  on: string
  /** What the statement calls the relation that it reads; null for none. */
  alias: string | null
  /** CTE c, InitPlan 1, SubPlan 2: what it makes; null for what is read by the node above. */
  subplan: string | null
  /** Filter, Index Cond, Sort Key …: as PostgreSQL prints them. */
  details: string[]
  /** What it gives to the node above. */
  output: string[]
  startupCost: number
  totalCost: number
  /** Cost without that of its children; the planner's unit. */
  selfCost: number
  /** Rows that the planner expects, each time. */
  planRows: number
  /** Bytes of a row. */
  width: number
  /** Blocks of its own; null where they were not counted. */
  blocks: Blocks | null
  /** null where it was not run. */
  actual: {
    /** Rows each time, averaged over loops. */
    rows: number
    loops: number
    /** ms of all loops; beside each other under a Gather they count once. */
    ms: number
    /** ms without its children. */
    selfMs: number
  } | null
  /** Own part of the whole: of the time where it was run, else of the cost; 0 … 1. */
  share: number
  /** How many times more (or fewer) rows came than expected, from ten on; null otherwise. */
  misestimate: Misestimate
  /** What did not fit into work_mem, in words; null for nothing. */
  spill: string | null
}

export interface Plan {
  /** Depth first, as EXPLAIN prints them. */
  nodes: PlanNode[]
  /** The node with the largest share. */
  costliest: number
  /** ms; null where not run or not told. */
  planningMs: number | null
  executionMs: number | null
  /** Settings that differ from their defaults and matter to the planner. */
  settings: Record<string, string>
  /** The plan as text, in PostgreSQL's notation. */
  text: string
}

const whole = z.object({ Plan: z.looseObject({ 'Node Type': z.string() }) }).loose()
const document = z.union([z.array(whole).min(1), whole.transform((one) => [one])])

/** Reads EXPLAIN (FORMAT JSON) of any version. Throws on what is none. */
export function readPlan(json: string): Plan {
  const [whole] = document.parse(JSON.parse(json)) as [Record<string, unknown> & { Plan: RawNode }]
  const top = stepsOf(whole.Plan)
  const misestimates = misestimatesOf(top)
  const nodes: PlanNode[] = []
  const add = (step: Step, depth: number) => {
    nodes.push({ ...nodeOf(step), id: nodes.length, depth, misestimate: misestimates.get(step) ?? null })
    for (const below of inOrder(step)) add(below, depth + 1)
  }
  add(top, 0)
  const sum = nodes.reduce((total, { actual, selfCost }) => total + (actual ? actual.selfMs : selfCost), 0)
  for (const node of nodes) node.share = sum > 0 ? (node.actual?.selfMs ?? node.selfCost) / sum : 0
  const costliest = nodes.reduce((best, node) => (node.share > (nodes[best]?.share ?? 0) ? node.id : best), 0)
  return {
    nodes,
    costliest,
    planningMs: numberOf(whole, 'Planning Time'),
    executionMs: numberOf(whole, 'Execution Time'),
    settings: (whole.Settings as Record<string, string> | undefined) ?? {},
    text: planLines(whole).join('\n'),
  }
}

/** The same of a text that somebody pasted: EXPLAIN's list, or the one plan of auto_explain. Null for anything else. */
export function planFrom(text: string): Plan | null {
  try {
    return readPlan(text)
  } catch {
    return null // JSON.parse throws, and a node may hold what no version writes
  }
}

/** Those below a node as EXPLAIN prints them. */
const inOrder = ({ raw, initial, children }: Step): Step[] =>
  (raw.Plans ?? []).flatMap((plan) => [...initial, ...children].find((step) => step.raw === plan) ?? [])

function nodeOf({ raw, ms, selfMs, self }: Step): Omit<PlanNode, 'id' | 'depth' | 'misestimate'> {
  const { 'Subplan Name': subplan, Plans: _, Output: output, ...alone } = raw
  const [type, on] = titleParts(raw)
  const [title, ...details] = planLines({ Plan: alone as RawNode }, false)
  const [cost, loops] = [numberIn(raw, 'Total Cost'), numberOf(raw, 'Actual Loops')]
  // The planner adds the cost of an InitPlan to the node that it hangs below (manual, 14.1.1).
  const below = (raw.Plans ?? []).reduce((total, plan) => total + numberIn(plan, 'Total Cost'), 0)
  return {
    title: title ?? raw['Node Type'],
    type,
    on: on.trim(),
    alias: typeof raw.Alias === 'string' ? raw.Alias : typeof raw['CTE Name'] === 'string' ? raw['CTE Name'] : null,
    subplan: typeof subplan === 'string' ? subplan : null,
    details: details.map((line) => line.trim()),
    output: Array.isArray(output) ? output.map(String) : [],
    startupCost: numberIn(raw, 'Startup Cost'),
    width: numberIn(raw, 'Plan Width'),
    blocks: raw['Shared Hit Blocks'] === undefined ? null : self,
    totalCost: cost,
    selfCost: Math.max(0, cost - below),
    planRows: numberIn(raw, 'Plan Rows'),
    actual: loops === null ? null : { rows: numberIn(raw, 'Actual Rows'), loops, ms, selfMs },
    share: 0,
    spill: spillOf(raw, self.temp),
  }
}

/** What went to disk (manual, 14.1.2 and 19.4.1): sorts, hash batches, and any other temporary blocks of this node itself. */
function spillOf(raw: RawNode, tempBlocks: number): string | null {
  const workers = (Array.isArray(raw.Workers) ? raw.Workers : []) as Record<string, unknown>[]
  const sorted = [raw, ...workers].filter((part) => part['Sort Space Type'] === 'Disk')
  if (sorted.length > 0) {
    const kB = sorted.reduce((total, part) => total + (numberOf(part, 'Sort Space Used') ?? 0), 0)
    return `${String(sorted[0]?.['Sort Method'])}, ${kB} kB on disk`
  }
  const batches = numberOf(raw, 'Hash Batches') ?? numberOf(raw, 'HashAgg Batches') ?? 1
  if (batches > 1) return `${batches} batches`
  const disk = numberOf(raw, 'Disk Usage')
  if (disk) return `${disk} kB on disk`
  return tempBlocks > 0 ? `${tempBlocks} temporary blocks` : null
}

const numberOf = (of: Record<string, unknown>, key: string): number | null => (typeof of[key] === 'number' ? of[key] : null)
