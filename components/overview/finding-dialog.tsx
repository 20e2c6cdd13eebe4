'use client'
import { useState } from 'react'
import { sayOf } from '@/app/[server]/db/[database]/overview/actions'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Field, Input, TextArea } from '../ui/field'
import { ProblemPanel } from '../ui/problem-panel'
import { Segmented } from '../ui/segmented'
import { useAction } from '../use-action'
import type { FindingRow } from './overview-messages'

const HOUR_MS = 3_600_000
/** How long a snooze may be, as it is offered; any other moment is typed in. */
const PRESETS = { '1 h': 1, '8 h': 8, '1 day': 24, '1 week': 7 * 24, '30 days': 30 * 24 } as const

type Preset = keyof typeof PRESETS

/** As a field of type datetime-local has it: a moment in UTC, to the minute. */
const fieldOf = (ms: number): string => new Date(ms).toISOString().slice(0, 16)

interface FindingDialogProps {
  server: string
  row: FindingRow
  kind: 'acknowledge' | 'snooze'
  onClose: () => void
  onDone: () => unknown
}

/** Acknowledges the findings of a row with a note, or snoozes them until a moment, for a reason. */
export function FindingDialog({ server, row, kind, onClose, onDone }: FindingDialogProps) {
  const [opened] = useState(() => Date.now())
  const [preset, setPreset] = useState<Preset | null>('1 day')
  const [until, setUntil] = useState(() => fieldOf(opened + PRESETS['1 day'] * HOUR_MS))
  const [words, setWords] = useState('')
  const { busy, problem, call } = useAction()
  const isSnooze = kind === 'snooze'
  const ends = Date.parse(`${until}:00Z`)
  const lacks = isSnooze && (words.trim() === '' || Number.isNaN(ends))
  const say = () =>
    call(
      () =>
        sayOf(
          server,
          row.ids,
          isSnooze ? { kind, until: new Date(ends).toISOString(), reason: words } : { kind: 'acknowledge', note: words.trim() || null },
        ),
      async () => {
        await onDone()
        onClose()
      },
    )
  const title = isSnooze ? 'Snooze' : 'Acknowledge'
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      size="md"
      title={`${title}: ${row.first.title}`}
      description={
        isSnooze
          ? 'Snoozed findings are not counted. One that gets worse comes back at once; the others when the snooze ends.'
          : 'The finding stays in the list, with your name. The acknowledgement ends with the finding, or when it gets worse.'
      }
      footer={
        <Button variant="primary" disabled={busy || lacks} onClick={say}>
          {isSnooze ? 'Snooze' : 'Acknowledge'}
          {row.ids.length > 1 && ` ${row.ids.length} findings`}
        </Button>
      }
    >
      <div className="grid gap-3 px-5 py-4">
        {isSnooze && (
          <>
            <div>
              <Segmented
                label="For how long"
                value={preset ?? ('' as Preset)}
                choices={(Object.keys(PRESETS) as Preset[]).map((value) => ({ value, label: value }))}
                onChange={(value) => {
                  setPreset(value)
                  setUntil(fieldOf(Date.now() + PRESETS[value] * HOUR_MS))
                }}
              />
            </div>
            <Field label="Until (UTC)">
              <Input
                type="datetime-local"
                value={until}
                onChange={(event) => {
                  setPreset(null)
                  setUntil(event.target.value)
                }}
              />
            </Field>
          </>
        )}
        <Field label={isSnooze ? 'Reason (required)' : 'Note'}>
          <TextArea value={words} maxLength={500} onChange={(event) => setWords(event.target.value)} />
        </Field>
        {problem && <ProblemPanel problem={problem} />}
      </div>
    </Dialog>
  )
}
