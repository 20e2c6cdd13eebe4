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

const BOX =
  'w-full rounded-control border border-line-2 bg-surface px-2.5 text-ink placeholder:text-ink-3 focus:border-accent focus:outline-none focus:ring-3 focus:ring-accent-soft disabled:opacity-45 aria-invalid:border-bad max-sm:text-[16px]'

export function Input({ mono, className, ...rest }: ComponentProps<'input'> & { mono?: boolean }) {
  return <input className={classes(BOX, 'h-8 max-sm:h-10', mono ? 'font-mono' : 'text-body', className)} {...rest} />
}

export function TextArea({ mono, className, ...rest }: ComponentProps<'textarea'> & { mono?: boolean }) {
  return <textarea className={classes(BOX, 'min-h-16 resize-y py-1.5', mono ? 'font-mono' : 'text-body', className)} {...rest} />
}
