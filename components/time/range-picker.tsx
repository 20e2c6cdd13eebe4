'use client'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { Button } from '../ui/button'
import { Segmented } from '../ui/segmented'
import { useShortcuts } from '../ui/use-shortcuts'
import { fixedRange, movedRange, PRESET_LABEL, PRESETS, type TimeRange, type TimeRangeParams } from './time-range'

const CustomRange = dynamic(() => import('./custom-range').then((module) => module.CustomRange), { ssr: false })

interface RangePickerProps {
  range: TimeRange
  onChange: (next: Partial<TimeRangeParams>) => void
}

/** 1 h … 30 d or two moments; the arrows, and the keys [ and ], move it by its own length. */
export function RangePicker({ range, onChange }: RangePickerProps) {
  const [asking, setAsking] = useState(false)
  const move = (by: 1 | -1) => {
    const next = movedRange(range, by, Date.now())
    if (next) onChange(next)
  }
  useShortcuts({ '[': () => move(-1), ']': () => move(1) })
  return (
    <div className="flex flex-wrap items-center gap-2 max-sm:gap-0.5">
      <Button aria-label="Earlier ([)" title="Earlier ([)" className="w-[34px] px-0! max-sm:w-[30px]" onClick={() => move(-1)}>
        <ChevronLeft aria-hidden />
      </Button>
      <Segmented
        label="Time range"
        value={range.preset ?? 'custom'}
        choices={[...PRESETS.map((value) => ({ value, label: PRESET_LABEL[value] })), { value: 'custom' as const, label: 'Custom' }]}
        onChange={(value) => (value === 'custom' ? setAsking(true) : onChange({ range: value, from: null, to: null }))}
      />
      <Button
        aria-label="Later (])"
        title="Later (])"
        className="w-[34px] px-0! max-sm:w-[30px]"
        disabled={range.preset !== null}
        onClick={() => move(1)}
      >
        <ChevronRight aria-hidden />
      </Button>
      {asking && (
        <CustomRange
          range={range}
          onClose={() => setAsking(false)}
          onChoose={(from, to) => {
            setAsking(false)
            onChange(fixedRange(from, to))
          }}
        />
      )}
    </div>
  )
}
