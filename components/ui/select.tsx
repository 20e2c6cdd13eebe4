import { ChevronDown } from 'lucide-react'

interface SelectProps {
  label: string
  /** What stands for no choice; without it one of the choices is always chosen. */
  all?: string
  value: string | null
  choices: string[]
  onChange: (value: string | null) => void
}

/** One of a list that may be long; the browser's own, so that letters, arrows and a phone's wheel work. */
export function Select({ label, all, value, choices, onChange }: SelectProps) {
  return (
    <span className="relative inline-flex max-w-56 max-sm:max-w-full max-sm:shrink max-sm:grow max-sm:basis-[45%]">
      <select
        aria-label={label}
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value || null)}
        className="h-[30px] w-full appearance-none truncate rounded-control border border-line-2 bg-surface pr-7 pl-2.5 text-cell font-medium text-ink hover:bg-hover max-sm:h-10 max-sm:text-[16px]"
      >
        {all !== undefined && <option value="">{all}</option>}
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute top-1/2 right-2 size-3.5 -translate-y-1/2 text-ink-3" />
    </span>
  )
}
