import type { ComponentProps } from 'react'
import { classes } from './class-names'

/** A part of the page that scrolls by itself: named, and a stop of the Tab key, so that the arrow keys can scroll it. */
export function ScrollRegion({ label, className, ...rest }: ComponentProps<'section'> & { label: string }) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  return <section aria-label={label} tabIndex={0} className={classes('overflow-auto', className)} {...rest} />
}
