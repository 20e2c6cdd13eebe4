'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState, useTransition } from 'react'
import { saveServer, testServer } from '@/app/servers/actions'
import type { Server } from '@/db/console/servers'
import type { Standing as InTheWay } from '@/db/runs/lead-server'
import type { Result } from '@/db/server/problem'
import type { Connected } from '@/db/server/test-connection'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Checkbox } from '../ui/checkbox'
import { Field, Input } from '../ui/field'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'
import { ConnectionFields } from './connection-fields'
import { formStateOf, inputOf, type ServerFormState } from './form-state'
import { Standing } from './standing'
import { TestResult } from './test-result'

/** Adds a server, or changes `server`. What was typed stays in this page until it is saved. */
export function ServerForm({ server }: { server?: Server }) {
  const router = useRouter()
  const [state, setState] = useState(() => formStateOf(server))
  const [result, setResult] = useState<Result<Connected>>()
  const [testing, startTest] = useTransition()
  const saving = useAction()
  const [ask, setAsk] = useState<InTheWay>()
  const change = (part: Partial<ServerFormState>) => {
    setState((before) => ({ ...before, ...part }))
    setResult(undefined)
    setAsk(undefined)
    saving.forget()
  }
  const test = () =>
    startTest(async () => {
      setResult(undefined)
      setResult(await testServer(inputOf(state), server?.id))
    })
  const save = (agreed?: InTheWay) =>
    saving.call(
      () => saveServer(inputOf(state), server?.id, agreed && { ...agreed, cluster: agreed.cluster?.found ?? null }),
      (saved) => {
        if ('ask' in saved) return setAsk(saved.ask)
        router.push(server ? '/servers' : `/servers/${encodeURIComponent(saved.id)}`)
      },
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save()
  }
  return (
    <Card className="max-w-[760px] p-4" label="Connection">
      <form onSubmit={submit} className="grid gap-3.5">
        <Field label="Name">
          <Input value={state.name} onChange={(event) => change({ name: event.target.value })} placeholder="billing, production" />
        </Field>
        <ConnectionFields state={state} change={change} hasPassword={server?.hasPassword ?? false} />
        {!server && (
          <label className="flex items-center gap-2">
            <Checkbox checked={state.readOnly} onCheckedChange={(readOnly) => change({ readOnly })} />
            <span>
              Read-only in Proctor <span className="text-ink-3">no command can run on this server</span>
            </span>
          </label>
        )}
        <TestResult result={result} />
        {ask && <Standing ask={ask} action="Save" busy={saving.busy} onAgree={() => save(ask)} />}
        {saving.problem && <ProblemPanel title="Not saved" problem={saving.problem} />}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" disabled={saving.busy}>
            {saving.busy ? 'Saving …' : server ? 'Save' : 'Add server'}
          </Button>
          <Button onClick={test} disabled={testing}>
            {testing ? 'Testing …' : 'Test connection'}
          </Button>
        </div>
      </form>
    </Card>
  )
}
