'use client'
import type { Plan, PlanNode } from '@/db/domain/plan'
import { count, exactCount } from '../format'
import { Badge } from '../ui/badge'
import { classes } from '../ui/class-names'
import { aboutNode, type Measure, ownText, partsOf } from './plan-messages'
import { times } from './query-messages'

interface PlanTableProps {
  plan: Plan
  measure: Measure
  /** tree: as EXPLAIN prints it. heat: what takes the most first. */
  order: 'tree' | 'heat'
  selected: number
  onSelect: (id: number) => void
}

const DEEPEST = 14
const HOT = 0.25
const WARM = 0.1
const WIDE = 'max-sm:hidden'

/** A line a node; the tree's order, or the hottest first. */
export function PlanTable({ plan, measure, order, selected, onSelect }: PlanTableProps) {
  const parts = partsOf(plan, measure)
  const nodes = order === 'tree' ? plan.nodes : [...plan.nodes].sort((a, b) => (parts[b.id] ?? 0) - (parts[a.id] ?? 0))
  const ran = plan.nodes[0]?.actual !== null
  const counted = plan.nodes.some(({ blocks }) => blocks !== null)
  const heading = measure === 'blocks' ? 'Blocks' : measure === 'self' && ran ? 'Self time' : 'Self cost'
  return (
    <table aria-label="Plan" className="[--indent:13px] max-sm:[--indent:6px] w-full table-fixed border-collapse text-cell">
      <thead>
        <tr className="h-8 border-b border-line text-left text-label text-ink-2 [&>th]:font-medium">
          <th className="pl-5 max-sm:pl-3">Node</th>
          <th className="w-[136px] max-sm:w-[108px]">{heading}</th>
          <th className={classes('w-[128px] text-right', WIDE)}>{ran ? 'Rows → actual' : 'Rows planned'}</th>
          {ran && <th className={classes('w-[58px] text-right', WIDE)}>Off by</th>}
          {ran && <th className={classes('w-[60px] text-right', WIDE)}>Loops</th>}
          {counted && <th className={classes('w-[60px] text-right', WIDE)}>Hit</th>}
          {counted && <th className={classes('w-[60px] text-right', WIDE)}>Read</th>}
          <td className="w-4" />
        </tr>
      </thead>
      <tbody>
        {nodes.map((node) => (
          <tr
            key={node.id}
            aria-selected={node.id === selected}
            onClick={() => onSelect(node.id)}
            className="h-7 cursor-pointer border-b border-grid hover:bg-hover aria-selected:bg-accent-soft"
          >
            <td
              className="relative overflow-hidden pr-3 pl-5 max-sm:pl-3"
              style={order === 'tree' ? { paddingLeft: `calc(20px + ${levelOf(node)} * var(--indent))` } : undefined}
            >
              {order === 'tree' && <Guides depth={node.depth} />}
              {node.id === selected && <i aria-hidden className="absolute inset-y-0 left-0 w-[3px] bg-accent" />}
              <NodeName node={node} selected={node.id === selected} />
            </td>
            <td>
              <span className="flex items-center gap-2">
                <span aria-hidden className="h-[6px] w-12 shrink-0 overflow-hidden rounded-[2px] bg-sunken max-sm:w-8">
                  <span
                    className={classes('block h-full', toneOf(parts[node.id] ?? 0))}
                    style={{ width: `${(parts[node.id] ?? 0) * 100}%` }}
                  />
                </span>
                <span className="flex-1 text-right">{ownText(node, measure)}</span>
              </span>
            </td>
            <td className={classes('text-right', WIDE)}>
              <Rows node={node} />
            </td>
            {ran && (
              <td className={classes('text-right', WIDE, node.misestimate ? 'font-medium text-warn' : 'text-ink-3')}>
                {node.misestimate ? `${times(node.misestimate.factor)} ${node.misestimate.more ? '↑' : '↓'}` : '–'}
              </td>
            )}
            {ran && <td className={classes('text-right text-ink-2', WIDE)}>{count(node.actual?.loops ?? 0)}</td>}
            {counted && <td className={classes('text-right text-ink-2', WIDE)}>{node.blocks?.hit ? count(node.blocks.hit) : '–'}</td>}
            {counted && (
              <td className={classes('text-right', WIDE, node.blocks?.read ? 'font-medium text-warn' : 'text-ink-2')}>
                {node.blocks?.read ? count(node.blocks.read) : '–'}
              </td>
            )}
            <td />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const levelOf = ({ depth }: PlanNode) => Math.min(depth, DEEPEST)
const toneOf = (part: number) => (part >= HOT ? 'bg-bad-fill' : part >= WARM ? 'bg-warn-fill' : 'bg-live-2')

function Guides({ depth }: { depth: number }) {
  return Array.from({ length: Math.min(depth, DEEPEST) }, (_, level) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a guide is its level
    <i key={level} aria-hidden className="absolute inset-y-0 w-px bg-grid" style={{ left: `calc(24px + ${level} * var(--indent))` }} />
  ))
}

function NodeName({ node, selected }: { node: PlanNode; selected: boolean }) {
  const { type, subplan, spill, actual } = node
  const about = aboutNode(node)
  return (
    <span className="flex min-w-0 items-center gap-2">
      <button type="button" aria-pressed={selected} className="min-w-0 truncate rounded-[3px] text-left -outline-offset-2">
        {subplan && <span className="text-ink-3">{subplan}: </span>}
        <span className="font-medium">{type}</span>
        {about && <code className="ml-2 text-[11.5px] text-ink-2">{about}</code>}
      </button>
      {spill && (
        <Badge tone="warn" className="shrink-0">
          spills {spill}
        </Badge>
      )}
      {actual?.loops === 0 && <Badge className="shrink-0">never executed</Badge>}
    </span>
  )
}

function Rows({ node: { planRows, actual } }: { node: PlanNode }) {
  if (!actual || actual.loops === 0) return <span className="text-ink-2">{count(planRows)}</span>
  return (
    <span title={`${exactCount(planRows)} rows planned, ${exactCount(actual.rows)} actual, per loop`}>
      <span className="text-ink-3">{count(planRows)} → </span>
      {count(Math.round(actual.rows))}
    </span>
  )
}
