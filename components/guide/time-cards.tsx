'use client'
import type { MeasuredPoint } from '@/db/history/guide-runs'
import { MeasuredPoints, TimeLines } from '../charts/charts'
import { count, exactCount, plural } from '../format'
import { day, moment } from '../format-time'
import { milliseconds } from '../statements/query-messages'
import { Card, CardHeader, Legend } from '../ui/card'
import { costOfRow } from './workload-messages'
import type { ChosenQuery, QueryLine } from './workload-model'

const HEIGHT = 176
const TABLE = 'student_progress'

/** The same question: one of fewer rows or a shorter period takes less time for another reason than the tables' size. */
const questionOf = ({ since, role, rows }: MeasuredPoint['chosen']): string => JSON.stringify([since, role, rows])

/** Each measured run by the rows that there were: nothing in it is extrapolated. */
export function TimeAgainstRows({ chosen: { points, corrected } }: { chosen: ChosenQuery }) {
  const asked = corrected ? questionOf(corrected.chosen) : null
  const of = (form: string) =>
    points
      .filter((point) => point.form === form && questionOf(point.chosen) === asked)
      .flatMap(({ tableRows, ms, at }) => {
        const rows = tableRows[TABLE]
        return rows === undefined ? [] : [{ x: rows, y: ms, title: `${milliseconds(ms)} at ${exactCount(rows)} rows, ${moment(at)}` }]
      })
  const [right, printed] = [of('corrected'), of('printed')]
  const cost = costOfRow(right)
  const rows = new Set(right.map(({ x }) => x))
  return (
    <Card label="Time against rows" className="pb-3">
      <CardHeader title="Time against rows" sub={`ms by rows of ${TABLE}, runs with these choices`}>
        <Legend mark={<i aria-hidden className="size-2 rounded-full bg-live" />}>corrected</Legend>
        <Legend mark={<i aria-hidden className="size-2 rounded-full border-[1.5px] border-bad-fill" />}>as printed</Legend>
      </CardHeader>
      <div className="px-4 pt-2">
        {right.length + printed.length === 0 ? (
          <p className="py-3 text-cell text-ink-3">{corrected ? `${TABLE} has never been counted by ANALYZE.` : 'Not run yet.'}</p>
        ) : (
          <MeasuredPoints
            label="Execution time of the corrected and the printed form against the rows of the table"
            height={HEIGHT}
            series={[
              { key: 'corrected', label: 'corrected', color: 'var(--live)', points: right },
              { key: 'printed', label: 'as printed', color: 'var(--bad-fill)', hollow: true, points: printed },
            ]}
            xTick={count}
            yTick={(value) => exactCount(value)}
          />
        )}
        {right.length > 0 && (
          <p className="pt-1.5 text-cell text-ink-2">
            {cost !== null && cost > 0
              ? `1,000 rows more cost ${milliseconds(cost * 1000)}, by ${plural(right.length, 'run', 'runs')} at ${rows.size} sizes.`
              : `${plural(right.length, 'run', 'runs')} at ${plural(rows.size, 'size', 'sizes')} of the table; what a row more costs is told from three sizes on.`}
          </p>
        )}
      </div>
    </Card>
  )
}

/** The same query as others sent it, by the samples of pg_stat_statements. */
export function MeanTimeCard({ line }: { line: QueryLine }) {
  const { history } = line
  return (
    <Card label="Mean time" className="pb-3">
      <CardHeader
        title="Mean time"
        sub={history ? `ms a call by others, since ${day(history.buckets.from)}` : 'of calls by others, 30 d'}
      />
      <div className="px-4 pt-2">
        {history ? (
          <TimeLines
            label={`Mean time of ${line.title}`}
            buckets={history.buckets}
            series={[{ key: 'mean', label: 'Mean', color: 'var(--live)', values: history.mean }]}
            format={milliseconds}
            height={140}
            filled
          />
        ) : (
          <p className="py-3 text-cell text-ink-3">
            {line.corrected
              ? 'No sample holds a statement of this shape from anybody else: the server counts what is sent by its structure, whatever names and constants.'
              : 'Found by the queryid that the server computes as it runs: not run yet.'}
          </p>
        )}
      </div>
    </Card>
  )
}
