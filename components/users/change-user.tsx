'use client'
import { type ReactNode, useState } from 'react'
import { giveRole, resetCode, setClosed, untie } from '@/app/users/actions'
import type { ListedUser } from '@/db/console/users'
import type { Result } from '@/db/server/problem'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'
import { RoleChoice } from './role-choice'

/** Gives an account another role, takes a lost second factor or a tie to the provider away, closes it, or opens it again. */
export function ChangeUser({ user, provider = 'the provider' }: { user: ListedUser; provider?: string }) {
  const [open, setOpen] = useState(false)
  const [role, setRole] = useState(user.role)
  const { busy, problem, call: act, forget } = useAction()
  const closed = user.closedAt !== null
  const ask = () => {
    setRole(user.role)
    forget()
    setOpen(true)
  }
  const call = (action: () => Promise<Result<null>>) => act(action, () => setOpen(false))
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
              ? 'This account is closed: nobody can sign in with it. What it did stays in the audit.'
              : 'A new role applies at once. Closing the account ends its sessions at once; what it did stays in the audit.'}
          </p>
          {user.by.code && (
            <Taken about="For a lost device: authenticator codes, backup codes and sessions stop working.">
              <Button disabled={busy} onClick={() => call(() => resetCode(user.id))}>
                Reset second factor
              </Button>
            </Taken>
          )}
          {user.by.provider && (
            <Taken
              about={
                user.by.password
                  ? `Only the password opens the account then, until its owner reconnects ${provider}; its sessions end.`
                  : `The next person with this verified address at ${provider} gets the account; its sessions end.`
              }
            >
              <Button disabled={busy} onClick={() => call(() => untie(user.id))}>
                Untie from {provider}
              </Button>
            </Taken>
          )}
          {problem && <ProblemPanel title="Not changed" problem={problem} />}
        </div>
      </Dialog>
    </>
  )
}

/** Something that is taken away, and what follows from it. */
function Taken({ about, children }: { about: string; children: ReactNode }) {
  return (
    <div className="flex items-center gap-4 border-t border-grid pt-3 max-sm:flex-col max-sm:items-start max-sm:gap-2">
      <p className="min-w-0 flex-1 text-ink-2">{about}</p>
      {children}
    </div>
  )
}
