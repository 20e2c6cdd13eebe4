import { count, exactCount } from '../format'
import { milliseconds, times } from '../statements/query-messages'
import { TextButton } from '../ui/button'
import { Card, CardHeader } from '../ui/card'
import { EmptyState } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'
import type { ChosenQuery } from './workload-model'

/** As many nodes as a card holds; the sheet has all. */
const SHOWN = 12

/** The plan of the last run in short; all of it opens over the page. */
export function WorkloadPlanCard({ chosen: { explained, facts, corrected }, onOpen }: { chosen: ChosenQuery; onOpen: () => void }) {
  if (!explained || !facts || !corrected)
    return (
      <Card label="Plan">
        <CardHeader title="Plan" />
        <EmptyState title="Not run yet" />
      </Card>
    )
  const { hit, read, executionMs, planningMs } = corrected.outcome
  const blocks = (hit ?? 0) + (read ?? 0)
  const { nodes } = explained.plan
  const most = Math.max(...nodes.map(({ share }) => share))
  return (
    <Card label="Plan">
      <CardHeader
        title="Plan"
        sub={`${exactCount(blocks)} blocks, ${read ? `${exactCount(read)} read into shared buffers` : 'all from shared buffers'}`}
      >
        <TextButton onClick={onOpen}>Open plan</TextButton>
      </CardHeader>
      <ScrollRegion label="Nodes of the plan" className="mt-1.5 -outline-offset-2">
        <table className="w-full border-collapse text-cell">
          <thead>
            <tr className="border-b border-line text-left text-label text-ink-3 [&>th]:px-2 [&>th]:py-1.5 [&>th]:font-medium [&>th:first-child]:pl-4 [&>th:last-child]:pr-4">
              <th>Node</th>
              <th className="text-right">Rows</th>
              <th className="text-right">ms</th>
              <th className="w-20">Own time</th>
            </tr>
          </thead>
          <tbody>
            {nodes.slice(0, SHOWN).map((node) => (
              <tr key={node.id} className="h-[27px] border-b border-grid last:border-b-0">
                <td
                  className="max-w-[380px] truncate pr-2"
                  style={{ paddingLeft: `${16 + Math.min(node.depth, 10) * 10}px` }}
                  title={node.title}
                >
                  {node.subplan && <span className="text-ink-3">{node.subplan}: </span>}
                  <span className="font-medium">{node.type}</span> <code className="text-[11.5px] text-ink-3">{node.on}</code>
                </td>
                <td className="px-2 text-right">{node.actual ? count(Math.round(node.actual.rows)) : '–'}</td>
                <td className="px-2 text-right">{node.actual ? node.actual.ms.toFixed(1) : '–'}</td>
                <td className="pr-4 pl-2">
                  <span aria-hidden className="block h-[6px] overflow-hidden rounded-[2px] bg-sunken">
                    <i className="block h-full bg-live" style={{ width: `${most > 0 ? (node.share / most) * 100 : 0}%` }} />
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {nodes.length > SHOWN && (
        <p className="border-t border-grid px-4 py-1.5 text-label text-ink-3">{nodes.length - SHOWN} more nodes in the plan</p>
      )}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 border-t border-line px-4 py-1.5 text-cell [&>dd]:border-b [&>dd]:border-grid [&>dd]:py-1 [&>dd]:text-right [&>dd]:font-medium [&>dd]:[overflow-wrap:anywhere] [&>dt]:border-b [&>dt]:border-grid [&>dt]:py-1 [&>dt]:text-ink-2">
        <dt>Indexes</dt>
        <dd>{facts.indexes.length > 0 ? facts.indexes.join(', ') : 'none: its tables are read in full'}</dd>
        <dt>Execution</dt>
        <dd>{milliseconds(executionMs)}, run without a clock in each node</dd>
        <dt>Planning</dt>
        <dd>{milliseconds(planningMs)}</dd>
        <dt>Memory</dt>
        <dd>
          {facts.memoryKb > 0 ? `${count(facts.memoryKb)} kB in ${facts.memoryNodes} nodes` : 'none counted'}
          {facts.spills > 0 ? `, ${facts.spills} nodes spill to temporary files` : ', no temporary files'}
        </dd>
        <dt>Row estimates</dt>
        <dd>{facts.worst ? `within ${times(Math.max(1, Number(facts.worst.factor.toFixed(1))))} at every node` : '–'}</dd>
      </dl>
    </Card>
  )
}
