'use client'
import { ChevronUp, Clock, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { ServerTuning, TunedSetting } from '@/db/settings/tune-server'
import { WhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { classes } from '../ui/class-names'
import { CopyButton } from '../ui/copy-button'
import { ScrollRegion } from '../ui/scroll-region'
import { Select } from '../ui/select'
import { SqlText } from '../ui/sql'
import { FORMAT_WORDS } from './configuration-messages'
import { FORMATS } from './configuration-params'

interface ScriptCardProps {
  tuning: ServerTuning
  chosen: TunedSetting[]
  format: (typeof FORMATS)[number]
  onFormat: (format: (typeof FORMATS)[number]) => void
  mayRun: boolean
  /** The server can be restarted from this page. */
  restartable: boolean
  /** Typed values are being checked: what stands here is about to change. */
  pending: boolean
  onApply: () => void
}

/**
 * What is chosen, in the form that is asked for, and the way to apply it: always in sight, beside the table while there is room, else
 * as a bar at the bottom that unfolds.
 */
export function ScriptCard({ tuning, chosen, format, onFormat, mayRun, restartable, pending, onApply }: ScriptCardProps) {
  const [open, setOpen] = useState(false)
  const { before, after } = tuning.frames[format]
  const text = chosen.length === 0 ? '' : before + chosen.map(({ lines }) => lines[format]).join('') + after
  const restarts = chosen.filter(({ takes }) => takes === 'restart')
  const folded = !open && 'max-[1300px]:hidden'
  return (
    <section
      aria-label="Script"
      className="sticky top-4 z-[5] flex max-h-[calc(100dvh-2rem)] min-w-0 flex-col rounded-card border border-line bg-surface p-3 shadow-card max-[1300px]:top-auto max-[1300px]:bottom-2 max-[1300px]:max-h-[70dvh] max-[1300px]:shadow-float"
    >
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="text-body font-semibold max-[1300px]:hidden">Script</h2>
        <Button className="min-[1300px]:hidden" aria-expanded={open} onClick={() => setOpen(!open)}>
          Script
          <ChevronUp aria-hidden className={open ? 'rotate-180' : ''} />
        </Button>
        <span className={classes('ml-auto flex items-center gap-2', folded)}>
          <Select
            label="Form of the script"
            all={FORMAT_WORDS.sql}
            value={format === 'sql' ? null : FORMAT_WORDS[format]}
            choices={FORMATS.filter((one) => one !== 'sql').map((one) => FORMAT_WORDS[one])}
            onChange={(words) => onFormat(FORMATS.find((one) => FORMAT_WORDS[one] === words) ?? 'sql')}
          />
          <CopyButton text={text} />
        </span>
        <Button
          variant="primary"
          className="order-last w-full max-[1300px]:ml-auto max-[1300px]:w-auto"
          disabled={!mayRun || pending || chosen.length === 0}
          onClick={onApply}
        >
          Apply {chosen.length} {chosen.length === 1 ? 'setting' : 'settings'}…
        </Button>
      </div>
      {!mayRun && (
        <p className="mt-1.5 text-label text-ink-3">
          <WhyNot act="Applying" />.
        </p>
      )}
      <ScrollRegion label="Script text" className={classes('mt-3 min-h-24 rounded-control bg-sunken', folded)}>
        <pre className="px-3 py-2.5 leading-[18px] whitespace-pre-wrap [overflow-wrap:anywhere]">
          {chosen.length === 0 ? 'No setting is chosen.' : format === 'sql' ? <SqlText sql={text} /> : text}
        </pre>
      </ScrollRegion>
      <p className={classes('mt-3 flex gap-2 text-label text-ink-2', folded)}>
        <Undo2 aria-hidden className="mt-0.5 size-3.5 shrink-0 text-ink-3" />
        <span>
          <b className="font-medium text-ink">The previous values are kept with the run.</b> Undo sets each setting back to its former value
          in postgresql.auto.conf, or resets it.
        </span>
      </p>
      {restarts.length > 0 && (
        <p className={classes('mt-2 flex gap-2 text-label text-ink-2', folded)}>
          <Clock aria-hidden className="mt-0.5 size-3.5 shrink-0 text-ink-3" />
          <span className="[overflow-wrap:anywhere]">
            <b className="font-medium text-ink">
              {restarts.map(({ name }) => name).join(', ')} {restarts.length === 1 ? 'waits' : 'wait'} for a restart.
            </b>{' '}
            {restartable
              ? 'Pending until the sample is restarted, which this page then offers.'
              : 'Proctor never restarts the server: pending until you do.'}
          </span>
        </p>
      )}
    </section>
  )
}
