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
  /** Asks for a code of the second factor too. */
  withCode?: boolean
  ask: (password: string, code: string) => Promise<Result<T>>
  done: (value: T) => void
  cancel: () => void
}

/** Asks for the own password, and a code where there is a second factor, before something that an open session alone may not do. */
export function PasswordAgain<T>({ email, button, withCode, ask, done, cancel }: Props<T>) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const { busy, problem, call } = useAction()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    call(() => ask(password, code), done)
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
      {withCode && (
        <Field label="Code" hint="From your authenticator app, or one of your backup codes.">
          <Input
            mono
            value={code}
            onChange={(event) => setCode(event.target.value)}
            maxLength={20}
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            className="max-w-[160px]"
          />
        </Field>
      )}
      {problem && <ProblemPanel problem={problem} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" disabled={busy || password === '' || (withCode && code.trim() === '')}>
          {button}
        </Button>
        <Button variant="quiet" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
