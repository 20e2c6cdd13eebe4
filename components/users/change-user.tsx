'use client'
import { useState, useTransition } from 'react'
import { giveRole, setClosed } from '@/app/users/actions'
import type { ListedUser } from '@/db/console/users'
import type { Problem, Result } from '@/db/target/problem'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { ProblemPanel } from '../ui/problem-panel'
import { RoleChoice } from './role-choice'

/** Gives an account another role, closes it, or opens it again. */
export function ChangeUser({ user }: { user: ListedUser }) {
  const [open, setOpen] = useState(false)
  const [role, setRole] = useState(user.role)
  const [problem, setProblem] = useState<Problem>()
  const [busy, start] = useTransition()
  const closed = user.closedAt !== null
  const ask = () => {
    setRole(user.role)
    setProblem(undefined)
    setOpen(true)
  }
  const call = (action: () => Promise<Result<null>>) =>
    start(async () => {
      const done = await action()
      setProblem(done.ok ? undefined : done.problem)
      if (done.ok) setOpen(false)
    })
  return (
    <>
      <Button size="sm" onClick={ask} aria-label={`Change ${user.email}`}>
        Change …
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        size="md"
        title={`Change ${user.name}`}
        description={user.email}
        footer={
          <>
            <Button variant={closed ? 'plain' : 'danger'} disabled={busy} onClick={() => call(() => setClosed(user.id, !closed))}>
              {closed ? 'Open account' : 'Close account'}
            </Button>
            <Button variant="primary" disabled={busy || role === user.role} onClick={() => call(() => giveRole(user.id, role))}>
              Save role
            </Button>
          </>
        }
      >
        <div className="grid gap-3 px-5 py-4 text-left">
          <RoleChoice role={role} onChange={setRole} />
          <p className="text-ink-2">
            {closed
              ? 'This account is closed: nobody signs in with it. What it did stays in the audit.'
              : 'A new role holds at once. Closing the account ends its sessions at once; what it did stays in the audit.'}
          </p>
          {problem && <ProblemPanel title="Not changed" problem={problem} />}
        </div>
      </Dialog>
    </>
  )
}
