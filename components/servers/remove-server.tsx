'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { takeServerAway } from '@/app/servers/actions'
import type { Standing as InTheWay } from '@/db/runs/lead-server'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Field, Input } from '../ui/field'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'
import { Standing } from './standing'

/** Removes a server from the console, after its name was typed. */
export function RemoveServer({ id, name }: { id: string; name: string }) {
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const [ask, setAsk] = useState<InTheWay>()
  const { busy, problem, call } = useAction()
  const remove = (agreed?: InTheWay) =>
    call(
      () => takeServerAway(id, typed, agreed && { ...agreed, cluster: null }),
      (removed) => ('ask' in removed ? setAsk(removed.ask) : router.push('/servers')),
    )
  return (
    <div>
      <Button variant="danger" onClick={() => setOpen(true)}>
        Remove server …
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        size="md"
        title={`Remove ${name}`}
        description="Nothing is changed on the server itself."
        footer={
          <Button variant="danger" disabled={busy || typed.trim() !== name} onClick={() => remove()}>
            {busy ? 'Removing …' : 'Remove server'}
          </Button>
        }
      >
        <div className="grid gap-3 px-5 py-4">
          <p>Its address and password are deleted. Its runs and the audit stay.</p>
          <Field label={`Type ${name}`}>
            <Input value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" />
          </Field>
          {ask && <Standing ask={ask} action="Remove server" busy={busy} onAgree={() => remove(ask)} />}
          {problem && <ProblemPanel problem={problem} />}
        </div>
      </Dialog>
    </div>
  )
}
