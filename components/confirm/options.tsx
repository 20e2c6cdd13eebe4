'use client'
import { useId } from 'react'
import type { CommandOption } from '@/db/commands/face'
import type { CommandRequest } from '@/db/domain/command-request'
import { Checkbox } from '../ui/checkbox'
import { SectionTitle } from '../ui/section-title'
import { Segmented } from '../ui/segmented'
import type { Preview } from './preview'

interface OptionsProps {
  options: CommandOption[]
  /** All of one command; a change holds for each. Requests alone where they could not be planned. */
  requests: (CommandRequest & Partial<Pick<Preview, 'preflight'>>)[]
  onChange: (key: string, value: unknown) => void
}

/** What can be chosen about a command: each change plans again. */
export function Options({ options: all, requests, onChange }: OptionsProps) {
  const [first] = requests
  const lines = new Set(requests.flatMap(({ preflight = [] }) => preflight.map(({ name }) => name)))
  const options = all.filter(({ allows }) => allows === undefined || lines.has(allows))
  if (!first || options.length === 0) return null
  const excluded = new Set(options.flatMap(({ key, excludes = [] }) => (first.input[key] === true ? excludes : [])))
  return (
    <section>
      <SectionTitle>Options</SectionTitle>
      <div className="grid gap-1.5">
        {options
          .filter(({ key }) => !excluded.has(key))
          .map((option) => (
            <Option key={option.key} option={option} value={first.input[option.key]} onChange={(value) => onChange(option.key, value)} />
          ))}
      </div>
    </section>
  )
}

interface OptionProps {
  option: CommandOption
  value: unknown
  onChange: (value: unknown) => void
}

function Option({ option: { label, about, choices }, value, onChange }: OptionProps) {
  const id = useId()
  const words = (
    <span>
      <code className="text-ink">{label}</code>{' '}
      <span id={id} className="text-ink-3">
        {about}
      </span>
    </span>
  )
  if (!choices) {
    return (
      <label className="grid grid-cols-[18px_1fr] items-start gap-2 text-cell">
        <Checkbox
          className="mt-[2px]"
          aria-label={label}
          aria-describedby={id}
          checked={value === true}
          onCheckedChange={(on) => onChange(on)}
        />
        {words}
      </label>
    )
  }
  const current = choices.find((choice) => choice.value === value) ?? choices[0]
  return (
    <div className="flex items-center justify-between gap-x-3 gap-y-1 text-cell max-sm:flex-col max-sm:items-start">
      {words}
      <Segmented
        label={label}
        value={current?.label ?? ''}
        choices={choices.map((choice) => ({ value: choice.label, label: choice.label }))}
        onChange={(picked) => onChange(choices.find((choice) => choice.label === picked)?.value)}
      />
    </div>
  )
}
