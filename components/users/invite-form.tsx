'use client'
import { type FormEvent, useState, useTransition } from 'react'
import { invitePerson } from '@/app/users/actions'
import type { Role } from '@/db/console/roles'
import type { Result } from '@/db/server/problem'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { CopyButton } from '../ui/copy-button'
import { Field, Input } from '../ui/field'
import { ProblemPanel } from '../ui/problem-panel'
import { RoleChoice } from './role-choice'

/** Makes an invitation link, which stands on the page until it is left. */
export function InviteForm() {
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [invited, setInvited] = useState<Result<{ email: string; link: string }>>()
  const [busy, start] = useTransition()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start(async () => {
      const made = await invitePerson(email, role)
      setInvited(made.ok ? { ok: true, value: { email, link: made.value.link } } : made)
      if (made.ok) setEmail('')
    })
  }
  return (
    <Card label="Invite" className="grid max-w-[760px] gap-3.5 p-4">
      <h2 className="text-body font-semibold">Invite a user</h2>
      <form onSubmit={submit} className="grid gap-3.5" noValidate>
        <Field label="E-mail">
          <Input type="email" value={email} onChange={(event) => setEmail(event.target.value)} autoComplete="off" />
        </Field>
        <RoleChoice role={role} onChange={setRole} />
        <div>
          <Button type="submit" variant="primary" disabled={busy || email.trim() === ''}>
            {busy ? 'Making the link …' : 'Make invitation link'}
          </Button>
        </div>
      </form>
      <div aria-live="polite">
        {invited?.ok && (
          <div className="grid gap-2 rounded-control border border-line bg-sunken px-3 py-2.5">
            <p className="text-ink-2">Send this link to {invited.value.email}. It opens once, for three days, and is not shown again.</p>
            <div className="flex flex-wrap items-center gap-2">
              <code className="min-w-0 flex-1 text-ink [overflow-wrap:anywhere]">{invited.value.link}</code>
              <CopyButton text={invited.value.link} label="Copy link" />
            </div>
          </div>
        )}
        {invited && !invited.ok && <ProblemPanel title="Not invited" problem={invited.problem} />}
      </div>
    </Card>
  )
}
