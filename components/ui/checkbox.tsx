'use client'
import { type ComponentProps, useEffect, useRef } from 'react'
import { classes } from './class-names'

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type' | 'onChange' | 'ref'> {
  /** Some, not all. */
  indeterminate?: boolean
  /** `range` is true with Shift: from the last one to this one. */
  onCheckedChange?: (checked: boolean, range: boolean) => void
}

/** A 14 px box; indeterminate shows a bar. Give it an aria-label or stand it inside of a <label>. */
export function Checkbox({ indeterminate = false, onCheckedChange, className, ...rest }: CheckboxProps) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (input.current) input.current.indeterminate = indeterminate
  }, [indeterminate])
  return (
    <input
      ref={input}
      type="checkbox"
      onChange={(event) => {
        const native = event.nativeEvent
        onCheckedChange?.(event.target.checked, native instanceof MouseEvent && native.shiftKey)
      }}
      className={classes(
        'relative block size-3.5 shrink-0 appearance-none rounded-chip border border-line-2 bg-surface before:absolute before:-inset-2 after:absolute after:content-none',
        'checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent disabled:cursor-not-allowed disabled:opacity-45',
        'checked:after:top-[.5px] checked:after:left-[3.5px] checked:after:h-2 checked:after:w-1 checked:after:rotate-[42deg] checked:after:border-r-[1.6px] checked:after:border-b-[1.6px] checked:after:border-surface checked:after:content-[""]',
        'indeterminate:after:inset-x-[2.5px] indeterminate:after:top-[5px] indeterminate:after:h-0.5 indeterminate:after:bg-surface indeterminate:after:content-[""]',
        className,
      )}
      {...rest}
    />
  )
}
