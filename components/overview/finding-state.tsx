'use client'
import { Ellipsis } from 'lucide-react'
import { ago, appointment } from '../format-time'
import { Badge, type BadgeTone } from '../ui/badge'
import { IconButton, TextButton } from '../ui/button'
import { Menu, MenuItem } from '../ui/menu'
import type { FindingRow } from './overview-messages'

/** What somebody may say of a row. */
export type Saying = 'acknowledge' | 'snooze' | 'end acknowledgement' | 'end snooze'

const BADGE: Record<FindingRow['state'], { word: string; tone: BadgeTone }> = {
  new: { word: 'New', tone: 'bad' },
  open: { word: 'Open', tone: 'plain' },
  acknowledged: { word: 'Acknowledged', tone: 'run' },
  snoozed: { word: 'Snoozed', tone: 'plain' },
  ended: { word: 'Ended', tone: 'ok' },
}

interface FindingStateProps {
  row: FindingRow
  now: string
  maySay: boolean
  onSay: (row: FindingRow, saying: Saying) => void
}

/** Whether anybody deals with it: new, open, acknowledged by whom, or snoozed until when and why. */
export function FindingState({ row, now, maySay, onSay }: FindingStateProps) {
  const { state, said, ids } = row
  const { word, tone } = BADGE[state]
  if (ids.length === 0) return <div className="max-lg:hidden" />
  const isNobodys = state === 'new' || state === 'open'
  return (
    <div className="min-w-0 text-label text-ink-2 [overflow-wrap:anywhere] max-lg:col-start-2">
      <Badge tone={tone}>{word}</Badge>{' '}
      {isNobodys && maySay && (
        <TextButton aria-label={`Acknowledge ${row.first.title}`} onClick={() => onSay(row, 'acknowledge')}>
          Acknowledge…
        </TextButton>
      )}
      {state === 'acknowledged' && said?.acknowledged && (
        <>
          {said.acknowledged.by} {ago(said.acknowledged.at, now)}
          {said.acknowledged.note && `: “${said.acknowledged.note}”`}
        </>
      )}
      {state === 'snoozed' && said?.snoozed && (
        <>
          until {appointment(said.snoozed.until, 'UTC', now)} UTC, {said.snoozed.by}: “{said.snoozed.reason}”
        </>
      )}
    </div>
  )
}

/** What may be said of a row, beside its main action. */
export function FindingMenu({ row, maySay, onSay }: Omit<FindingStateProps, 'now'>) {
  if (row.ids.length === 0 || !maySay) return <div className="w-7 max-lg:hidden" />
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`More about ${row.first.title}`}>
          <Ellipsis aria-hidden />
        </IconButton>
      }
    >
      {row.state !== 'acknowledged' && row.state !== 'snoozed' && (
        <MenuItem onClick={() => onSay(row, 'acknowledge')}>Acknowledge…</MenuItem>
      )}
      {row.state === 'acknowledged' && <MenuItem onClick={() => onSay(row, 'end acknowledgement')}>End acknowledgement</MenuItem>}
      <MenuItem onClick={() => onSay(row, 'snooze')}>{row.state === 'snoozed' ? 'Change snooze…' : 'Snooze…'}</MenuItem>
      {row.state === 'snoozed' && <MenuItem onClick={() => onSay(row, 'end snooze')}>End snooze</MenuItem>}
    </Menu>
  )
}
