'use client'
import { useState } from 'react'
import { clock, day } from '../format-time'
import { classes } from '../ui/class-names'
import { clustered, type TimeEvent } from './time-axis'
import { Tip } from './tip'

const PICK = 'Click: after compared with before'
/** Of a whole configuration that changed at once. */
const SHOWN = 8
const TONE = { plain: 'border-ink-3 bg-ink-3', warn: 'border-warn-fill bg-warn-fill', bad: 'border-bad-fill bg-bad-fill' }

interface EventMarksProps {
  events: TimeEvent[]
  from: number
  to: number
  /** Where a moment stands in the plot, from 0 at the left to 1. */
  share: (moment: number) => number
}

/**
 * What happened, as diamonds on the time axis with a line above; each says what and when on hover, focus and click. Those that can be
 * picked are buttons; of several at one place the last one is.
 */
export function EventMarks({ events, from, to, share }: EventMarksProps) {
  const [open, setOpen] = useState<number | null>(null)
  return clustered(events, from, to, 0.012).map((group) => {
    const first = group[0] as TimeEvent
    const at = share(first.at)
    const worst = group.find(({ tone }) => tone === 'bad') ?? group.find(({ tone }) => tone === 'warn') ?? first
    const words = group.map(({ at: when, label }) => `${day(when, to)} ${clock(when)} ${label}`)
    const close = () => setOpen(null)
    const onPick = group.findLast((event) => event.onPick)?.onPick
    const mark = {
      'aria-label': `${words.join('; ')}${onPick ? `. ${PICK}` : ''}`,
      onPointerEnter: () => setOpen(first.at),
      onFocus: () => setOpen(first.at),
      onPointerLeave: close,
      onBlur: close,
      className: 'absolute bottom-[17px] z-[5] -ml-2 grid size-4 place-items-center rounded-[3px]',
      style: { left: `calc(44px + (100% - 48px) * ${at})` },
      children: <i aria-hidden className={classes('size-[7px] rotate-45 border', TONE[worst.tone])} />,
    }
    return (
      <span key={first.at}>
        <i
          aria-hidden
          className={classes('pointer-events-none absolute top-0 bottom-[22px] w-0 border-l border-dashed opacity-60', TONE[worst.tone])}
          style={{ left: mark.style.left }}
        />
        {group.length === 1 && first.href && !onPick ? (
          <a href={first.href} {...mark} />
        ) : (
          <button type="button" onClick={onPick} {...mark} />
        )}
        {open === first.at && (
          <Tip
            className="absolute bottom-9 max-w-72"
            style={at < 0.6 ? { left: `calc(44px + (100% - 48px) * ${at})` } : { right: `calc(4px + (100% - 48px) * ${1 - at})` }}
          >
            {words.slice(0, SHOWN).map((line) => (
              <span key={line}>{line}</span>
            ))}
            {words.length > SHOWN && <span>and {words.length - SHOWN} more</span>}
            {onPick && <span className="text-ink-3">{PICK}</span>}
          </Tip>
        )}
      </span>
    )
  })
}
