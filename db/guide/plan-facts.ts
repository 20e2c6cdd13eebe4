/** What stands in a plan that ran, for a line below it. */
export interface PlanFacts {
  /** Names of the indexes that were read, as EXPLAIN says them. */
  indexes: string[]
  /** Memory of sorts, hashes and aggregates, kB; each at its peak, which need not be at one time. */
  memoryKb: number
  memoryNodes: number
  /** Nodes that wrote temporary files. */
  spills: number
  /** The largest ratio of rows planned and rows that came, of any node that was run to its end; null where none was. */
  worst: { factor: number; node: string } | null
}

type Raw = Record<string, unknown> & { Plans?: Raw[] }

const numberIn = (node: Raw, key: string): number => (typeof node[key] === 'number' ? node[key] : 0)

/** Reads EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON). A node below a Limit may have been stopped early: it counts as long as it gave more than planned. */
export function planFacts(json: string): PlanFacts {
  const [whole] = JSON.parse(json) as { Plan: Raw }[]
  const facts: PlanFacts = { indexes: [], memoryKb: 0, memoryNodes: 0, spills: 0, worst: null }
  const indexes = new Set<string>()
  const walk = (node: Raw, stopped: boolean) => {
    const loops = numberIn(node, 'Actual Loops')
    if (typeof node['Index Name'] === 'string' && loops > 0) indexes.add(node['Index Name'])
    const memory = node['Sort Space Type'] === 'Memory' ? numberIn(node, 'Sort Space Used') : numberIn(node, 'Peak Memory Usage')
    if (memory > 0) {
      facts.memoryKb += memory
      facts.memoryNodes += 1
    }
    const isDisk = node['Sort Space Type'] === 'Disk' || numberIn(node, 'Disk Usage') > 0
    if (isDisk || numberIn(node, 'Hash Batches') > 1) facts.spills += 1
    const [planned, actual] = [Math.max(1, numberIn(node, 'Plan Rows')), Math.max(1, numberIn(node, 'Actual Rows'))]
    const factor = Math.max(actual / planned, stopped ? 1 : planned / actual)
    if (loops > 0 && factor > (facts.worst?.factor ?? 0)) facts.worst = { factor, node: String(node['Node Type']) }
    const stops = stopped || node['Node Type'] === 'Limit'
    for (const below of node.Plans ?? []) walk(below, stops)
  }
  if (whole) walk(whole.Plan, false)
  return { ...facts, indexes: [...indexes].sort() }
}
