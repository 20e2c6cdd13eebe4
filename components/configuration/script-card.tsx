import { Clock, Undo2 } from 'lucide-react'
import type { ServerTuning, TunedSetting } from '@/db/settings/tune-server'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
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
  onApply: () => void
}

/** What is chosen, in the form that is asked for, and the way to apply it from here. */
export function ScriptCard({ tuning, chosen, format, onFormat, mayRun, restartable, onApply }: ScriptCardProps) {
  const { before, after } = tuning.frames[format]
  const text = chosen.length === 0 ? '' : before + chosen.map(({ lines }) => lines[format]).join('') + after
  const restarts = chosen.filter(({ takes }) => takes === 'restart')
  return (
    <Card label="Script" className="p-3">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h2 className="text-body font-semibold">Script</h2>
        <span className="ml-auto flex items-center gap-2">
          <Select
            label="Form of the script"
            all={FORMAT_WORDS.sql}
            value={format === 'sql' ? null : FORMAT_WORDS[format]}
            choices={FORMATS.filter((one) => one !== 'sql').map((one) => FORMAT_WORDS[one])}
            onChange={(words) => onFormat(FORMATS.find((one) => FORMAT_WORDS[one] === words) ?? 'sql')}
          />
          <CopyButton text={text} />
        </span>
      </div>
      <ScrollRegion label="Script text" className="max-h-105 rounded-control bg-sunken">
        <pre className="px-3 py-2.5 leading-[18px] whitespace-pre-wrap [overflow-wrap:anywhere]">
          {chosen.length === 0 ? 'Nothing is chosen.' : format === 'sql' ? <SqlText sql={text} /> : text}
        </pre>
      </ScrollRegion>
      <Button variant="primary" className="mt-3 w-full" disabled={!mayRun || chosen.length === 0} onClick={onApply}>
        Apply {chosen.length} {chosen.length === 1 ? 'setting' : 'settings'}…
      </Button>
      {!mayRun && <p className="mt-1.5 text-label text-ink-3">Applying takes an operator.</p>}
      <p className="mt-3 flex gap-2 text-label text-ink-2">
        <Undo2 aria-hidden className="mt-0.5 size-3.5 shrink-0 text-ink-3" />
        <span>
          <b className="font-medium text-ink">The former state is kept with the run.</b> Undo sets each setting back to its former value in
          postgresql.auto.conf, or resets it.
        </span>
      </p>
      {restarts.length > 0 && (
        <p className="mt-2 flex gap-2 text-label text-ink-2">
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
    </Card>
  )
}
