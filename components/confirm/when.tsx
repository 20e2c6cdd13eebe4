import type { MaintenanceWindow } from '@/db/runs/maintenance-windows'
import { duration, numberWord } from '../format'
import { Zoned } from '../maintenance/zoned'
import { SectionTitle } from '../ui/section-title'
import { Select } from '../ui/select'
import type { Preview, Terms } from './preview'

/** What was chosen so far; left out is the default. */
export interface Chosen {
  giveUpMinutes?: number
  /** null: now. Left out: the window that comes next where many steps are planned, else now. */
  windowId?: string | null
}

interface WhenProps {
  previews: Preview[]
  windows: MaintenanceWindow[]
  chosen: Chosen
  /** Steps are planned: a window is the default where there is one. */
  planning: boolean
  onChange: (chosen: Chosen) => void
}

/** A signal to a session is for now; everything else may wait for a window. */
const mayWaitFor = (previews: Preview[], windows: MaintenanceWindow[]): boolean =>
  windows.length > 0 && previews.every(({ weight }) => weight !== 'signal')

/** The id of the window that holds, by choice or by default: the one that is open, else the one that opens first. null: now. */
export function windowOf({ windowId }: Chosen, previews: Preview[], windows: MaintenanceWindow[], planning: boolean): string | null {
  if (windowId !== undefined) return windowId
  if (!planning || previews.length === 0 || !mayWaitFor(previews, windows)) return null
  const [first] = windows.toSorted((a, b) => Number(b.open) - Number(a.open) || Date.parse(a.opensAt) - Date.parse(b.opensAt))
  return first?.id ?? null
}

/** When the runs start, now or in a maintenance window, and how long they wait for others. */
export function When({ previews, windows, chosen, planning, onChange }: WhenProps) {
  const patience = patienceOf(previews)
  const id = windowOf(chosen, previews, windows, planning)
  const window = windows.find((one) => one.id === id)
  const minutes = limitOf(patience, chosen) ?? 0
  const mayWait = mayWaitFor(previews, windows)
  if (!patience && !mayWait) return null
  return (
    <section>
      <SectionTitle>When</SectionTitle>
      <div className="grid gap-2">
        {mayWait && (
          <Choice
            about={
              window ? (
                <>
                  {window.words}. {window.open ? 'Open now, since' : 'Next:'} <Zoned at={window.opensAt} zone={window.timeZone} />. Checked
                  again when it starts; none starts after its end.
                </>
              ) : (
                'As soon as the runs before it have ended.'
              )
            }
          >
            <Select
              label="Start"
              all="Run now"
              value={window?.name ?? null}
              choices={windows.map(({ name }) => name)}
              onChange={(name) => onChange({ ...chosen, windowId: windows.find((one) => one.name === name)?.id ?? null })}
            />
          </Choice>
        )}
        {patience && (
          <Choice about={waitWords(patience, minutes, previews)}>
            <Select
              label="Give up"
              value={limitLabel(minutes)}
              choices={patience.choices.map(limitLabel)}
              onChange={(label) => onChange({ ...chosen, giveUpMinutes: patience.choices.find((one) => limitLabel(one) === label) })}
            />
          </Choice>
        )}
      </div>
    </section>
  )
}

const Choice = ({ about, children }: { about: React.ReactNode; children: React.ReactNode }) => (
  <div className="grid grid-cols-[minmax(0,1fr)_168px] items-center gap-x-3 gap-y-1 text-cell text-ink-2 max-sm:grid-cols-1 [&>span]:max-w-none">
    <p className="min-w-0 [overflow-wrap:anywhere]">{about}</p>
    {children}
  </div>
)

/** At the first try, after 30 min, after 2 h */
export const limitLabel = (minutes: number): string => (minutes === 0 ? 'At the first try' : `After ${duration(minutes * 60_000)}`)

/** What holds for all of them: the longest default, and the limits that each of them may have. */
function patienceOf(previews: Preview[]) {
  const all = previews.flatMap(({ plan }) => (plan.patience ? [plan.patience] : []))
  const [first] = all
  if (!first) return null
  return {
    minutes: Math.max(...all.map(({ minutes }) => minutes)),
    choices: first.choices.filter((minutes) => all.every(({ choices }) => choices.includes(minutes))),
    retries: all.filter(({ retries }) => retries).length,
    waits: all.filter(({ retries }) => !retries).length,
  }
}

/** What was chosen, as far as the options still allow it; null where nothing waits. */
const limitOf = (patience: ReturnType<typeof patienceOf>, { giveUpMinutes }: Chosen): number | null =>
  patience && (patience.choices.find((one) => one === giveUpMinutes) ?? patience.minutes)

function waitWords({ retries, waits }: { retries: number; waits: number }, minutes: number, previews: Preview[]): string {
  const each = previews.length === 1 ? '' : ' each'
  if (retries === 0) return `Stops${each} after waiting this long for locks without a break.`
  const again =
    minutes === 0
      ? 'Stops if the lock is not available at once.'
      : 'If the lock is not available, it stops waiting so that others can pass, and retries until this time is up.'
  return waits === 0 ? again : `${again} ${numberWord(waits, true)} CONCURRENTLY ${waits === 1 ? 'waits' : 'wait'} in one go.`
}

/** What is sent with the confirmation: the defaults are said, too. */
export function termsOf(chosen: Chosen, previews: Preview[], windows: MaintenanceWindow[], planning: boolean): Terms {
  const giveUpMinutes = limitOf(patienceOf(previews), chosen)
  const id = windowOf(chosen, previews, windows, planning)
  if (id === null) return { giveUpMinutes, window: null }
  // One that is gone meanwhile is sent as well: the server refuses it, and nothing starts now instead.
  const { cron, timeZone, minutes } = windows.find((one) => one.id === id) ?? { cron: '', timeZone: '', minutes: 0 }
  return { giveUpMinutes, window: { id, cron, timeZone, minutes } }
}
