'use client'
import { type ReactNode, useState } from 'react'
import type { ServerTuning } from '@/db/tuning/tune-server'
import { KpiStrip } from '../ui/card'
import { classes } from '../ui/class-names'
import { type ChosenProfile, STORAGES, WORKLOADS } from './configuration-params'
import { STORAGE_WORDS, WORKLOAD_WORDS } from './configuration-words'

interface ProfileCardProps {
  guessed: ServerTuning['guessed']
  chosen: ChosenProfile
  onChoose: (change: Partial<ChosenProfile>) => void
}

const GB = 1024 ** 3
const CONTROL =
  'h-7 min-w-0 rounded-[5px] border border-transparent bg-transparent px-1 -ml-1 text-kpi font-semibold tracking-[-.02em] text-ink hover:border-line-2 focus:border-accent focus:outline-none focus:ring-3 focus:ring-accent-soft max-sm:h-10'

/** The machine and what is asked of it, in five cells; each can be changed, and goes back to the guess when it is emptied. */
export function ProfileCard({ guessed, chosen, onChoose }: ProfileCardProps) {
  return (
    <KpiStrip className="mb-4 grid-cols-5 max-lg:grid-cols-3 max-sm:grid-cols-2">
      <Part label="RAM, GB" key="ram" isChosen={chosen.ram !== null} from={guessed.ram} onBack={() => onChoose({ ram: null })}>
        <Amount
          label="RAM in GB"
          value={chosen.ram ?? Number((guessed.ram.value / GB).toFixed(1))}
          min={0.5}
          max={65_536}
          step="any"
          onChange={(ram) => onChoose({ ram })}
        />
      </Part>
      <Part label="CPUs" isChosen={chosen.cpus !== null} from={guessed.cpus} onBack={() => onChoose({ cpus: null })}>
        <Amount
          label="CPUs"
          value={chosen.cpus ?? guessed.cpus.value}
          min={1}
          max={1024}
          step={1}
          onChange={(cpus) => onChoose({ cpus })}
        />
      </Part>
      <Part label="Storage" isChosen={chosen.storage !== null} from={guessed.storage} onBack={() => onChoose({ storage: null })}>
        <select
          aria-label="Storage"
          className={classes(CONTROL, 'w-full')}
          value={chosen.storage ?? guessed.storage.value}
          onChange={(event) => onChoose({ storage: STORAGES.find((one) => one === event.target.value) ?? null })}
        >
          {STORAGES.map((one) => (
            <option key={one} value={one}>
              {STORAGE_WORDS[one]}
            </option>
          ))}
        </select>
      </Part>
      <Part label="Workload" isChosen={chosen.workload !== null} from={guessed.workload} onBack={() => onChoose({ workload: null })}>
        <select
          aria-label="Workload"
          className={classes(CONTROL, 'w-full')}
          value={chosen.workload ?? guessed.workload.value}
          onChange={(event) => onChoose({ workload: WORKLOADS.find((one) => one === event.target.value) ?? null })}
        >
          {WORKLOADS.map((one) => (
            <option key={one} value={one}>
              {WORKLOAD_WORDS[one]}
            </option>
          ))}
        </select>
      </Part>
      <Part
        label="Connections"
        isChosen={chosen.connections !== null}
        from={guessed.connections}
        onBack={() => onChoose({ connections: null })}
      >
        <Amount
          label="Connections"
          value={chosen.connections ?? guessed.connections.value}
          min={5}
          max={10_000}
          step={1}
          onChange={(connections) => onChoose({ connections })}
        />
      </Part>
    </KpiStrip>
  )
}

interface PartProps {
  label: string
  isChosen: boolean
  from: { from: string; guess: boolean }
  onBack: () => void
  children: ReactNode
}

function Part({ label, isChosen, from, onBack, children }: PartProps) {
  return (
    <div className="-mt-px -ml-px min-w-0 border-t border-l border-line px-4 pt-[9px] pb-2.5 max-sm:px-3.5">
      <dt className="text-label text-ink-3">{label}</dt>
      <dd className="grid">
        {children}
        <span className="text-label text-ink-3">
          {isChosen ? (
            <>
              chosen here,{' '}
              <button type="button" className="rounded-[3px] text-accent hover:underline" onClick={onBack}>
                back
              </button>
            </>
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
