import { z } from 'zod'
import { planLines, type RawNode } from './plan-text'

export interface PlanNode {
  id: number
  depth: number
  /** What it does and on what: Index Scan using a on b. */
  title: string
  /** Filter, Index Cond, Sort Key …: as PostgreSQL prints them. */
  details: string[]
  totalCost: number
  /** Cost without that of its children; the planner's unit. */
  selfCost: number
  /** Rows that the planner expects, each time. */
  planRows: number
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
  /** How many times more (or fewer) rows came than expected, from ESTIMATE_FACTOR on; null otherwise. */
  misestimate: { factor: number; more: boolean } | null
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

/** From here on an estimate counts as bad: plans go wrong by orders of magnitude, not by halves. */
const ESTIMATE_FACTOR = 10

const document = z.array(z.object({ Plan: z.looseObject({ 'Node Type': z.string() }) }).loose()).min(1)

/** Reads EXPLAIN (FORMAT JSON) of any version. Throws on what is none. */
export function readPlan(json: string): Plan {
  const [whole] = document.parse(JSON.parse(json)) as [Record<string, unknown> & { Plan: RawNode }]
  const nodes: PlanNode[] = []
  visit(whole.Plan, { depth: 0, abreast: 1, cutShort: false }, nodes)
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

interface Place {
  depth: number
  /** How many processes run it beside each other. */
  abreast: number
  /** A node above may stop before all rows have come: fewer than expected say nothing. */
  cutShort: boolean
}

/** Adds a node and those below it; returns its cost and time with everything below. */
function visit(raw: RawNode, place: Place, nodes: PlanNode[]): { cost: number; ms: number; tempBlocks: number } {
  const children = raw.Plans ?? []
  const [cost, planRows] = [numberOf(raw, 'Total Cost') ?? 0, numberOf(raw, 'Plan Rows') ?? 0]
  const loops = numberOf(raw, 'Actual Loops')
  const rows = numberOf(raw, 'Actual Rows') ?? 0
  const ms = ((numberOf(raw, 'Actual Total Time') ?? 0) * (loops ?? 0)) / place.abreast
  const tempBlocks = (numberOf(raw, 'Temp Read Blocks') ?? 0) + (numberOf(raw, 'Temp Written Blocks') ?? 0)
  const [title, ...details] = planLines({ Plan: { ...raw, Plans: [] } }, false)
  const node: PlanNode = {
    id: nodes.length,
    depth: place.depth,
    title: title ?? raw['Node Type'],
    details: details.map((line) => line.trim()),
    totalCost: cost,
    selfCost: cost,
    planRows,
    actual: loops === null ? null : { rows, loops, ms, selfMs: ms },
    share: 0,
    misestimate: loops ? misestimate(planRows, rows, place.cutShort) : null,
    spill: null,
  }
  nodes.push(node)
  const launched = numberOf(raw, 'Workers Launched')
  const below = children.map((child) =>
    visit(
      child,
      {
        depth: place.depth + 1,
        abreast: launched === null ? place.abreast : launched + 1,
        cutShort: place.cutShort || raw['Node Type'] === 'Limit' || raw['Join Type'] === 'Semi' || raw['Join Type'] === 'Anti',
      },
      nodes,
    ),
  )
  const sum = (part: 'cost' | 'ms' | 'tempBlocks') => below.reduce((total, child) => total + child[part], 0)
  node.selfCost = Math.max(0, cost - sum('cost'))
  if (node.actual) node.actual.selfMs = Math.max(0, ms - sum('ms'))
  node.spill = spillOf(raw, tempBlocks - sum('tempBlocks'))
  return { cost, ms, tempBlocks }
}

function misestimate(planned: number, actual: number, cutShort: boolean): PlanNode['misestimate'] {
  const [one, other] = [Math.max(1, planned), Math.max(1, actual)] // the planner never expects less than one row
  const more = other > one
  const factor = more ? other / one : one / other
  return factor < ESTIMATE_FACTOR || (!more && cutShort) ? null : { factor, more }
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
