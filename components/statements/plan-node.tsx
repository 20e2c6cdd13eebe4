'use client'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { Plan, PlanNode } from '@/db/domain/plan'
import { bytes, exactCount, percent } from '../format'
import { IconButton } from '../ui/button'
import { costText, detailOf } from './plan-messages'
import { milliseconds, times } from './query-messages'

interface PlanNodeProps {
  plan: Plan
  node: PlanNode
  blockSize: number
  onSelect: (id: number) => void
}

/** A condition longer than this is folded. */
const LONG = 240

/** All that is known of the selected node. */
export function PlanNodeDetails({ plan, node, blockSize, onSelect }: PlanNodeProps) {
  const { misestimate, actual, spill } = node
  return (
    <section aria-label="Selected node" className="px-5 py-3 max-sm:px-3">
      <div className="flex items-start gap-2">
        <h3 className="min-w-0 text-finding font-semibold [overflow-wrap:anywhere]">
          {node.type} {node.on && <code className="text-cell font-normal text-ink-2">{node.on}</code>}
        </h3>
        <span className="ml-auto flex shrink-0 items-center gap-0.5 text-label whitespace-nowrap text-ink-3">
          {node.id + 1} of {plan.nodes.length}
          <IconButton label="Previous node" disabled={node.id === 0} onClick={() => onSelect(node.id - 1)}>
            <ChevronLeft aria-hidden />
          </IconButton>
          <IconButton label="Next node" disabled={node.id === plan.nodes.length - 1} onClick={() => onSelect(node.id + 1)}>
            <ChevronRight aria-hidden />
          </IconButton>
        </span>
      </div>
      {(misestimate || spill) && (
        <div className="mt-2 rounded-control border border-warn-line bg-warn-soft px-3 py-2 text-cell">
          {misestimate && actual && (
            <p className="font-medium">
              Planned for {exactCount(node.planRows)} rows, returned {exactCount(Math.round(actual.rows))} ({times(misestimate.factor)}{' '}
              {misestimate.more ? 'more' : 'fewer'}).
            </p>
          )}
          {spill && <p className="font-medium">Spills to temporary files: {spill}.</p>}
        </div>
      )}
      <dl className="mt-2 grid grid-cols-2 gap-x-5 text-cell">
        {factsOf(node, blockSize).map(([name, value]) => (
          <div key={name} className="flex justify-between gap-2 border-b border-grid py-1">
            <dt className="text-ink-2">{name}</dt>
            <dd className="text-right font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      <dl className="mt-2 grid gap-1.5 text-cell">
        {node.details.map((line) => {
          const { name, value } = detailOf(line)
          return (
            <div key={line} className="grid grid-cols-[104px_minmax(0,1fr)] gap-2">
              <dt className="text-ink-2 [overflow-wrap:anywhere]">{name}</dt>
              <dd>
                <Folded text={value} />
              </dd>
            </div>
          )
        })}
      </dl>
      {node.output.length > 0 && (
        <details className="mt-2 border-t border-line pt-2 text-cell">
          <summary className="cursor-pointer rounded-[3px]">
            Output <span className="text-ink-3">{node.output.length === 1 ? '1 column' : `${node.output.length} columns`}</span>
          </summary>
          <code className="mt-1 block [overflow-wrap:anywhere] text-ink-2">{node.output.join(', ')}</code>
        </details>
      )}
    </section>
  )
}

function Folded({ text }: { text: string }) {
  if (text.length <= LONG) return <code className="[overflow-wrap:anywhere]">{text}</code>
  return (
    <details>
      <summary className="cursor-pointer rounded-[3px]">
        <code className="[overflow-wrap:anywhere]">{text.slice(0, LONG / 2)} …</code>
      </summary>
      <code className="[overflow-wrap:anywhere]">{text}</code>
    </details>
  )
}

function factsOf(
  { actual, blocks, share, startupCost, totalCost, selfCost, planRows, width }: PlanNode,
  blockSize: number,
): [string, string][] {
  const rows = `${exactCount(planRows)} planned`
  return [
    ...(actual
      ? ([
          ['Self time', `${milliseconds(actual.selfMs)}, ${percent(share)}`],
          ['With children', milliseconds(actual.ms)],
          ['Rows per loop', `${exactCount(Math.round(actual.rows))}, ${rows}`],
          ['Loops', exactCount(actual.loops)],
        ] as [string, string][])
      : ([
          ['Self cost', `${costText(selfCost)}, ${percent(share)}`],
          ['Rows', rows],
        ] as [string, string][])),
    ['Cost', `${costText(startupCost)} .. ${costText(totalCost)}`],
    ['Row width', bytes(width)],
    ...(blocks
      ? ([
          ['Blocks hit', exactCount(blocks.hit)],
          ['Blocks read', blocks.read > 0 ? `${exactCount(blocks.read)}, ${bytes(blocks.read * blockSize)}` : '0'],
        ] as [string, string][])
      : []),
  ]
}
