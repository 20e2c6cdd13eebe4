import type { CacheModel } from '@/db/guide/cache-model'
import { count, duration, share } from '../format'
import { Badge } from '../ui/badge'
import { CardHeader } from '../ui/card'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { mayBeOld, ratio, savedTime, VERDICT } from './analytics-messages'

/** For each of the five queries: what it costs, how often its inputs change, and what a cache would save. */
export function CacheCard({ cache }: { cache: CacheModel }) {
  const { seconds, rows, withheld } = cache
  const hours = seconds / 3600
  return (
    <TableCard
      label="Does a cache pay?"
      footer={
        <span>
          Saved at least: view = calls × (time − 0.5 ms to read it) − refreshes × time of a refresh; application = (calls − misses) × time,
          with misses ≤ students × lifetimes, or students + changes where an answer must be exact. It pays above 10% of the query’s time.
        </span>
      }
    >
      <CardHeader
        title="Does a cache pay?"
        sub={`${hours >= 1 ? `${hours.toFixed(hours < 10 ? 1 : 0)} h` : `${Math.floor(seconds / 60)} min`} of history, from pg_stat_statements and pg_stat_user_tables`}
      />
      {withheld && <p className="px-4 pt-1 text-cell text-warn">No verdict. {withheld}</p>}
      <table className="mt-1 w-full min-w-[940px] border-collapse">
        <thead>
          <tr>
            <HeadCell>Query</HeadCell>
            <HeadCell numeric>A call</HeadCell>
            <HeadCell numeric>Blocks, hit</HeadCell>
            <HeadCell numeric>Calls</HeadCell>
            <HeadCell>Inputs</HeadCell>
            <HeadCell numeric>Rows changed</HeadCell>
            <HeadCell numeric>Calls per change</HeadCell>
            <HeadCell numeric>May be old</HeadCell>
            <HeadCell numeric>Calls per refresh</HeadCell>
            <HeadCell numeric>Saves</HeadCell>
            <HeadCell>Verdict</HeadCell>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ title, inputs, counted }) => (
            <Row key={title}>
              <Cell className="font-medium whitespace-nowrap">{title}</Cell>
              {counted ? (
                <>
                  <Cell numeric>{duration(counted.msPerCall)}</Cell>
                  <Cell numeric>
                    {count(Math.round(counted.blocksPerCall))}, {share(counted.hitShare)}
                  </Cell>
                  <Cell numeric>{count(counted.calls)}</Cell>
                  <Cell className="font-mono text-label">{inputs.join(', ')}</Cell>
                  <Cell numeric>{count(counted.changes)}</Cell>
                  <Cell numeric>{ratio(counted.verdict.callsPerChange)}</Cell>
                  <Cell numeric>{counted.verdict.kind === 'nothing' ? '–' : mayBeOld(counted.verdict.staleMinutes)}</Cell>
                  <Cell numeric>{ratio(counted.verdict.callsPerRefresh)}</Cell>
                  <Cell numeric>{savedTime(counted.verdict.savedMs)}</Cell>
                  <Cell>
                    <Badge tone={VERDICT[counted.verdict.kind].tone}>{VERDICT[counted.verdict.kind].word}</Badge>
                  </Cell>
                </>
              ) : (
                <>
                  <Cell numeric colSpan={3} className="text-ink-3">
                    {withheld ? 'withheld' : 'not called in this time'}
                  </Cell>
                  <Cell className="font-mono text-label">{inputs.join(', ')}</Cell>
                  <Cell colSpan={6} />
                </>
              )}
            </Row>
          ))}
        </tbody>
      </table>
    </TableCard>
  )
}
