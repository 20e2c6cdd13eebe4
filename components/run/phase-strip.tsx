import { Check } from 'lucide-react'
import type { RunPhase } from '@/db/runs/run-types'
import { duration } from '../format'
import { classes } from '../ui/class-names'

const BAR: Record<RunPhase['state'], string> = {
  done: 'bg-live',
  current: 'bg-[repeating-linear-gradient(-55deg,var(--accent)_0_6px,var(--accent-line)_6px_10px)]',
  ahead: 'bg-line',
  skipped: 'bg-line',
}

/** The phases in PostgreSQL's real order. */
export function PhaseStrip({ phases, at }: { phases: RunPhase[]; at: string }) {
  if (phases.length === 0) return null
  return (
    <ol
      aria-label="Phases"
      className="mx-5 mt-4 grid grid-cols-[repeat(var(--n),minmax(0,1fr))] gap-1 max-sm:grid-cols-1 max-sm:gap-2"
      style={{ '--n': phases.length } as React.CSSProperties}
    >
      {phases.map((phase) => (
        <Phase key={phase.name} phase={phase} at={at} />
      ))}
    </ol>
  )
}

/** Whether a note only repeats the phase's name: Wait for old snapshots, waiting for old snapshots. */
const says = (name: string, note: string | null): boolean =>
  note !== null && note.toLowerCase().replace(/^waiting/, 'wait') === name.toLowerCase()

/** Whole seconds: progress is noted about twice a second, so that more would be invented. */
const spent = (ms: number): string => (ms < 1000 ? 'under 1 s' : duration(Math.round(ms / 1000) * 1000))

function Phase({ phase, at }: { phase: RunPhase; at: string }) {
  const { name, state, startedAt, endedAt, note } = phase
  const took = startedAt && (state === 'done' || state === 'current') ? spent(Date.parse(endedAt ?? at) - Date.parse(startedAt)) : null
  return (
    <li aria-current={state === 'current' ? 'step' : undefined} className="relative pt-3.5 max-sm:pt-0 max-sm:pl-3.5">
      <span
        aria-hidden
        className={classes(
          'absolute inset-x-0 top-0 h-1 rounded-[1px] max-sm:inset-y-0 max-sm:right-auto max-sm:h-auto max-sm:w-1',
          BAR[state],
        )}
      />
      <span
        className={classes(
          'flex items-center gap-[5px] text-cell',
          state === 'current' ? 'font-semibold text-accent' : state === 'done' ? 'font-medium' : 'font-medium text-ink-3',
        )}
      >
        {state === 'done' && <Check aria-label="done" className="size-3.5 text-live" />}
        {name}
      </span>
      <span className="block text-label text-ink-3">
        {[took, ((state === 'current' && !says(name, note)) || state === 'skipped') && note].filter(Boolean).join(', ')}
      </span>
    </li>
  )
}
