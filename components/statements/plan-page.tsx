'use client'
import { useRef, useState } from 'react'
import { planNotes } from '@/db/domain/plan-notes'
import type { Explained } from '@/db/statements/explain-statement'
import { bytesShort, exactCount, percent } from '../format'
import { classes } from '../ui/class-names'
import { Segmented } from '../ui/segmented'
import { costText, hottest, type Measure, worst } from './plan-messages'
import { PlanNodeDetails } from './plan-node'
import { PlanSql } from './plan-sql'
import { PlanTable } from './plan-table'
import { milliseconds, times } from './query-messages'

/** A plan: its numbers, its hottest nodes, all of them in lines, and beside them the selected one and the statement. */
export function PlanPage({ explained, blockSize }: { explained: Explained; blockSize: number }) {
  const { plan } = explained
  const [selected, setSelected] = useState(plan.costliest)
  const [order, setOrder] = useState<'tree' | 'heat'>('tree')
  const [measure, setMeasure] = useState<Measure>(explained.analyzed ? 'self' : 'cost')
  const side = useRef<HTMLDivElement>(null)
  const hot = hottest(plan)
  const node = plan.nodes[selected] ?? plan.nodes[0]
  const select = (id: number) => {
    setSelected(id)
    side.current?.scrollIntoView({ block: 'nearest' })
  }
  const settings = Object.entries(plan.settings).filter(([name]) => name !== 'search_path')
  return (
    <div className="flex min-h-0 flex-1 flex-col max-lg:block max-lg:overflow-y-auto">
      <Numbers explained={explained} blockSize={blockSize} />
      <div className="flex flex-wrap items-center gap-1.5 border-b border-line bg-canvas px-5 py-2 max-sm:px-3">
        {hot.length > 0 && <span className="mr-1 text-label text-ink-2">Hottest</span>}
        {hot.map(({ node: one, tone, says }) => (
          <button
            key={`${one.id} ${says}`}
            type="button"
            aria-pressed={one.id === selected}
            onClick={() => select(one.id)}
            className="inline-flex h-6 max-w-full items-center gap-1.5 rounded-[5px] border border-line-2 bg-surface px-2 text-label aria-pressed:border-accent max-sm:h-9"
          >
            <i
              aria-hidden
              className={classes('size-[7px] shrink-0', tone === 'bad' ? 'rotate-45 bg-bad-fill' : 'rounded-full bg-warn-fill')}
            />
            <span className="font-semibold whitespace-nowrap">{says}</span>
            <span className="truncate">{one.type}</span>
          </button>
        ))}
        <span className="ml-auto flex flex-wrap items-center gap-2 max-sm:ml-0">
          {explained.analyzed && (
            <Segmented
              label="Bar shows"
              value={measure}
              choices={[
                { value: 'self', label: 'Self time' },
                { value: 'cost', label: 'Cost' },
                { value: 'blocks', label: 'Blocks' },
              ]}
              onChange={setMeasure}
            />
          )}
          <Segmented
            label="Order of nodes"
            value={order}
            choices={[
              { value: 'tree', label: 'Tree' },
              { value: 'heat', label: 'Hottest first' },
            ]}
            onChange={setOrder}
          />
        </span>
      </div>
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_minmax(380px,32%)] max-lg:block">
        <div className="min-h-0 overflow-y-auto max-lg:overflow-visible">
          <PlanTable plan={plan} measure={measure} order={order} selected={selected} onSelect={select} />
          <div className="grid gap-1 px-5 py-2.5 text-label text-ink-3 max-sm:px-3">
            {planNotes(explained).map((note) => (
              <p key={note} className="text-warn">
                {note}
              </p>
            ))}
            <p>
              Rows are per loop; ↑ more than planned, ↓ fewer. Blocks are the node’s own. search_path {explained.searchPath || '(empty)'}
              {settings.length > 0 && `; ${settings.map(([name, value]) => `${name} = ${value}`).join(', ')}`}
            </p>
          </div>
        </div>
        <div ref={side} className="min-h-0 overflow-y-auto border-l border-line bg-surface max-lg:border-t max-lg:border-l-0">
          {node && <PlanNodeDetails plan={plan} node={node} blockSize={blockSize} onSelect={select} />}
          <PlanSql sql={explained.sql} marks={explained.marks} exact={explained.statement} node={selected} />
        </div>
      </div>
    </div>
  )
}

/** The plan as a whole. */
function Numbers({ explained: { plan, analyzed }, blockSize }: { explained: Explained; blockSize: number }) {
  const [hit, read] = plan.nodes.reduce(([hits, reads], { blocks }) => [hits + (blocks?.hit ?? 0), reads + (blocks?.read ?? 0)], [0, 0])
  const spills = plan.nodes.filter(({ spill }) => spill !== null)
  const off = worst(plan.nodes)
  const numbers: [name: string, value: string, note: string, warn?: boolean][] = [
    ...(analyzed
      ? ([
          ['Execution', milliseconds(plan.executionMs), ''],
          ['Planning', milliseconds(plan.planningMs), ''],
          [
            'Blocks',
            hit + read > 0 ? `${percent(hit / (hit + read))} hit` : 'none',
            read > 0 ? `${bytesShort(read * blockSize)} read` : '',
          ],
        ] as [string, string, string][])
      : ([['Execution', 'not run', 'Analyze runs it']] as [string, string, string][])),
    ['Total cost', costText(plan.nodes[0]?.totalCost ?? 0), `${exactCount(plan.nodes.length)} nodes`],
    ...(analyzed
      ? ([
          [
            'Temporary files',
            spills.length > 0 ? exactCount(spills.length) : 'none',
            spills.length > 0 ? 'nodes spill' : '',
            spills.length > 0,
          ],
          ['Worst estimate', off?.misestimate ? times(off.misestimate.factor) : 'under ×10', '', off !== undefined],
        ] as [string, string, string, boolean][])
      : ([['Rows planned', exactCount(plan.nodes[0]?.planRows ?? 0), '']] as [string, string, string][])),
  ]
  return (
    <dl className="grid shrink-0 auto-cols-fr grid-flow-col border-b border-line max-lg:grid-flow-row max-lg:grid-cols-3 max-sm:grid-cols-2">
      {numbers.map(([name, value, note, warn]) => (
        <div key={name} className="border-l border-line px-4 py-2 first:border-l-0 first:pl-5 max-sm:px-3! max-sm:odd:border-l-0">
          <dt className="text-label text-ink-2">{name}</dt>
          <dd className={classes('text-finding font-semibold', warn && 'text-warn')}>
            {value} {note && <span className="text-label font-normal text-ink-3">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
