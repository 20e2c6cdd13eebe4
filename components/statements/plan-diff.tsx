'use client'
import { useState } from 'react'
import { type Plan, type PlanNode, planFrom } from '@/db/domain/plan'
import { type DiffLine, diffPlans } from '@/db/domain/plan-diff'
import { count } from '../format'
import { Button } from '../ui/button'
import { classes } from '../ui/class-names'
import { Field, TextArea } from '../ui/field'
import { ScrollRegion } from '../ui/scroll-region'
import { Select } from '../ui/select'
import { aboutNode, costText } from './plan-messages'
import { milliseconds } from './query-messages'
import type { MadePlan } from './use-plans'

interface PlanDiffProps {
  current: MadePlan
  /** Earlier ones of the same statement. */
  earlier: MadePlan[]
  nameOf: (plan: MadePlan) => string
}

const PASTED = 'a pasted plan'

/** The plan beside an earlier one of the same statement, or beside one that is pasted as JSON. */
export function PlanDiff({ current, earlier, nameOf }: PlanDiffProps) {
  const [pasted, setPasted] = useState<Plan | null>(null)
  // Two of one minute are told apart by their number.
  const choices = new Map(earlier.map((plan, at) => [`${at + 1}. ${nameOf(plan)}`, plan]))
  const [chosen, setChosen] = useState<string>([...choices.keys()].at(-1) ?? PASTED)
  const other = choices.get(chosen)
  const before = other?.explained.plan ?? pasted
  return (
    <ScrollRegion label="Diff" className="min-h-0 flex-1">
      <div className="flex flex-wrap items-end gap-3 border-b border-line bg-canvas px-5 py-2.5 max-sm:px-3">
        {earlier.length > 0 && (
          <Select
            label="Compare with"
            value={chosen}
            choices={[...choices.keys(), PASTED]}
            onChange={(next) => setChosen(next ?? PASTED)}
          />
        )}
        <p className="text-cell text-ink-2">
          {earlier.length === 0 && 'No earlier plan of this statement. '}
          The console stores no plans: only those made since this page was opened, and any that you paste, can be compared.
        </p>
      </div>
      {!other && <Paste onPlan={setPasted} />}
      {before && (
        <DiffTable before={before} after={current.explained.plan} names={[other ? nameOf(other) : 'Pasted plan', nameOf(current)]} />
      )}
    </ScrollRegion>
  )
}

/** Reads a plan in the browser: it is sent nowhere. */
function Paste({ onPlan }: { onPlan: (plan: Plan) => void }) {
  const [text, setText] = useState('')
  const [error, setError] = useState<string>()
  return (
    <form
      className="grid gap-2 border-b border-line px-5 py-3 max-sm:px-3"
      onSubmit={(event) => {
        event.preventDefault()
        const plan = planFrom(text)
        setError(plan ? undefined : 'Not a plan: paste the whole output of EXPLAIN (FORMAT JSON).')
        if (plan) onPlan(plan)
      }}
    >
      <Field label="Plan to compare with, as EXPLAIN (FORMAT JSON) prints it" error={error} hint="It stays in your browser.">
        <TextArea mono rows={4} value={text} aria-invalid={error !== undefined} onChange={(event) => setText(event.target.value)} />
      </Field>
      <span>
        <Button type="submit" disabled={text.trim() === ''}>
          Compare
        </Button>
      </span>
    </form>
  )
}

function DiffTable({ before, after, names }: { before: Plan; after: Plan; names: [string, string] }) {
  const { lines, measured, changed } = diffPlans(before, after)
  const text = (value: number) => (measured ? milliseconds(value) : costText(value))
  const whole = lines.reduce((sum, { added }) => sum + added, 0)
  const big = Math.max(...lines.map(({ added }) => Math.abs(added)))
  const own = (node: PlanNode | null) => {
    return node ? text(measured ? (node.actual?.selfMs ?? 0) : node.selfCost) : ''
  }
  const side = (line: DiffLine, at: 'before' | 'after') => {
    const node = line[at]
    const differs = !line.before || !line.after || line.before.type !== line.after.type || line.before.on !== line.after.on
    const tint = node && differs ? (at === 'before' ? 'bg-ok-soft' : 'bg-bad-soft') : ''
    return (
      <>
        <td className={classes('truncate', tint, at === 'before' ? 'pl-5 max-sm:pl-3' : 'border-l border-line pl-3')}>
          {node && (
            <span style={{ paddingLeft: `calc(${Math.min(node.depth, 12)} * var(--indent))` }}>
              <span className="font-medium">{node.type}</span> <code className="text-[11.5px] text-ink-2">{aboutNode(node)}</code>
            </span>
          )}
        </td>
        <td className={classes('pr-3 text-right', tint)}>{own(node)}</td>
        <td className={classes('pr-3 text-right max-sm:hidden', tint)}>
          {node && count(Math.round(node.actual && measured ? node.actual.rows : node.planRows))}
        </td>
      </>
    )
  }
  const unit = measured ? 'Self time' : 'Self cost'
  return (
    <>
      <p className="px-5 py-2.5 text-cell max-sm:px-3">
        <strong className="font-semibold">{changed === 0 ? 'Same nodes.' : `${changed} of ${lines.length} lines differ.`}</strong>{' '}
        {measured ? 'Time' : 'Cost'} {whole >= 0 ? 'rose' : 'fell'} by {text(Math.abs(whole))}.
        {!measured && ' One of the two was not run, so the planner’s cost is compared.'}
      </p>
      <table aria-label="Plans compared" className="[--indent:11px] max-sm:[--indent:3px] w-full table-fixed border-collapse text-cell">
        <thead>
          <tr className="h-8 border-y border-line bg-canvas text-left text-label text-ink-2 [&>th]:font-medium">
            <th className="truncate pl-5 max-sm:pl-3">{names[0]}</th>
            <th className="w-[84px] pr-3 text-right">{unit}</th>
            <th className="w-[68px] pr-3 text-right max-sm:hidden">Rows</th>
            <th className="truncate border-l border-line pl-3">{names[1]}</th>
            <th className="w-[84px] pr-3 text-right">{unit}</th>
            <th className="w-[68px] pr-3 text-right max-sm:hidden">Rows</th>
            <th className="w-[96px] border-l border-line pr-5 text-right max-sm:hidden">Difference</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={`${line.before?.id} ${line.after?.id}`} className="h-7 border-b border-grid">
              {side(line, 'before')}
              {side(line, 'after')}
              <td
                className={classes(
                  'border-l border-line pr-5 text-right max-sm:hidden',
                  Math.abs(line.added) > big / 4 && big > 0
                    ? line.added > 0
                      ? 'font-medium text-bad'
                      : 'font-medium text-ok'
                    : 'text-ink-3',
                )}
              >
                {line.added > 0 ? '+' : line.added < 0 ? '−' : ''}
                {text(Math.abs(line.added))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
