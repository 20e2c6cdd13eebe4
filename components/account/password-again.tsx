'use client'
import { type FormEvent, useState } from 'react'
import type { Result } from '@/db/server/problem'
import { Button } from '../ui/button'
import { Field, Input } from '../ui/field'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'

interface Props<T> {
  email: string
  /** What the button says that goes on. */
  button: string
  ask: (password: string) => Promise<Result<T>>
  done: (value: T) => void
  cancel: () => void
}

/** Asks for the own password before something that an open session alone may not do. */
export function PasswordAgain<T>({ email, button, ask, done, cancel }: Props<T>) {
  const [password, setPassword] = useState('')
  const { busy, problem, call } = useAction()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    call(() => ask(password), done)
  }
  return (
    <form onSubmit={submit} className="grid gap-3.5">
      <input type="hidden" autoComplete="username" value={email} readOnly />
      <Field label="Your password">
        <Input
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          maxLength={128}
          autoComplete="current-password"
          autoFocus
        />
      </Field>
      {problem && <ProblemPanel problem={problem} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" disabled={busy || password === ''}>
          {button}
        </Button>
        <Button variant="quiet" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
