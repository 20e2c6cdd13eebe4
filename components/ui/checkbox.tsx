'use client'
import { Checkbox as Base } from '@base-ui/react/checkbox'
import type { ComponentProps } from 'react'
import { classes } from './class-names'

/** A 14 px box; indeterminate shows a bar. Give it an aria-label or stand it inside a <label>. */
export function Checkbox({ className, ...rest }: Omit<ComponentProps<typeof Base.Root>, 'className'> & { className?: string }) {
  return (
    <Base.Root
      className={classes(
        'relative block size-3.5 shrink-0 rounded-chip border border-line-2 bg-surface p-0 before:absolute before:-inset-2',
        'data-checked:border-accent data-checked:bg-accent data-indeterminate:border-accent data-indeterminate:bg-accent',
        'data-disabled:cursor-not-allowed data-disabled:opacity-45',
        className,
      )}
      {...rest}
    >
      <Base.Indicator
        className={classes(
          'absolute data-unchecked:hidden',
          'data-checked:top-[.5px] data-checked:left-[3.5px] data-checked:h-2 data-checked:w-1 data-checked:rotate-[42deg] data-checked:border-r-[1.6px] data-checked:border-b-[1.6px] data-checked:border-surface',
          'data-indeterminate:inset-x-[2.5px] data-indeterminate:top-[5px] data-indeterminate:h-0.5 data-indeterminate:bg-surface',
        )}
      />
    </Base.Root>
  )
}
