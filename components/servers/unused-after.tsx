'use client'
import { useState } from 'react'
import { keepUnusedAfter } from '@/app/servers/actions'
import { UNUSED_AFTER_DAYS, UNUSED_AFTER_LEAST, UNUSED_AFTER_MOST } from '@/db/domain/unused-after'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field, Input } from '../ui/field'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'

/** After how many days without a scan an index of a server counts as unused, and the form that changes it. */
export function UnusedAfter({ id, days }: { id: string; days: number }) {
  const { busy, problem, call } = useAction()
  const [typed, setTyped] = useState(String(days))
  return (
    <Card className="max-w-[760px] p-4" label="Unused indexes">
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          call(() => keepUnusedAfter(id, Number(typed)))
        }}
      >
        <div className="flex flex-wrap items-end gap-3">
          <p className="min-w-0 flex-1 basis-80">
            <b className="font-semibold">An index is unused after {days} days without a scan.</b>{' '}
            <span className="text-ink-2">
              Counted on every server of the cluster, from the latest of: Proctor’s first sample of the index, a reset of the statistics, a
              promotion. The preset of {UNUSED_AFTER_DAYS} days covers monthly jobs; a quarterly report needs 100.
            </span>
          </p>
          <Field label="Days">
            <Input
              type="number"
              required
              min={UNUSED_AFTER_LEAST}
              max={UNUSED_AFTER_MOST}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              className="w-24!"
            />
          </Field>
          <Button type="submit" disabled={busy || typed === String(days)}>
            Set days
          </Button>
        </div>
      </form>
      {problem && <ProblemPanel problem={problem} />}
    </Card>
  )
}
