'use client'
import { observeWindowOffset, useWindowVirtualizer, windowScroll } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'

const ROW = 29
const OVERSCAN = 8
/** Up to here all rows are in the page, so that the browser finds and prints them. */
const WHOLE = 200
/** The server does not know the window: its markup holds as many rows as most screens show below the charts. */
const FIRST_WINDOW = { width: 1440, height: 480 }
// Effects on layout run in the browser only.
const useBrowserLayoutEffect = typeof window === 'undefined' ? useEffect : useLayoutEffect

/**
 * A page that is loaded again stands where it was scrolled to, which the server cannot know. So the first render is of the top on both
 * sides, and the place of the window is told right after, before the virtualizer would scroll to what it knows.
 */
const observeFromWhereItStands: typeof observeWindowOffset = (instance, tell) => {
  const end = observeWindowOffset(instance, tell)
  tell(window.scrollY, false)
  return end
}

/** Nothing where the window stands there already: even such a scroll would end the browser's own return to where it was. */
const scrollWhereItIsNot: typeof windowScroll = (offset, options, instance) => {
  if (Math.abs(offset + (options.adjustments ?? 0) - window.scrollY) >= 1) windowScroll(offset, options, instance)
}

/** Which of very many rows are near the window. Heights are measured, for a long name takes two lines. */
export function useRowWindow(count: number, body: RefObject<HTMLTableSectionElement | null>, overscan = OVERSCAN) {
  const [margin, setMargin] = useState(0)
  const virtual = useWindowVirtualizer({
    count,
    estimateSize: () => ROW,
    overscan: count <= WHOLE ? count : overscan,
    scrollMargin: margin,
    initialRect: FIRST_WINDOW,
    initialOffset: 0,
    observeElementOffset: observeFromWhereItStands,
    scrollToFn: scrollWhereItIsNot,
  })
  const items = virtual.getVirtualItems()
  useBrowserLayoutEffect(() => {
    const top = (body.current?.getBoundingClientRect().top ?? 0) + window.scrollY
    setMargin((known) => (Math.abs(known - top) > 1 ? top : known))
  })
  const [first, last] = [items[0], items.at(-1)]
  return {
    virtual,
    items,
    above: (first?.start ?? margin) - margin,
    below: virtual.getTotalSize() - ((last?.end ?? margin) - margin),
    from: first?.index ?? 0,
    to: last?.index ?? 0,
  }
}

/** Keys move the cursor: its row comes into view, and gets the focus unless something outside of the table has it. */
export function useCursorInView(cursor: number, body: RefObject<HTMLTableSectionElement | null>, scrollTo: (position: number) => void) {
  const before = useRef(cursor)
  useEffect(() => {
    if (before.current === cursor) return
    before.current = cursor
    scrollTo(cursor)
    const focused = document.activeElement
    if (focused !== document.body && !body.current?.contains(focused)) return
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>(`[data-position="${cursor}"]`)?.focus({ preventScroll: true }))
  }, [cursor, body, scrollTo])
}

/** The rows above or below the window, as one empty row of their height. */
export const Spacer = ({ height }: { height: number }) =>
  height > 0 ? (
    <tr aria-hidden className="max-sm:block">
      <td style={{ height, padding: 0 }} className="max-sm:block" />
    </tr>
  ) : null
