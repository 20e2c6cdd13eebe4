'use client'
import { CalendarClock } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import type { CommandRequest } from '@/db/domain/command-request'
import type { NextMaintenance, Step } from '@/db/maintenance/next-maintenance'
import { bytes, plural } from '../format'
import { appointment } from '../format-time'
import { CommandDialog } from '../indexes/command-dialog'
import { useMayAct } from '../shell/page-status'
import { WhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { Card, CardHeader } from '../ui/card'
import { Checkbox } from '../ui/checkbox'
import { Cell, HeadCell, Row } from '../ui/data-table'
import { Identifier } from '../ui/identifier'
import { EmptyState } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'
import { TrustMark } from '../ui/trust-mark'
import { costWords, rateWords, requestOf, verbOf } from './maintenance-messages'

interface NextBestProps {
  server: string
  database: string
  next: Omit<NextMaintenance, 'leftOut'>
  mayRun: boolean
  /** Where all of them are, when these are only the best: how many, or null where nobody has counted. */
  all?: { count: number | null; href: string }
  /** When the checks found them, where they are from checks; null: these have not looked yet. */
  checked?: { at: string | null }
}

/** A batch that a person can still look through; the gate takes no more. */
const MOST = 100

const keyOf = ({ command, input }: Step): string => `${command} ${input.oid}`

/** The next best maintenance, ranked. What is ticked becomes one plan: each statement listed, confirmed once, now or in a window. */
export function NextBest({ server, database, next: { steps, by }, mayRun: allowed, all, checked }: NextBestProps) {
  const mayRun = useMayAct(allowed)
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState<CommandRequest[]>([])
  const shown = steps.slice(0, MOST)
  const chosen = shown.filter((step) => ticked.has(keyOf(step)))
  const best = Math.max(...shown.map(({ rate }) => rate), Number.MIN_VALUE)
  const tick = (keys: string[], on: boolean) =>
    setTicked((before) => {
      const after = new Set(before)
      for (const key of keys) on ? after.add(key) : after.delete(key)
      return after
    })
  return (
    <Card label="Next best maintenance" className="overflow-hidden">
      <CardHeader
        title="Next best maintenance"
        sub={`${by === 'seconds' ? 'space freed per second' : 'space freed per byte read and written'}${checked?.at ? `, as checked ${appointment(checked.at)} UTC` : ''}`}
      >
        {all && all.count !== shown.length && <Link href={all.href}>{all.count === null ? 'All' : `All ${all.count}`}</Link>}
        {!mayRun && shown.length > 0 && (
          <span className="text-ink-3">
            <WhyNot act="Planning" />
          </span>
        )}
        {shown.length > 0 && (
          <Button size="sm" disabled={!mayRun || chosen.length === 0} onClick={() => setAsked(chosen.map(requestOf))}>
            <CalendarClock aria-hidden />
            {chosen.length === 0 ? 'Plan…' : `Plan ${plural(chosen.length, 'step', 'steps')}…`}
          </Button>
        )}
      </CardHeader>
      {checked?.at === null ? (
        <EmptyState title="The checks have not looked yet.">What is worth running is known once they have.</EmptyState>
      ) : shown.length === 0 ? (
        <EmptyState title="No maintenance is worth running now.">
          No index is known to be bloated enough, and autovacuum keeps up with the tables.
        </EmptyState>
      ) : (
        <ScrollRegion label="Steps" className="mt-1.5 -outline-offset-2">
          <table className="w-full border-collapse max-sm:block">
            <thead className="max-sm:hidden">
              <tr>
                <HeadCell className="w-9">
                  <Checkbox
                    aria-label="Select all steps"
                    disabled={!mayRun}
                    checked={chosen.length === shown.length}
                    indeterminate={chosen.length > 0 && chosen.length < shown.length}
                    onCheckedChange={(on) => tick(shown.map(keyOf), on)}
                  />
                </HeadCell>
                <HeadCell>Do</HeadCell>
                <HeadCell>Why</HeadCell>
                <HeadCell numeric>Returns</HeadCell>
                <HeadCell numeric>Cost</HeadCell>
                <HeadCell numeric sorted="desc" className="w-36">
                  {by === 'seconds' ? 'Per second' : 'Of bytes moved'}
                </HeadCell>
              </tr>
            </thead>
            <tbody className="max-sm:block">
              {shown.map((step) => (
                <StepRow
                  key={keyOf(step)}
                  step={step}
                  by={by}
                  share={step.rate / best}
                  ticked={ticked.has(keyOf(step))}
                  mayRun={mayRun}
                  onTick={(on) => tick([keyOf(step)], on)}
                />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      <CommandDialog server={server} database={database} commands={asked} onClose={() => setAsked([])} plan />
    </Card>
  )
}

interface StepRowProps {
  step: Step
  by: NextMaintenance['by']
  /** Of the best rate, 0 … 1. */
  share: number
  ticked: boolean
  mayRun: boolean
  onTick: (on: boolean) => void
}

/** Under 700 px a card: the box and what to do, below it why and what it gives, below that the cost. */
function StepRow({ step, by, share, ticked, mayRun, onTick }: StepRowProps) {
  const { relname, schemaname, why, gives, trust } = step
  const name = schemaname === 'public' ? relname : `${schemaname}.${relname}`
  const cell = 'max-sm:h-auto max-sm:p-0 max-sm:first:pl-0 max-sm:last:pr-0'
  return (
    <Row className="max-sm:grid max-sm:grid-cols-[auto_1fr_auto] max-sm:gap-x-2.5 max-sm:gap-y-1 max-sm:px-4 max-sm:py-2.5">
      <Cell className={`${cell} max-sm:row-start-1`}>
        <Checkbox
          aria-label={`Select ${verbOf(step).toLowerCase()} of ${name}`}
          disabled={!mayRun}
          checked={ticked}
          onCheckedChange={onTick}
        />
      </Cell>
      <Cell className={`${cell} max-sm:col-span-2 max-sm:col-start-2 max-sm:row-start-1`}>
        <span className="flex items-baseline gap-2">
          <span className="w-14 shrink-0 text-ink-2">{verbOf(step)}</span>
          <Identifier name={name} className="min-w-0" />
        </span>
      </Cell>
      <Cell className={`${cell} text-ink-2 max-sm:col-start-2 max-sm:row-start-2`}>
        <span className="inline-block min-w-20">{why}</span>
      </Cell>
      <Cell numeric className={`${cell} max-sm:col-start-3 max-sm:row-start-2`}>
        {trust && <TrustMark trust={trust} className="mr-1.5 align-[1px]" />}
        <b className="font-medium">
          {trust ? '' : '≈ '}
          {bytes(step.bytes)}
        </b>
        {gives === 'for reuse' && <span className="text-ink-3"> for reuse</span>}
      </Cell>
      <Cell numeric className={`${cell} text-ink-2 max-sm:col-span-2 max-sm:col-start-2 max-sm:row-start-3 max-sm:text-left`}>
        {costWords(step)}
      </Cell>
      <Cell numeric className={`${cell} max-sm:hidden`}>
        <span className="inline-flex items-center justify-end gap-2">
          <span aria-hidden className="h-1.5 w-10 overflow-hidden rounded-[1px] bg-sunken">
            <span className="block h-full bg-live-2" style={{ width: `${Math.max(2, share * 100)}%` }} />
          </span>
          <span className="w-14">{rateWords(step.rate, by)}</span>
        </span>
      </Cell>
    </Row>
  )
}
