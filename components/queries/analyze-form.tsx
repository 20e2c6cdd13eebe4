'use client'
import { useState } from 'react'
import type { AnalyzeOf } from '@/app/[server]/db/[database]/queries/actions'
import type { QueryDetail } from '@/db/history/statement-list'
import type { Explained } from '@/db/statements/explain-statement'
import { Button } from '../ui/button'
import { Checkbox } from '../ui/checkbox'
import { Field, Input } from '../ui/field'
import { valuesFrom } from './sample-values'

interface AnalyzeFormProps {
  plan: Explained
  examples: QueryDetail['examples']
  busy: boolean
  onRun: (how: AnalyzeOf) => void
}

const SECONDS = 10

/** Asks for the values of $1 … $n, the time-out, and the confirmation of volatile functions. */
export function AnalyzeForm({ plan, examples, busy, onRun }: AnalyzeFormProps) {
  const { parameterTypes, volatile, statement } = plan
  const known = examples.map(({ query }) => valuesFrom(statement, query)).find((found) => found?.length === parameterTypes.length)
  const [values, setValues] = useState<(string | null)[]>(() => parameterTypes.map((_, index) => known?.[index] ?? ''))
  const [seconds, setSeconds] = useState(SECONDS)
  const [confirmed, setConfirmed] = useState(false)
  const change = (index: number, value: string | null) => setValues(values.map((old, at) => (at === index ? value : old)))
  return (
    <form
      className="mb-3 grid gap-3 rounded-control border border-line-2 bg-canvas p-3"
      onSubmit={(event) => {
        event.preventDefault()
        onRun({ values, timeoutSeconds: seconds, confirmed: confirmed ? volatile : [] })
      }}
    >
      <p className="text-cell text-ink-2">
        The SELECT runs once on the server, in a read-only transaction that is rolled back. It costs what the statement costs.
        {known && ' The values are those of its last example.'}
      </p>
      {parameterTypes.map((type, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a parameter is its number
        <div key={index} className="flex items-end gap-3">
          <div className="min-w-0 flex-1">
            <Field label={`$${index + 1} ${type}`}>
              <Input
                mono
                value={values[index] ?? ''}
                disabled={values[index] === null}
                onChange={(event) => change(index, event.target.value)}
              />
            </Field>
          </div>
          <span className="flex h-8 items-center gap-2 text-label">
            <Checkbox
              checked={values[index] === null}
              onCheckedChange={(on) => change(index, on ? null : '')}
              aria-label={`$${index + 1} is NULL`}
            />
            NULL
          </span>
        </div>
      ))}
      {volatile.length > 0 && (
        <div className="flex items-start gap-2 text-cell text-warn">
          <Checkbox checked={confirmed} onCheckedChange={setConfirmed} className="mt-0.5" aria-label="Run it with its volatile functions" />
          <span className="[overflow-wrap:anywhere]">
            It calls volatile functions, which may do anything that this role may, also beyond the transaction:{' '}
            <code>{volatile.join(', ')}</code>. Run it all the same.
          </span>
        </div>
      )}
      <div className="flex items-end gap-3">
        <div className="w-32">
          <Field label="Time-out, seconds">
            <Input type="number" min={1} max={300} value={seconds} onChange={(event) => setSeconds(Number(event.target.value))} />
          </Field>
        </div>
        <Button type="submit" variant="primary" disabled={busy || (volatile.length > 0 && !confirmed)}>
          Run EXPLAIN ANALYZE
        </Button>
      </div>
    </form>
  )
}
