import Link from 'next/link'
import type { ComponentProps } from 'react'
import { classes } from './class-names'

export type ButtonVariant = 'primary' | 'plain' | 'danger' | 'quiet' | 'bar' | 'bar-primary' | 'bar-quiet'

interface Look {
  variant?: ButtonVariant
  size?: 'md' | 'sm'
}

const LOOK: Record<ButtonVariant, string> = {
  primary: 'border-btn bg-btn text-btn-ink hover:opacity-90',
  plain: 'border-line-2 bg-surface text-ink hover:bg-hover',
  danger: 'border-line-2 bg-surface text-bad hover:bg-bad-soft',
  quiet: 'border-transparent text-ink-2 hover:bg-sunken',
  // For the dark bar at the bottom of the page.
  bar: 'border-bar-line text-bar-ink hover:border-bar-ink-2',
  'bar-primary': 'border-bar-ink bg-bar-ink text-bar hover:opacity-90',
  'bar-quiet': 'border-transparent text-bar-ink-2 hover:text-bar-ink',
}

/** The look of a button, for a link or a menu's trigger. */
export function buttonClass({ variant = 'plain', size = 'md' }: Look = {}): string {
  return classes(
    'inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap border font-medium leading-none no-underline select-none',
    'disabled:cursor-not-allowed disabled:opacity-45 aria-disabled:cursor-not-allowed aria-disabled:opacity-45 [&_svg]:size-3.5 [&_svg]:shrink-0',
    size === 'md' ? 'h-[30px] rounded-control px-[11px] text-body max-sm:h-10' : 'h-6 rounded-[5px] px-2 text-label max-sm:h-9',
    LOOK[variant],
  )
}

/** primary for the one main action of a page, plain, danger (drop, cancel, end session), quiet. */
export function Button({ variant, size, className, type = 'button', ...rest }: ComponentProps<'button'> & Look) {
  return <button type={type} className={classes(buttonClass({ variant, size }), className)} {...rest} />
}

/** A button that reads like a link, in a line of text. */
export function TextButton({ className, type = 'button', ...rest }: ComponentProps<'button'>) {
  return (
    <button
      type={type}
      className={classes('rounded-[3px] text-accent hover:underline disabled:opacity-45 max-sm:-my-2.5 max-sm:py-2.5', className)}
      {...rest}
    />
  )
}

/** A link that looks like a button. */
export function ButtonLink({ variant, size, className, ...rest }: ComponentProps<typeof Link> & Look) {
  return <Link className={classes(buttonClass({ variant, size }), className)} {...rest} />
}

/** A square button with an icon; label is what a screen reader says. */
export function IconButton({ label, className, type = 'button', ...rest }: ComponentProps<'button'> & { label: string }) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={classes(
        'grid size-7 shrink-0 place-items-center rounded-control text-ink-3 hover:bg-sunken hover:text-ink disabled:opacity-45 max-sm:size-10 [&_svg]:size-4',
        className,
      )}
      {...rest}
    />
  )
}
