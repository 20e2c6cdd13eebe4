'use client'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { keepWindow, previewWindow } from '@/app/servers/[id]/actions'
import type { MaintenanceWindow } from '@/db/runs/maintenance-windows'
import type { Result } from '@/db/server/problem'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Field, Input } from '../ui/field'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'
import { Zoned } from './zoned'

interface WindowFormProps {
  server: string
  /** The one to change; null: a new one. */
  window: MaintenanceWindow | null
  /** The server's own time zone. */
  timeZone: string
  open: boolean
  onOpenChange: (open: boolean) => void
}

const COMMON = [
  { label: 'Every night at 02:00', cron: '0 2 * * *' },
  { label: 'Sundays at 02:00', cron: '0 2 * * 0' },
  { label: 'First Sunday of the month', cron: '0 2 * * 0#1' },
]

/** Makes or changes a maintenance window; what it means is said in words while it is typed. */
export function WindowForm({ server, window, timeZone, open, onOpenChange }: WindowFormProps) {
  const formId = useId()
  const [state, setState] = useState({ name: '', cron: '', timeZone: '', minutes: '' })
  const { busy: saving, problem, call, forget } = useAction()
  useEffect(() => {
    if (!open) return
    forget()
    const { name = 'Nightly', cron = '0 2 * * *', minutes = 120 } = window ?? {}
    setState({ name, cron, timeZone: window?.timeZone ?? timeZone, minutes: String(minutes) })
  }, [open, window, timeZone, forget])
  const times = { cron: state.cron, timeZone: state.timeZone, minutes: Number(state.minutes || Number.NaN) }
  const means = useMeaning(times, open)
  const change = (part: Partial<typeof state>) => {
    setState((before) => ({ ...before, ...part }))
    forget()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    call(
      () => keepWindow(server, window?.id ?? null, { name: state.name, ...times }),
      () => onOpenChange(false),
    )
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="md"
      title={window ? `Change ${window.name}` : 'Add a maintenance window'}
      description="Confirmed runs assigned to it start while it is open, and none after it closes."
      footer={
        <div className="ml-auto flex gap-3">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" disabled={saving || !means?.ok}>
            {saving ? 'Saving …' : 'Save window'}
          </Button>
        </div>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-3.5 px-5 py-4">
        <Field label="Name">
          <Input value={state.name} onChange={(event) => change({ name: event.target.value })} maxLength={60} />
        </Field>
        <div className="grid gap-1.5">
          <Field label="Opens (cron expression)" hint="Minute, hour, day of the month, month, day of the week.">
            <Input mono value={state.cron} onChange={(event) => change({ cron: event.target.value })} spellCheck={false} />
          </Field>
          <div className="flex flex-wrap gap-1.5">
            {COMMON.map(({ label, cron }) => (
              <Button key={cron} size="sm" onClick={() => change({ cron })}>
                {label}
              </Button>
            ))}
          </div>
        </div>
        <div className="grid grid-cols-2 gap-3.5 max-sm:grid-cols-1">
          <Field label="Time zone">
            <Input value={state.timeZone} onChange={(event) => change({ timeZone: event.target.value })} list={`${formId}-zones`} />
          </Field>
          <Field label="Open for, in minutes">
            <Input type="number" min={1} max={1440} value={state.minutes} onChange={(event) => change({ minutes: event.target.value })} />
          </Field>
        </div>
        <datalist id={`${formId}-zones`}>{open && ZONES.map((zone) => <option key={zone} value={zone} />)}</datalist>
        <Meaning means={means} zone={state.timeZone} />
        {window && window.waiting > 0 && (
          <p className="text-cell text-warn">
            {window.waiting === 1 ? 'One run waits' : `${window.waiting} runs wait`} for this window and will follow its new times.
          </p>
        )}
        {problem && <ProblemPanel title="Not saved" problem={problem} />}
      </form>
    </Dialog>
  )
}

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone')]

type Means = Result<{ words: string; next: string[] }>

/** What the typed times mean; undefined while nothing is known of them. */
function useMeaning(times: { cron: string; timeZone: string; minutes: number }, open: boolean): Means | undefined {
  const [means, setMeans] = useState<Means>()
  const asked = JSON.stringify(times)
  useEffect(() => {
    if (!open) return
    let latest = true
    const timer = setTimeout(async () => {
      const answer = await previewWindow(JSON.parse(asked))
      if (latest) setMeans(answer)
    }, 200)
    return () => {
      latest = false
      clearTimeout(timer)
    }
  }, [asked, open])
  return means
}

function Meaning({ means, zone }: { means: Means | undefined; zone: string }) {
  return (
    <div aria-live="polite" className="min-h-[92px] rounded-control bg-sunken px-3 py-2 text-cell">
      {means && !means.ok && <p className="text-bad">{means.problem.message}</p>}
      {means?.ok && (
        <>
          <p className="font-medium">{means.value.words}</p>
          <ol aria-label="Next openings" className="text-ink-2">
            {means.value.next.map((at) => (
              <li key={at}>
                <Zoned at={at} zone={zone} />
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  )
}
