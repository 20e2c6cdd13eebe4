/** A node of EXPLAIN (FORMAT JSON); further keys by node type and version. */
export type RawNode = { 'Node Type': string; Plans?: RawNode[] } & Record<string, unknown>

/** Keys that the title, the numbers or the tree already say, or that only machines want. */
const SAID = new Set(
  `Node Type,Plans,Parent Relationship,Parallel Aware,Async Capable,Join Type,Strategy,Partial Mode,Operation,Command,Relation Name,Schema,Alias,
  Index Name,CTE Name,Function Name,Tuplestore Name,Table Function Name,Subplan Name,Scan Direction,Startup Cost,Total Cost,Plan Rows,Plan Width,
  Actual Startup Time,Actual Total Time,Actual Rows,Actual Loops,Sort Method,Sort Space Used,Sort Space Type,Hash Buckets,Original Hash Buckets,
  Hash Batches,Original Hash Batches,Peak Memory Usage,HashAgg Batches,Disk Usage,Workers,Single Copy,Inner Unique,Disabled,Planned Partitions,
  JIT,Cache Key,Cache Mode,Cache Hits,Cache Misses,Cache Evictions,Cache Overflows`
    .split(',')
    .map((key) => key.trim()),
)
const BUFFERS = ['Shared', 'Local', 'Temp'] as const
const BLOCKS = ['Hit', 'Read', 'Dirtied', 'Written'] as const

/** The plan in PostgreSQL's own text notation, from its JSON: one line a node, what belongs to it indented below. */
export function planLines(whole: { Plan: RawNode } & Record<string, unknown>, numbers = true): string[] {
  const lines = nodeLines(whole.Plan, 0, numbers)
  const settings = Object.entries((whole.Settings as Record<string, string> | undefined) ?? {})
  if (settings.length > 0) lines.push(`Settings: ${settings.map(([name, value]) => `${name} = '${value}'`).join(', ')}`)
  for (const key of ['Planning Time', 'Execution Time'])
    if (typeof whole[key] === 'number') lines.push(`${key}: ${whole[key].toFixed(3)} ms`)
  return lines
}

function nodeLines(node: RawNode, level: number, numbers: boolean): string[] {
  const indent = level === 0 ? '' : '  '.repeat(level * 3 - 2)
  const arrow = level === 0 ? '' : '->  '
  const inner = `${indent}${level === 0 ? '  ' : '      '}`
  const name = node['Subplan Name']
  return [
    ...(name ? [`${indent}${String(name)}`] : []),
    `${indent}${name ? '  ' : ''}${arrow}${titleOf(node)}${numbers ? numbersOf(node) : ''}`,
    ...detailsOf(node).map((line) => inner + line),
    ...(node.Plans ?? []).flatMap((child) => nodeLines(child, level + 1, numbers)),
  ]
}

/** Index Scan using index on schema.table alias; HashAggregate; Hash Left Join. */
const titleOf = (node: RawNode): string => titleParts(node).join('')

/** What a node does, and on what: Index Scan, ` using index on schema.table alias`. */
export function titleParts(node: RawNode): [what: string, on: string] {
  const word = (key: string) => (typeof node[key] === 'string' ? (node[key] as string) : undefined)
  let title = node['Node Type']
  const strategy = word('Strategy')
  if (title === 'Aggregate')
    title = { Hashed: 'HashAggregate', Sorted: 'GroupAggregate', Mixed: 'MixedAggregate' }[strategy ?? ''] ?? 'Aggregate'
  if (title === 'SetOp' && strategy === 'Hashed') title = 'HashSetOp'
  if (title === 'ModifyTable') title = word('Operation') ?? title
  const mode = word('Partial Mode')
  if (mode && mode !== 'Simple') title = `${mode} ${title}`
  const join = word('Join Type')
  if (join && join !== 'Inner') title = title === 'Nested Loop' ? `Nested Loop ${join} Join` : title.replace(/ Join$/, ` ${join} Join`)
  if (node['Parallel Aware'] === true) title = `Parallel ${title}`
  if (word('Scan Direction') === 'Backward') title += ' Backward'
  const what = title
  title = ''
  const index = word('Index Name')
  const isBitmap = node['Node Type'] === 'Bitmap Index Scan'
  if (index) title += isBitmap ? ` on ${index}` : ` using ${index}`
  const relation =
    word('Relation Name') ?? word('CTE Name') ?? word('Function Name') ?? word('Tuplestore Name') ?? word('Table Function Name')
  const alias = word('Alias')
  if (relation && !isBitmap) {
    const schema = word('Schema')
    title += ` on ${schema ? `${schema}.` : ''}${relation}${alias && alias !== relation ? ` ${alias}` : ''}`
  } else if (alias && !index) title += ` on ${alias}`
  return [what, title]
}

function numbersOf(node: RawNode): string {
  const fixed = (key: string, digits: number) => Number(node[key] ?? 0).toFixed(digits)
  const cost = `  (cost=${fixed('Startup Cost', 2)}..${fixed('Total Cost', 2)} rows=${fixed('Plan Rows', 0)} width=${fixed('Plan Width', 0)})`
  if (node['Actual Loops'] === undefined) return cost
  if (node['Actual Loops'] === 0) return `${cost} (never executed)`
  const rows = String(node['Actual Rows'])
  const time = node['Actual Total Time'] === undefined ? '' : `time=${fixed('Actual Startup Time', 3)}..${fixed('Actual Total Time', 3)} `
  return `${cost} (actual ${time}rows=${rows} loops=${node['Actual Loops']})`
}

function detailsOf(node: RawNode): string[] {
  const lines: string[] = []
  for (const [key, value] of Object.entries(node)) {
    if (SAID.has(key) || key.endsWith(' Blocks') || /I\/O (Read|Write) Time$/.test(key)) continue
    if (key.startsWith('Rows Removed by') && value === 0) continue
    if (Array.isArray(value)) {
      if (value.length > 0 && value.every((item) => typeof item !== 'object')) lines.push(`${key}: ${value.join(', ')}`)
    } else if (typeof value !== 'object') lines.push(`${key}: ${String(value)}`)
  }
  if (node['Sort Method']) lines.push(`Sort Method: ${node['Sort Method']}  ${node['Sort Space Type']}: ${node['Sort Space Used']}kB`)
  if (node['Hash Buckets'])
    lines.push(`Buckets: ${node['Hash Buckets']}  Batches: ${node['Hash Batches']}  Memory Usage: ${node['Peak Memory Usage']}kB`)
  if (node['HashAgg Batches']) {
    const disk = node['Disk Usage'] ? `  Disk Usage: ${node['Disk Usage']}kB` : ''
    lines.push(`Batches: ${node['HashAgg Batches']}  Memory Usage: ${node['Peak Memory Usage']}kB${disk}`)
  }
  if (node['Cache Key']) {
    lines.push(`Cache Key: ${node['Cache Key']}`)
    if (node['Cache Hits'] !== undefined)
      lines.push(`Hits: ${node['Cache Hits']}  Misses: ${node['Cache Misses']}  Evictions: ${node['Cache Evictions']}`)
  }
  const buffers = BUFFERS.flatMap((pool) => {
    const counts = BLOCKS.flatMap((what) =>
      node[`${pool} ${what} Blocks`] ? [`${what.toLowerCase()}=${node[`${pool} ${what} Blocks`]}`] : [],
    )
    return counts.length > 0 ? [`${pool.toLowerCase()} ${counts.join(' ')}`] : []
  })
  if (buffers.length > 0) lines.push(`Buffers: ${buffers.join(', ')}`)
  return lines
}
