'use client'
import { useState } from 'react'
import { bytesShort, count, duration, exactCount } from '../format'
import { TextButton } from '../ui/button'
import { Card, CardHeader, Legend } from '../ui/card'
import { classes } from '../ui/class-names'
import { HeadCell } from '../ui/data-table'
import { EmptyState, ProblemPanel } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'
import type { CacheAnswer } from './cache-answer'
import { ioWords } from './cache-messages'
import { type IoCell, ioLines, OPERATIONS } from './io-rows'

/** Shares of the accent, or of slate for what has no time, from light to dark; text in ink is read on all of them. */
const SHADES = ['', '6%', '13%', '22%', '34%'] as const
const NEVER = 'repeating-linear-gradient(-45deg,var(--line) 0 1px,transparent 1px 4px)'

const ground = ({ heat, count: times }: Pick<IoCell, 'heat' | 'count'>, color: string): string | undefined =>
  times === null ? NEVER : heat === 0 ? undefined : `color-mix(in srgb, ${color} ${SHADES[heat]}, transparent)`

/** As many rows as fill a screen. */
const FIRST = 14

/** pg_stat_io as a heat table: who reads and writes what, in which context. */
export function IoHeat({ answer, readAt }: { answer: CacheAnswer; readAt: string }) {
  const { io, settings } = answer
  const [all, setAll] = useState(false)
  if (!io.ok)
    return (
      <Card label="I/O by backend" className="overflow-hidden">
        <CardHeader title="I/O by backend" sub="pg_stat_io" />
        {answer.major < 16 ? (
          <EmptyState title="n/a before PostgreSQL 16">
            pg_stat_io tells reads, writes and evictions by kind of backend from 16 on; this server is {answer.major}.
          </EmptyState>
        ) : (
          <ProblemPanel problem={io.problem} className="m-4" />
        )}
      </Card>
    )
  const { lines, timed, quiet } = ioLines(io.value)
  const shown = all ? lines : lines.slice(0, FIRST)
  const over = ioWords(answer, readAt)
  return (
    <Card label="I/O by backend" className="overflow-hidden">
      <CardHeader title="I/O by backend" sub={`pg_stat_io, ${over}; colour by ${timed ? 'time' : 'count'}`}>
        <span className="inline-flex items-center gap-[3px]">
          less
          {([1, 2, 3, 4] as const).map((heat) => (
            <i key={heat} aria-hidden className="size-2.5" style={{ background: ground({ heat, count: 1 }, 'var(--accent)') }} />
          ))}
          more
        </span>
        <Legend mark={<i aria-hidden className="size-2.5 border border-line" style={{ background: NEVER }} />}>not possible</Legend>
      </CardHeader>
      <ScrollRegion label="I/O by backend, object and context" className="relative mt-1 -outline-offset-2">
        <table className="w-full border-collapse">
          <thead>
            <tr>
              <HeadCell>Backend</HeadCell>
              <HeadCell>Object</HeadCell>
              <HeadCell>Context</HeadCell>
              {OPERATIONS.map(({ key, label }) => (
                <HeadCell key={key} numeric>
                  {label}
                </HeadCell>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ backend, object, context, cells }, at) => {
              const again = shown[at - 1]?.backend === backend
              return (
                <tr key={`${backend} ${object} ${context}`} className="border-b border-grid last:border-b-0">
                  <th
                    scope="row"
                    className={classes('px-2 py-1 pl-4 text-left text-cell font-medium whitespace-nowrap', again && 'text-ink-3')}
                  >
                    {backend}
                  </th>
                  <td className="px-2 py-1 text-cell whitespace-nowrap">{object}</td>
                  <td className="px-2 py-1 text-cell">{context}</td>
                  {cells.map((cell) => (
                    <HeatCell key={cell.key} cell={cell} timed={timed} />
                  ))}
                </tr>
              )
            })}
          </tbody>
        </table>
        {lines.length === 0 && (
          <EmptyState title="No I/O.">pg_stat_io has counted nothing {answer.ioWindow ? `in ${over}` : over}.</EmptyState>
        )}
      </ScrollRegion>
      <p className="border-t border-line px-4 py-2 text-label text-ink-3">
        {lines.length > FIRST && (
          <TextButton className="mr-2" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Fewer rows' : `${lines.length - FIRST} more rows`}
          </TextButton>
        )}
        {quiet > 0 && `${quiet} combinations without any I/O are left out. `}
        {settings.io_combine_limit === null
          ? 'Each read is of one block.'
          : `One read may be of up to ${bytesShort(settings.io_combine_limit)} (io_combine_limit).`}{' '}
        {settings.track_io_timing
          ? 'Contexts other than normal go through a small ring of buffers.'
          : 'Times are n/a: track_io_timing is off.'}
      </p>
    </Card>
  )
}

const TIMED = new Set<string>(OPERATIONS.flatMap(({ key, time }) => (time ? [key] : [])))

function HeatCell({ cell, timed }: { cell: IoCell; timed: boolean }) {
  const { key, count: times, bytes, ms } = cell
  const color = timed && TIMED.has(key) ? 'var(--accent)' : timed ? 'var(--live)' : 'var(--accent)'
  return (
    <td
      className="border-l-2 border-surface px-2 py-1 text-right align-top text-cell whitespace-nowrap last:pr-4"
      style={{ background: ground(cell, color) }}
      title={times === null ? 'Not possible' : `${exactCount(times)}${bytes ? `, ${bytesShort(bytes)}` : ''}`}
    >
      {times === null ? (
        <span className="sr-only">not possible</span>
      ) : (
        <>
          <span className={times === 0 ? 'text-ink-3' : undefined}>{count(times)}</span>
          {times > 0 && (ms !== null || bytes !== null) && (
            <span className="block text-tick leading-[13px] text-ink-2">{ms === null ? bytesShort(bytes) : duration(ms)}</span>
          )}
        </>
      )}
    </td>
  )
}
