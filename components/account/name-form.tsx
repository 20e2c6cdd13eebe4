'use client'
import { type FormEvent, useState } from 'react'
import { changeName } from '@/app/account/actions'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field, Input } from '../ui/field'
import { notify } from '../ui/notify'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'

/** What the console calls somebody. */
export function NameForm({ name }: { name: string }) {
  const [typed, setTyped] = useState(name)
  const { busy, problem, call } = useAction()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    call(
      () => changeName(typed),
      () => notify('success', 'Name changed'),
    )
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
