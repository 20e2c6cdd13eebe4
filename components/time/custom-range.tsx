'use client'
import { useState } from 'react'
import { Button } from '../ui/button'
import { DialogPopup } from '../ui/dialog-popup'
import { Field, Input } from '../ui/field'
import type { TimeRange } from './time-range'

interface CustomRangeProps {
  range: TimeRange
  title?: string
  description?: string
  /** What the button says. */
  action?: string
  onClose: () => void
  onChoose: (from: number, to: number) => void
}

/** As a field of date and time has it, in UTC. */
const written = (at: number) => new Date(at).toISOString().slice(0, 19)
const read = (text: string) => Date.parse(`${text}Z`)

/** Two moments in UTC. */
export function CustomRange(props: CustomRangeProps) {
  const { range, title = 'Time range', description = 'Times are UTC.', action = 'Show', onClose, onChoose } = props
  const [from, setFrom] = useState(written(range.from))
  const [to, setTo] = useState(written(range.to))
  const fits = read(to) - read(from) >= 10_000
  return (
    <DialogPopup
      open
      size="md"
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
      footer={
        <Button variant="primary" disabled={!fits} onClick={() => onChoose(read(from), read(to))}>
          {action}
        </Button>
      }
    >
      <div className="grid gap-3 px-5 py-4 sm:grid-cols-2">
        <Field label="From">
          <Input type="datetime-local" step={1} value={from} onChange={(event) => setFrom(event.target.value)} />
        </Field>
        <Field label="To" error={fits ? undefined : 'Ends at least 10 s after it starts'}>
          <Input type="datetime-local" step={1} value={to} onChange={(event) => setTo(event.target.value)} />
        </Field>
      </div>
    </DialogPopup>
  )
}
