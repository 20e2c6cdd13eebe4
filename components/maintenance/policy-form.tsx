'use client'
import { useEffect, useState } from 'react'
import { confirmPolicy, previewPolicy } from '@/app/[server]/db/[database]/maintenance/actions'
import type { PolicyRule } from '@/db/domain/policy-rule'
import { POLICY_WORDS, policySentences } from '@/db/domain/policy-words'
import type { MaintenanceWindow } from '@/db/runs/maintenance-windows'
import type { NightPreview, Policy } from '@/db/runs/policy-types'
import type { Result } from '@/db/server/problem'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Input } from '../ui/field'
import { ProblemPanel } from '../ui/problem-panel'
import { SectionTitle } from '../ui/section-title'
import { useAction } from '../use-action'
import { NightSteps } from './night-steps'
import { fieldsOf, isComplete, ruleOf } from './policy-fields'
import { PolicyInputs } from './policy-inputs'
import { Zoned } from './zoned'

interface PolicyFormProps {
  server: string
  database: string
  /** The one to change; null: a new one. */
  policy: Policy | null
  windows: MaintenanceWindow[]
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** Makes or changes a policy: the rule, its words, what it would do on its next night, and the phrase that confirms it. */
export function PolicyForm({ server, database, policy, windows, open, onOpenChange }: PolicyFormProps) {
  const [fields, setFields] = useState(() => fieldsOf(null))
  const [windowId, setWindowId] = useState('')
  const [typed, setTyped] = useState('')
  const { busy, problem, call, forget } = useAction()
  useEffect(() => {
    if (!open) return
    forget()
    setTyped('')
    setFields(fieldsOf(policy?.rule ?? null))
    setWindowId(policy?.window.id ?? '')
  }, [open, policy, forget])
  const window = windows.find(({ id }) => id === windowId) ?? windows[0]
  // Whose night has ended in this opening, it waits for the next.
  const opening = policy && policy.window.id === window?.id ? policy : window
  const rule = ruleOf(fields)
  const complete = isComplete(rule)
  const preview = usePreview({ server, database, rule, windowId: window?.id ?? '' }, open && complete && window !== undefined)
  const sentences = complete ? policySentences(rule) : []
  const ready = complete && preview?.ok === true && window !== undefined && typed === database && !busy
  const confirm = () => {
    if (!window) return
    const { id, cron, timeZone, minutes } = window
    const shown = { window: { id, cron, timeZone, minutes }, sentences }
    call(
      () => confirmPolicy(server, database, policy?.id ?? null, rule, shown, typed),
      () => onOpenChange(false),
    )
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !busy && onOpenChange(next)}
      title={policy ? `Change: ${POLICY_WORDS[policy.rule.kind].name}` : `Add a policy for ${database}`}
      description="Confirmed once. Each night is planned anew, with its own preflights, and its statements stand in its runs and in the audit."
      footer={
        <>
          <span className="w-60 max-sm:w-full">
            <Input
              mono
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              aria-label={`Type ${database} to confirm`}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
            />
          </span>
          <span className="max-w-64 text-label text-ink-3">
            Type <code className="text-ink-2 [overflow-wrap:anywhere]">{database}</code> to confirm. It will run without you.
          </span>
          <span className="ml-auto flex gap-3 max-sm:w-full max-sm:[&>button]:flex-1">
            <Button onClick={() => onOpenChange(false)} disabled={busy}>
              Cancel
            </Button>
            <Button variant="primary" disabled={!ready} onClick={confirm}>
              {busy ? 'Confirming …' : 'Confirm policy'}
            </Button>
          </span>
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,5fr)_minmax(0,6fr)] gap-6 px-5 py-4 max-sm:grid-cols-1">
        <PolicyInputs
          fields={fields}
          windows={windows}
          window={window}
          fixedKind={policy !== null}
          onChange={(part) => {
            setFields((before) => ({ ...before, ...part }))
            forget()
          }}
          onWindow={setWindowId}
        />
        <div className="min-w-0">
          <SectionTitle>The rule</SectionTitle>
          <div className="grid gap-1 rounded-control bg-sunken px-3 py-2 text-cell" aria-live="polite">
            {complete ? sentences.map((sentence) => <p key={sentence}>{sentence}</p>) : <p className="text-ink-3">A number is missing.</p>}
            <p className="font-mono text-[11.5px] text-ink-2">{POLICY_WORDS[fields.kind].form}</p>
          </div>
          <SectionTitle sub={window && opening && <Zoned at={opening.opensAt} zone={window.timeZone} />}>
            {opening?.open ? 'What it would do now, in the window open since' : 'What it would do in the next window'}
          </SectionTitle>
          <div aria-live="polite" aria-busy={complete && !preview}>
            {!preview && <p className="text-cell text-ink-3">{complete ? 'Planning, and running the preflight checks …' : ''}</p>}
            {preview && (preview.ok ? <NightSteps preview={preview.value} /> : <ProblemPanel problem={preview.problem} />)}
          </div>
          {problem && <ProblemPanel className="mt-3" title="Not confirmed" problem={problem} />}
        </div>
      </div>
    </Dialog>
  )
}

interface Asked {
  server: string
  database: string
  rule: PolicyRule
  windowId: string
}

/** What the rule would do; undefined while that is being planned. */
function usePreview(given: Asked, on: boolean): Result<NightPreview> | undefined {
  const [answer, setAnswer] = useState<{ asked: string; result: Result<NightPreview> }>()
  const asked = JSON.stringify(given)
  useEffect(() => {
    if (!on) return
    let latest = true
    const timer = setTimeout(async () => {
      const { server, database, rule, windowId }: Asked = JSON.parse(asked)
      const result = await previewPolicy(server, database, rule, windowId)
      if (latest) setAnswer({ asked, result })
    }, 500)
    return () => {
      latest = false
      clearTimeout(timer)
    }
  }, [asked, on])
  return on && answer?.asked === asked ? answer.result : undefined
}
