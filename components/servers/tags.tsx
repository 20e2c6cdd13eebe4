'use client'
import { useState } from 'react'
import { keepTags } from '@/app/servers/actions'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field, Input } from '../ui/field'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'

/** The tags that the fleet is narrowed by, and the form that changes them. */
export function Tags({ id, tags }: { id: string; tags: string[] }) {
  const { busy, problem, call } = useAction()
  const before = tags.join(', ')
  const [typed, setTyped] = useState(before)
  return (
    <Card className="max-w-[760px] p-4" label="Tags">
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          call(() => keepTags(id, typed))
        }}
      >
        <div className="flex flex-wrap items-end gap-3">
          <p className="min-w-0 flex-1 basis-64 text-ink-2">
            Tags narrow the fleet: words such as <code>eu-west</code>, or a key and a word such as <code>env:prod</code>. Each key has a
            filter of its own.
          </p>
          <Field label="Tags">
            <Input
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              placeholder="env:prod, team:billing"
              className="w-64!"
            />
          </Field>
          <Button type="submit" disabled={busy || typed === before}>
            Set tags
          </Button>
        </div>
      </form>
      {problem && <ProblemPanel problem={problem} />}
    </Card>
  )
}
