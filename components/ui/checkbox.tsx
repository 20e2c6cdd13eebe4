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
      className={classes('checkbox-box', className)}
      {...rest}
    />
  )
}
