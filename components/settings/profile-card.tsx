'use client'
import { type ReactNode, useState } from 'react'
import type { Profile } from '@/db/domain/server-profile'
import { KpiStrip } from '../ui/card'
import { classes } from '../ui/class-names'
import { inGb, STORAGE_WORDS, shownOf, unsaved, WORKLOAD_WORDS } from './configuration-messages'
import { type ChosenProfile, STORAGES, type TuningAnswer, WORKLOADS } from './configuration-params'

interface ProfileCardProps {
  tuning: TuningAnswer
  chosen: ChosenProfile
  onChoose: (change: Partial<ChosenProfile>) => void
}

const CONTROL =
  'h-7 min-w-0 rounded-[5px] border border-transparent bg-transparent px-1 -ml-1 text-kpi font-semibold tracking-[-.02em] text-ink hover:border-line-2 focus:border-accent focus:outline-none focus:ring-3 focus:ring-accent-soft max-sm:h-10'

/** The machine and what is asked of it, in five cells; each can be changed, and goes back to what was saved, else to the guess. */
export function ProfileCard({ tuning: { guessed, saved }, chosen, onChoose }: ProfileCardProps) {
  const differs = unsaved(chosen, saved)
  const base = <K extends keyof Profile>(key: K): Profile[K] => saved?.profile[key] ?? guessed[key].value
  const part = (key: keyof Profile, guess: string) => ({
    isChosen: differs.includes(key),
    isSaved: saved !== null,
    from: guessed[key],
    otherwise: saved && shownOf(saved.profile, key) !== (key === 'ram' ? inGb(guessed.ram.value) : guessed[key].value) ? guess : null,
    onBack: () => onChoose({ [key]: null }),
  })
  return (
    <KpiStrip className="mb-2.5 grid-cols-5 max-lg:grid-cols-3 max-sm:grid-cols-2">
      <Part label="RAM, GB" {...part('ram', String(inGb(guessed.ram.value)))}>
        <Amount
          label="RAM in GB"
          value={chosen.ram ?? inGb(base('ram'))}
          min={0.5}
          max={65_536}
          step="any"
          onChange={(ram) => onChoose({ ram })}
        />
      </Part>
      <Part label="CPUs" {...part('cpus', String(guessed.cpus.value))}>
        <Amount label="CPUs" value={chosen.cpus ?? base('cpus')} min={1} max={1024} step={1} onChange={(cpus) => onChoose({ cpus })} />
      </Part>
      <Part label="Storage" {...part('storage', STORAGE_WORDS[guessed.storage.value])}>
        <Choice
          label="Storage"
          value={chosen.storage ?? base('storage')}
          choices={STORAGES}
          words={STORAGE_WORDS}
          onChange={(storage) => onChoose({ storage })}
        />
      </Part>
      <Part label="Workload" {...part('workload', WORKLOAD_WORDS[guessed.workload.value])}>
        <Choice
          label="Workload"
          value={chosen.workload ?? base('workload')}
          choices={WORKLOADS}
          words={WORKLOAD_WORDS}
          onChange={(workload) => onChoose({ workload })}
        />
      </Part>
      <Part label="Connections" {...part('connections', String(guessed.connections.value))}>
        <Amount
          label="Connections"
          value={chosen.connections ?? base('connections')}
          min={5}
          max={10_000}
          step={1}
          onChange={(connections) => onChoose({ connections })}
        />
      </Part>
    </KpiStrip>
  )
}

interface ChoiceProps<T extends string> {
  label: string
  value: T
  choices: readonly T[]
  words: Record<T, string>
  onChange: (value: T | null) => void
}

function Choice<T extends string>({ label, value, choices, words, onChange }: ChoiceProps<T>) {
  return (
    <select
      aria-label={label}
      className={classes(CONTROL, 'w-full')}
      value={value}
      onChange={(event) => onChange(choices.find((one) => one === event.target.value) ?? null)}
    >
      {choices.map((one) => (
        <option key={one} value={one}>
          {words[one]}
        </option>
      ))}
    </select>
  )
}

interface PartProps {
  label: string
  isChosen: boolean
  isSaved: boolean
  from: { from: string; guess: boolean }
  /** The guess, where something else was saved. */
  otherwise: string | null
  onBack: () => void
  children: ReactNode
}

function Part({ label, isChosen, isSaved, from, otherwise, onBack, children }: PartProps) {
  return (
    <div className="-mt-px -ml-px min-w-0 border-t border-l border-line px-4 pt-[9px] pb-2.5 max-sm:px-3.5">
      <dt className="text-label text-ink-3">{label}</dt>
      <dd className="grid">
        {children}
        <span className="text-label text-ink-3">
          {isChosen ? (
            <>
              not saved,{' '}
              <button type="button" className="rounded-[3px] text-accent hover:underline" onClick={onBack}>
                back
              </button>
            </>
          ) : isSaved ? (
            `saved${otherwise ? `; ${from.guess ? 'guess' : 'seen'}: ${otherwise}` : ''}`
          ) : (
            `${from.guess ? 'guess: ' : ''}${from.from}`
          )}
        </span>
      </dd>
    </div>
  )
}

interface AmountProps {
  label: string
  value: number
  min: number
  max: number
  step: number | 'any'
  onChange: (value: number) => void
}

/** Taken when it is left or Enter is pressed, so that nothing is asked of the server between two digits. */
function Amount({ label, value, min, max, step, onChange }: AmountProps) {
  const [typed, type] = useState<string>()
  const take = () => {
    const number = Number(typed)
    if (
      typed !== undefined &&
      typed !== '' &&
      number >= min &&
      number <= max &&
      number !== value &&
      (step === 'any' || Number.isInteger(number))
    )
      onChange(number)
    type(undefined)
  }
  return (
    <input
      type="number"
      inputMode="decimal"
      aria-label={label}
      className={classes(CONTROL, 'w-full')}
      value={typed ?? value}
      min={min}
      max={max}
      step={step}
      onChange={(event) => type(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === 'Enter' && take()}
    />
  )
}
