'use client'
import { type FormEvent, useState } from 'react'
import { changePassword } from '@/app/account/actions'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field, Input } from '../ui/field'
import { notify } from '../ui/notify'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'

/** The old password and the new one. */
export function PasswordForm({ email }: { email: string }) {
  const [old, setOld] = useState('')
  const [password, setPassword] = useState('')
  const { busy, problem, call } = useAction()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    call(
      () => changePassword(old, password),
      () => {
        setOld('')
        setPassword('')
        return notify('success', 'Password changed', 'Every other session has ended.')
      },
    )
  }
  return (
    <Card label="Password" className="max-w-[760px] p-4">
      <form onSubmit={submit} className="grid gap-3.5">
        <input type="hidden" autoComplete="username" value={email} readOnly />
        <Field label="Old password">
          <Input type="password" value={old} onChange={(event) => setOld(event.target.value)} autoComplete="current-password" />
        </Field>
        <Field label="New password" hint="At least 12 characters. A few random words work well.">
          <Input
            type="password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            maxLength={128}
            autoComplete="new-password"
          />
        </Field>
        {problem && <ProblemPanel title="Not changed" problem={problem} />}
        <div>
          <Button type="submit" disabled={busy || old === '' || password === ''}>
            {busy ? 'Changing …' : 'Change password and end other sessions'}
          </Button>
        </div>
      </form>
    </Card>
  )
}
