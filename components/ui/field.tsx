import type { ComponentProps, ReactNode } from 'react'
import { classes } from './class-names'

/** A text field with its label above, and what is wrong with it below. */
export function Field({ label, error, hint, children }: { label: string; error?: string; hint?: ReactNode; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control comes as a child
    <label className="grid gap-1">
      <span className="text-label font-medium text-ink-2">{label}</span>
      {children}
      {error ? <span className="text-label text-bad">{error}</span> : hint && <span className="text-label text-ink-3">{hint}</span>}
    </label>
  )
}

export function Input({ mono, className, ...rest }: ComponentProps<'input'> & { mono?: boolean }) {
  return (
    <input
      className={classes(
        'h-8 w-full rounded-control border border-line-2 bg-surface px-2.5 text-ink placeholder:text-ink-3 focus:border-accent focus:outline-none focus:ring-3 focus:ring-accent-soft disabled:opacity-45 aria-invalid:border-bad max-sm:h-10 max-sm:text-[16px]',
        mono ? 'font-mono' : 'text-body',
        className,
      )}
      {...rest}
    />
  )
}
