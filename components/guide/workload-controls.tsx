'use client'
import { RotateCw } from 'lucide-react'
import type { GuideChosen } from '@/db/console/schema-guide'
import { moment } from '../format-time'
import { milliseconds } from '../statements/query-messages'
import { Button } from '../ui/button'
import { CopyButton } from '../ui/copy-button'
import { Input } from '../ui/field'
import { Segmented } from '../ui/segmented'
import { StudentPicker } from './student-picker'
import type { ChosenQuery, QueryLine } from './workload-model'

interface WorkloadControlsProps {
  place: { server: string; database: string; schema: string }
  at: number
  line: QueryLine
  query: ChosenQuery
  chosen: GuideChosen
  onChange: (chosen: GuideChosen) => void
  disabled: boolean
  title: string | undefined
  onRun: () => void
}

const PERIODS = [30, 90, 180] as const
type Period = `${(typeof PERIODS)[number]}` | 'all' | 'date'

const periodOf = ({ since }: GuideChosen): Period => {
  if (since === null) return 'all'
  const days = 'days' in since ? PERIODS.find((one) => one === since.days) : undefined
  return days === undefined ? 'date' : `${days}`
}

/** What the open query is run for, and when it was run last. */
export function WorkloadControls({ place, at, line, query, chosen, onChange, disabled, title, onRun }: WorkloadControlsProps) {
  const { corrected, printed } = query
  const period = periodOf(chosen)
  return (
    <div className="my-3 flex flex-wrap items-center gap-x-4 gap-y-2">
      <h2 className="text-finding font-semibold">
        <span className="mr-2 font-normal text-ink-3">{at}</span>
        {line.title}
      </h2>
      {line.takes === 'since' && (
        <span className="inline-flex flex-wrap items-center gap-2 text-cell text-ink-2">
          Enrolled since
          <Segmented<Period>
            label="Enrolled since"
            value={period}
            choices={[
              ...PERIODS.map((days) => ({ value: `${days}` as Period, label: `${days} d` })),
              { value: 'all', label: 'All' },
              { value: 'date', label: 'Date…' },
            ]}
            onChange={(next) =>
              onChange({ ...chosen, since: next === 'all' ? null : next === 'date' ? { date: dateOf(chosen) } : { days: Number(next) } })
            }
          />
          {period === 'date' && chosen.since && 'date' in chosen.since && (
            <Input
              type="date"
              aria-label="Enrolled since the day"
              value={chosen.since.date}
              onChange={(event) => event.target.value && onChange({ ...chosen, since: { date: event.target.value } })}
            />
          )}
        </span>
      )}
      {line.takes === 'student' && (
        <StudentPicker
          place={place}
          chosen={chosen.student}
          disabled={disabled}
          title={title}
          onChoose={(student) => onChange({ ...chosen, student })}
        />
      )}
      {line.ranks && (
        <span className="inline-flex items-center gap-2 text-cell text-ink-2">
          Rows
          <Segmented
            label="Rows"
            value={String(chosen.rows)}
            choices={['10', '50', '100'].map((value) => ({ value, label: value }))}
            onChange={(rows) => onChange({ ...chosen, rows: Number(rows) })}
          />
        </span>
      )}
      <span className="ml-auto flex flex-wrap items-center gap-2 text-cell text-ink-2 max-sm:ml-0">
        {corrected && (
          <span>
            Run {moment(corrected.at)} by {corrected.by}: <b className="font-semibold text-ink">{milliseconds(corrected.executionMs)}</b>
            {printed &&
              `; as printed ${printed.outcome.problem ? (printed.outcome.problem.sqlstate ?? 'failed') : milliseconds(printed.executionMs)}`}
          </span>
        )}
        <CopyButton
          size="md"
          label="SQL, both forms"
          text={`-- corrected\n${query.correctedText};\n\n-- as printed\n${query.printedText};\n`}
        />
        <Button disabled={disabled} title={title} onClick={onRun}>
          <RotateCw aria-hidden />
          {corrected ? 'Run again' : 'Run'}
        </Button>
      </span>
    </div>
  )
}

const dateOf = ({ since }: GuideChosen): string =>
  since && 'date' in since
    ? since.date
    : new Date(Date.now() - (since && 'days' in since ? since.days : 365) * 86_400_000).toISOString().slice(0, 10)
