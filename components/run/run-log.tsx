'use client'
import { useEffect, useRef, useState } from 'react'
import type { RunLogLine } from '@/db/runs/run-types'
import { clock } from '../format-time'
import { ScrollRegion } from '../ui/scroll-region'
import { SectionTitle } from '../ui/section-title'

const LOOK: Record<RunLogLine['level'], string | undefined> = { info: undefined, wait: 'text-warn', error: 'text-bad' }

/** What happened, line by line. It follows the end until one scrolls up. */
export function RunLog({ lines, live }: { lines: RunLogLine[]; live: boolean }) {
  const box = useRef<HTMLElement>(null)
  const [following, setFollowing] = useState(true)
  const last = lines.at(-1)?.id
  useEffect(() => {
    const element = box.current
    if (last && following && element) element.scrollTop = element.scrollHeight
  }, [last, following])
  return (
    <section aria-label="Log" className="min-w-0">
      <SectionTitle sub={live ? (following ? 'live, follows the end' : 'live, scroll down to follow the end') : 'all lines'}>
        Log
      </SectionTitle>
      <ScrollRegion
        label="Lines of the log"
        ref={box}
        role="log"
        aria-live="off"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setFollowing(scrollHeight - scrollTop - clientHeight < 24)
        }
        className="max-h-[304px] min-h-20 rounded-control bg-sunken px-3 py-2 font-mono text-[12px] leading-[19px] tracking-[-.01em] text-ink-2"
      >
        {lines.map(({ id, at, level, message }) => (
          <p key={id} className={`flex gap-3 max-sm:gap-2 ${LOOK[level] ?? ''}`}>
            <time dateTime={at} className="shrink-0 text-ink-3">
              {clock(at)}
              <span className="max-sm:hidden">.{at.slice(20, 23).padEnd(3, '0')}</span>
            </time>
            <span className="min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]">{message}</span>
          </p>
        ))}
        {lines.length === 0 && <p className="text-ink-3">Nothing yet.</p>}
      </ScrollRegion>
    </section>
  )
}
