'use client'
import { type FormEvent, useState, useTransition } from 'react'
import { changeName } from '@/app/account/actions'
import type { Problem } from '@/db/target/problem'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field, Input } from '../ui/field'
import { notify } from '../ui/notify'
import { ProblemPanel } from '../ui/problem-panel'

/** What the console calls somebody. */
export function NameForm({ name }: { name: string }) {
  const [typed, setTyped] = useState(name)
  const [problem, setProblem] = useState<Problem>()
  const [busy, start] = useTransition()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start(async () => {
      const done = await changeName(typed)
      setProblem(done.ok ? undefined : done.problem)
      if (done.ok) await notify('success', 'Name changed')
    })
  }
  return (
    <Card label="Name" className="max-w-[760px] p-4">
      <form onSubmit={submit} className="grid gap-3.5">
        <Field label="Name">
          <Input value={typed} onChange={(event) => setTyped(event.target.value)} maxLength={100} autoComplete="name" />
        </Field>
        {problem && <ProblemPanel title="Not changed" problem={problem} />}
        <div>
          <Button type="submit" disabled={busy || typed.trim() === name}>
            Save name
          </Button>
        </div>
      </form>
    </Card>
  )
}
