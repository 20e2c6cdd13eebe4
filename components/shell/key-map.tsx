'use client'
import { Kbd } from '../ui/badge'
import { Dialog } from '../ui/dialog'

const KEYS: [string[], string][] = [
  [['Ctrl K'], 'Commands'],
  [['/'], 'Filter the table'],
  [['J', 'K'], 'Next, previous row; arrows too'],
  [['X'], 'Select the row'],
  [['Shift X'], 'Select from the last selected row to this one'],
  [['Enter'], 'Open the row'],
  [['Esc'], 'Close, or clear the selection'],
  [['R'], 'Rebuild: opens the confirmation, runs nothing'],
  [['D'], 'Drop: opens the confirmation, runs nothing'],
  [['C'], 'Copy SQL of the selection, or of the row'],
  [['E'], 'Export'],
  [['G', 'O'], 'All servers'],
  [['G', 'V'], 'Activity'],
  [['G', 'I'], 'Indexes'],
  [['G', 'T'], 'Tables'],
  [['G', 'R'], 'Runs'],
  [['G', 'A'], 'Audit'],
  [['G', 'S'], 'Servers: add, change, remove'],
  [['G', 'U'], 'Users: invite, change'],
  [['T'], 'Light or dark'],
  [['?'], 'This list'],
]

/** Every key that does something. No key runs SQL. */
export function KeyMap({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open size="md" onOpenChange={onClose} title="Keys" description="No key runs SQL.">
      <dl className="grid gap-x-6 px-5 py-3 sm:grid-cols-2">
        {KEYS.map(([keys, does]) => (
          <div key={keys.join()} className="flex items-center gap-3 border-b border-grid py-1.5 text-cell">
            <dt className="flex w-16 shrink-0 gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd className="text-ink-2">{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
