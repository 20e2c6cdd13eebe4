'use client'
import { Check, Play, RotateCw, Trash2, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { typedPhrase } from '@/db/domain/typed-phrase'
import { numberWord } from '../format'
import { Kbd } from '../ui/badge'
import { Button } from '../ui/button'
import { Input } from '../ui/field'
import { countLines, isAllowable, type MergedLine, type Preview, verbOf } from './preview'

interface ConfirmFooterProps {
  previews: Preview[]
  database: string
  lines: MergedLine[]
  busy: boolean
  sending: boolean
  /** They are queued for a maintenance window. */
  later: boolean
  onCancel: () => void
  onCheckAgain: () => void
  onRun: (typed: string) => void
}

/** Typed phrase where something warns, and the buttons. A stop has no override. */
export function ConfirmFooter({ previews, database, lines, busy, sending, later, onCancel, onCheckAgain, onRun }: ConfirmFooterProps) {
  const [typed, setTyped] = useState('')
  const stops = lines.filter(({ status }) => status === 'stop')
  const phrase = stops.length === 0 ? typedPhrase(previews, database) : null
  const ready = previews.length > 0 && stops.length === 0 && !busy && !sending && (phrase === null || typed === phrase)
  const drops = previews.some(({ face }) => face.takes === 'object')
  const ends = previews.some(({ face }) => face.takes === 'session')
  const field = useRef<HTMLInputElement>(null)
  const asked = phrase !== null
  useEffect(() => {
    // The field is next when the dialog opens; whoever is choosing options keeps the focus.
    if (asked && !document.activeElement?.closest('label, fieldset')) field.current?.focus()
  }, [asked])
  const enter = (event: KeyboardEvent) => event.key === 'Enter' && ready && onRun(typed)
  return (
    <>
      {stops.length > 0 && (
        <Stopped stops={stops} allowable={stops.every(({ name }) => previews.some(({ face }) => isAllowable(face, name)))} />
      )}
      {phrase !== null && (
        <>
          <span className="relative w-72 max-sm:w-full">
            <Input
              ref={field}
              mono
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              onKeyDown={enter}
              aria-label={`Type ${phrase} to confirm`}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
            />
            {typed === phrase && <Check aria-hidden className="absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-ok" />}
          </span>
          <span className="max-w-64 text-label text-ink-3 max-sm:max-w-none">
            Type <code className="text-ink-2 [overflow-wrap:anywhere]">{phrase}</code> to confirm. {reason(previews, lines)}
          </span>
        </>
      )}
      <div className="ml-auto flex items-center gap-3 max-sm:w-full max-sm:[&>button]:flex-1">
        <Button onClick={onCancel} disabled={sending}>
          Cancel <Kbd className="max-sm:hidden">Esc</Kbd>
        </Button>
        {(stops.length > 0 || previews.length === 0) && (
          <Button onClick={onCheckAgain} disabled={busy}>
            <RotateCw aria-hidden />
            Check again
          </Button>
        )}
        <Button variant={drops || ends ? 'danger' : 'primary'} disabled={!ready} onClick={() => onRun(typed)}>
          {drops ? <Trash2 aria-hidden /> : ends ? <X aria-hidden /> : <Play aria-hidden />}
          {sending
            ? 'Queuing …'
            : later
              ? `${verbOf(previews.map(({ face }) => face)).replace(/^Run /, 'Plan ')} in the window`
              : verbOf(previews.map(({ face }) => face))}
        </Button>
      </div>
    </>
  )
}

function Stopped({ stops, allowable }: { stops: MergedLine[]; allowable: boolean }) {
  const [first] = stops
  const what = stops.length === 1 ? `${first?.title}: this stops the run.` : `${numberWord(stops.length, true)} checks stop this run.`
  return (
    <p role="status" className="min-w-0 flex-1 text-label">
      <span className="font-medium text-bad">{what}</span>{' '}
      <span className="ml-2 text-ink-3">{allowable ? 'One of the options allows it.' : 'There is no override.'}</span>
    </p>
  )
}

function reason(previews: Preview[], lines: MergedLine[]): string {
  const { warn } = countLines(lines)
  if (warn > 0) return `Required because ${warn === 1 ? 'one check warns' : `${numberWord(warn)} checks warn`}.`
  if (previews.some(({ plan }) => plan.locks.some(({ mode }) => mode === 'AccessExclusiveLock')))
    return 'Required because it takes an ACCESS EXCLUSIVE lock.'
  return previews.every(({ plan }) => plan.undo) ? 'Required for every drop.' : 'Required because it cannot be undone.'
}
