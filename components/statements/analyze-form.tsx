'use client'
import { useState } from 'react'
import type { AnalyzeOf } from '@/app/[server]/db/[database]/statements/actions'
import type { Explained } from '@/db/statements/explain-statement'
import { Button } from '../ui/button'
import { Checkbox } from '../ui/checkbox'
import { Field, Input } from '../ui/field'
import { analyzeNeeds, missingValues, typedValue } from './analyze-messages'
import { bestValues } from './sample-values'

interface AnalyzeFormProps {
  explained: Explained
  /** Texts of the statement with its constants, the newest first. */
  examples: string[]
  busy: boolean
  onRun: (how: AnalyzeOf) => void
}

const SECONDS = 10

/** Says what running the statement needs, fills in what an example tells, and sends nothing while a value is missing. */
export function AnalyzeForm({ explained, examples, busy, onRun }: AnalyzeFormProps) {
  const { parameterTypes, volatile, statement } = explained
  const [known] = useState(() => bestValues(statement, examples, parameterTypes.length))
  const [values, setValues] = useState<(string | null)[]>(() => known.map((value) => (value === undefined ? '' : value)))
  const [seconds, setSeconds] = useState(SECONDS)
  const [confirmed, setConfirmed] = useState(false)
  const [tried, setTried] = useState(false)
  const missing = missingValues(values)
  const change = (index: number, value: string | null) => setValues(values.map((old, at) => (at === index ? value : old)))
  return (
    <form
      aria-label="Analyze"
      className="grid max-h-[46dvh] gap-3 overflow-y-auto border-b border-line bg-canvas px-5 py-3 max-sm:px-3"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (missing.length === 0) onRun({ values: values.map(typedValue), timeoutSeconds: seconds, confirmed: confirmed ? volatile : [] })
      }}
    >
      <div className="text-cell text-ink-2">
        <p className="font-semibold text-ink">Analyze runs the SELECT once, in a read-only transaction that is rolled back.</p>
        <ul className="mt-1 list-disc pl-4">
          {analyzeNeeds({ types: parameterTypes, known, volatile, seconds }).map((need) => (
            <li key={need}>{need}</li>
          ))}
        </ul>
      </div>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(240px,1fr))] gap-3">
        {parameterTypes.map((type, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a parameter is its number
          <div key={index} className="flex items-start gap-3">
            <div className="min-w-0 flex-1">
              <Field
                label={`$${index + 1} ${type}`}
                error={tried && missing.includes(index) ? 'Enter a value, or NULL' : undefined}
                hint={/^(text|character|name|citext)/.test(type) && values[index] === '' ? "'' for an empty text" : undefined}
              >
                <Input
                  mono
                  value={values[index] ?? ''}
                  disabled={values[index] === null}
                  aria-invalid={tried && missing.includes(index)}
                  onChange={(event) => change(index, event.target.value)}
                />
              </Field>
            </div>
            <span className="mt-[22px] flex h-8 items-center gap-2 text-label">
              <Checkbox
                checked={values[index] === null}
                onCheckedChange={(on) => change(index, on ? null : '')}
                aria-label={`$${index + 1} is NULL`}
              />
              NULL
            </span>
          </div>
        ))}
      </div>
      {volatile.length > 0 && (
        <div className="flex items-start gap-2 text-cell text-warn">
          <Checkbox checked={confirmed} onCheckedChange={setConfirmed} className="mt-0.5" aria-label="Run it with its volatile functions" />
          <span className="[overflow-wrap:anywhere]">
            It calls volatile functions, which can do anything that this role may, even outside the transaction:{' '}
            <code>{volatile.join(', ')}</code>. Run it anyway.
          </span>
        </div>
      )}
      <div className="flex flex-wrap items-end gap-3">
        <div className="w-32">
          <Field label="Time-out, seconds">
            <Input type="number" min={1} max={300} value={seconds} onChange={(event) => setSeconds(Number(event.target.value))} />
          </Field>
        </div>
        <Button type="submit" variant="primary" disabled={busy || (volatile.length > 0 && !confirmed)}>
          Run EXPLAIN ANALYZE
        </Button>
        {tried && missing.length > 0 && (
          <p role="alert" className="text-cell text-bad">
            Not sent: {missing.map((at) => `$${at + 1}`).join(', ')} {missing.length === 1 ? 'has' : 'have'} no value.
          </p>
        )}
      </div>
    </form>
  )
}
