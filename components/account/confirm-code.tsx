'use client'
import { type FormEvent, useState } from 'react'
import { confirmSecondFactor } from '@/app/account/actions'
import { Button } from '../ui/button'
import { CopyButton } from '../ui/copy-button'
import { Field, Input } from '../ui/field'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'

export interface SetUp {
  secret: string
  /** One path in a square of `size` units. */
  qr: { size: number; path: string }
  backupCodes: string[]
}

/** The secret for the app, as a picture and as text, and the first code to show that the app has it. */
export function ConfirmCode({ setUp, done, cancel }: { setUp: SetUp; done: () => void; cancel: () => void }) {
  const [code, setCode] = useState('')
  const { busy, problem, call } = useAction()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    call(() => confirmSecondFactor(code), done)
  }
  const { size, path } = setUp.qr
  return (
    <form onSubmit={submit} className="flex items-start gap-5 max-sm:flex-col">
      {/* Black on white in both themes: cameras read nothing else reliably. */}
      <svg
        role="img"
        aria-label="QR code for an authenticator app"
        viewBox={`0 0 ${size} ${size}`}
        shapeRendering="crispEdges"
        className="size-[184px] shrink-0 rounded-control border border-line"
      >
        <path fill="#fff" d={`M0 0h${size}v${size}H0z`} />
        <path fill="#000" d={path} />
      </svg>
      <div className="grid min-w-0 flex-1 gap-3.5">
        <div className="grid gap-1">
          <p className="text-label font-medium text-ink-2">Scan it with the app, or type this key there</p>
          <div className="flex flex-wrap items-center gap-2">
            <code className="min-w-0 text-ink [overflow-wrap:anywhere]">{setUp.secret.match(/.{1,4}/g)?.join(' ')}</code>
            <CopyButton text={setUp.secret} label="Copy key" />
          </div>
        </div>
        <Field label="Code that the app shows now">
          <Input
            mono
            value={code}
            onChange={(event) => setCode(event.target.value)}
            maxLength={20}
            inputMode="numeric"
            autoComplete="one-time-code"
            className="max-w-[160px]"
            autoFocus
          />
        </Field>
        {problem && <ProblemPanel problem={problem} />}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" disabled={busy || code.trim() === ''}>
            Turn on
          </Button>
          <Button variant="quiet" onClick={cancel}>
            Cancel
          </Button>
        </div>
      </div>
    </form>
  )
}
