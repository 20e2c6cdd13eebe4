'use client'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { COMPARE, type CompareWith } from '@/db/domain/statement-params'
import type { QueryList } from '@/db/history/statement-list'
import { clock, day } from '../format-time'
import type { TimeRange } from '../time/time-range'
import { Button } from '../ui/button'
import { Select } from '../ui/select'
import { AGAINST, markWords, pickable } from './compare-messages'

const CustomRange = dynamic(() => import('../time/custom-range').then((module) => module.CustomRange), { ssr: false })

/** What a range is compared with, as the address has it. */
export interface CompareState {
  vs: CompareWith
  vfrom: Date | null
  vto: Date | null
  since: Date | null
}

interface CompareWithProps {
  list: QueryList
  state: CompareState
  /** The range of the page. */
  range: TimeRange
  onChange: (next: Partial<CompareState>) => void
}

/** As many events are there to choose from. */
const EVENTS = 50

/** Chooses the other range: the one before, one that was written down or kept, or what was before an event. */
export function CompareWithSelect({ list, state, range, onChange }: CompareWithProps) {
  const [asking, setAsking] = useState(false)
  const { vs, vfrom, vto, since } = state
  const ranges = new Map(COMPARE.filter((value) => value !== 'since').map((value) => [againstWords(value), value]))
  const events = new Map(
    pickable(list.marks)
      .slice(0, EVENTS)
      .map((mark) => [`Since ${markWords(mark)}`, Math.trunc(mark.at)]),
  )
  const chosen =
    vs === 'since'
      ? ([...events].find(([, at]) => at === since?.getTime())?.[0] ??
        (since ? `Since ${day(since, since)} ${clock(since).slice(0, 5)} UTC` : 'Since an event'))
      : againstWords(vs)
  const choose = (choice: string | null) => {
    const against = ranges.get(choice ?? '')
    const at = events.get(choice ?? '')
    if (against === 'range') setAsking(true)
    else if (against) onChange({ vs: against, vfrom: null, vto: null, since: null })
    else if (at !== undefined) onChange({ vs: 'since', since: new Date(at), vfrom: null, vto: null })
  }
  const other = vfrom && vto ? { from: vfrom.getTime(), to: vto.getTime() } : { from: 2 * range.from - range.to, to: range.from }
  return (
    <>
      <Select label="Compare with" value={chosen} choices={[...new Set([...ranges.keys(), ...events.keys(), chosen])]} onChange={choose} />
      {vs === 'range' && <Button onClick={() => setAsking(true)}>Other range…</Button>}
      <Button
        title="Keeps this range as the other one; then choose or drag another"
        onClick={() => onChange({ vs: 'range', vfrom: new Date(range.from), vto: new Date(range.to), since: null })}
      >
        Keep this range
      </Button>
      {asking && (
        <CustomRange
          range={{ ...other, preset: null }}
          title="The other range"
          description="The earlier of the two is the one before. Times are UTC."
          action="Compare"
          onClose={() => setAsking(false)}
          onChoose={(from, to) => {
            setAsking(false)
            onChange({ vs: 'range', vfrom: new Date(from), vto: new Date(to), since: null })
          }}
        />
      )}
    </>
  )
}

const againstWords = (vs: Exclude<CompareWith, 'since'>) => (vs === 'range' ? 'Against another range…' : `Against ${AGAINST[vs]}`)
