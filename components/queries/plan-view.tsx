'use client'
import { useState } from 'react'
import { planNotes } from '@/db/domain/plan-notes'
import type { Explained } from '@/db/statements/explain-statement'
import type { PlanNode } from '@/db/statements/plan'
import { count, exactCount, percent } from '../format'
import { Badge } from '../ui/badge'
import { classes } from '../ui/class-names'
import { CopyButton } from '../ui/copy-button'
import { ScrollRegion } from '../ui/scroll-region'
import { Segmented } from '../ui/segmented'
import { milliseconds, times } from './query-messages'

const INDENT = 14
const DEEPEST = 12

/** A plan as a tree with its worst places marked; its text and JSON to copy. */
export function PlanView({ explained }: { explained: Explained }) {
  const [shown, setShown] = useState<'tree' | 'text' | 'json'>('tree')
  const { plan, json, analyzed, searchPath } = explained
  const text = shown === 'json' ? JSON.stringify(JSON.parse(json), null, 2) : plan.text
  const settings = Object.entries(plan.settings).filter(([name]) => name !== 'search_path')
  return (
    <div>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Segmented
          label="Plan as"
          value={shown}
          choices={[
            { value: 'tree', label: 'Tree' },
            { value: 'text', label: 'Text' },
            { value: 'json', label: 'JSON' },
          ]}
          onChange={setShown}
        />
        <CopyButton text={plan.text} label="Copy text" />
        <CopyButton text={json} label="Copy JSON" />
        <span className="ml-auto text-label text-ink-3">
          {analyzed
            ? `ran ${milliseconds(plan.executionMs)}, planned in ${milliseconds(plan.planningMs)}`
            : `cost ${cost(plan.nodes[0]?.totalCost ?? 0)}`}
        </span>
      </div>
      {shown === 'tree' ? (
        <ol aria-label="Plan" className="overflow-x-auto rounded-control border border-line">
          {plan.nodes.map((node) => (
            <Node key={node.id} node={node} costliest={node.id === plan.costliest && plan.nodes.length > 1} />
          ))}
        </ol>
      ) : (
        <ScrollRegion label={`Plan as ${shown}`} className="max-h-96 rounded-control bg-sunken">
          <pre className="px-3 py-2.5 leading-[18px]">{text}</pre>
        </ScrollRegion>
      )}
      {planNotes(explained).map((note) => (
        <p key={note} className="mt-1.5 text-label text-warn">
          {note}
        </p>
      ))}
      <p className="mt-1.5 text-label text-ink-3">
        search_path {searchPath || '(empty)'}
        {settings.length > 0 && `; ${settings.map(([name, value]) => `${name} = ${value}`).join(', ')}`}
      </p>
    </div>
  )
}

function Node({ node, costliest }: { node: PlanNode; costliest: boolean }) {
  const { actual, misestimate, spill } = node
  return (
    <li
      className={classes('border-b border-grid py-1.5 pr-3 last:border-b-0', costliest && 'bg-warn-soft')}
      style={{ paddingLeft: 12 + Math.min(node.depth, DEEPEST) * INDENT }}
    >
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="text-cell font-medium [overflow-wrap:anywhere]">
            {node.subplan && <span className="text-ink-3">{node.subplan}: </span>}
            {node.title}
          </p>
          <p className="flex flex-wrap gap-x-2 gap-y-1 text-label text-ink-2">
            <span>{rowsWords(node)}</span>
            {costliest && <Badge tone="warn">{actual ? 'most time' : 'highest cost'}</Badge>}
            {misestimate && (
              <Badge tone="bad">
                {times(misestimate.factor)} {misestimate.more ? 'more' : 'fewer'} rows than expected
              </Badge>
            )}
            {spill && <Badge tone="bad">spills: {spill}</Badge>}
            {actual?.loops === 0 && <Badge>never executed</Badge>}
          </p>
        </div>
        <div className="w-28 shrink-0 text-right text-label">
          <p className="font-medium">{actual ? milliseconds(actual.selfMs) : cost(node.selfCost)}</p>
          <p className="flex items-center justify-end gap-1.5 text-ink-2">
            <span aria-hidden className="h-[5px] w-12 overflow-hidden rounded-[2px] bg-sunken">
              <span
                className={classes('block h-full', costliest ? 'bg-warn-fill' : 'bg-live-2')}
                style={{ width: `${node.share * 100}%` }}
              />
            </span>
            {percent(node.share)}
          </p>
        </div>
      </div>
      {node.details.length > 0 && (
        <div className="mt-0.5 font-mono text-[11px] leading-4 text-ink-3">
          {node.details.map((line) => (
            <p key={line} className="[overflow-wrap:anywhere]">
              {line}
            </p>
          ))}
        </div>
      )}
    </li>
  )
}

const cost = (value: number): string => (value < 1000 ? value.toFixed(2) : count(Math.round(value)))

function rowsWords({ planRows, actual }: PlanNode): string {
  const expected = `${exactCount(planRows)} ${planRows === 1 ? 'row' : 'rows'} expected`
  if (!actual || actual.loops === 0) return expected
  const each = actual.loops > 1 ? ` each of ${exactCount(actual.loops)} times` : ''
  return `${exactCount(Math.round(actual.rows))} rows${each}, ${expected}`
}
