'use client'
import { Search } from 'lucide-react'
import type { Ref } from 'react'
import { Kbd } from './badge'
import { classes } from './class-names'

interface SearchFieldProps {
  value: string
  onChange: (value: string) => void
  label: string
  /** The key that focuses the field, printed at its right. */
  shortcut?: string
  className?: string
  ref?: Ref<HTMLInputElement>
}

/** Filters as one types. Esc empties it, then leaves it. */
export function SearchField({ value, onChange, label, shortcut, className, ref }: SearchFieldProps) {
  return (
    <div
      className={classes(
        'flex h-[30px] w-56 items-center gap-[7px] rounded-control border border-line-2 bg-surface px-2 text-ink-3 focus-within:border-accent focus-within:ring-3 focus-within:ring-accent-soft max-sm:h-10 max-sm:w-full',
        className,
      )}
    >
      <Search aria-hidden className="size-3.5 shrink-0" />
      <input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          if (value) onChange('')
          else event.currentTarget.blur()
        }}
        className="min-w-0 flex-1 bg-transparent text-cell text-ink outline-none placeholder:text-ink-3 max-sm:text-[16px] [&::-webkit-search-cancel-button]:hidden"
      />
      {shortcut && !value && <Kbd className="max-sm:hidden">{shortcut}</Kbd>}
    </div>
  )
}
