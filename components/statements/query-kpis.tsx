import type { QueryList } from '@/db/history/statement-list'
import { bytesShort, count, duration, percent, plural } from '../format'
import { Kpi, KpiStrip } from '../ui/card'
import { milliseconds, sessions } from './query-messages'

/** Six numbers of everything that the filter lets through. */
export function QueryKpis({ list }: { list: QueryList }) {
  const { all, count: statements, sampled, blockSize, from, to, trackIoTiming } = list
  const seconds = sampled ?? (from ? (Date.parse(to) - Date.parse(from)) / 1000 : 0)
  const perSecond = (value: number) => (seconds > 0 ? `${rate(value / seconds)} a second` : undefined)
  const blocks = all.hit + all.read
  return (
    <KpiStrip className="mb-4 grid-cols-[1.35fr_1.1fr_1.25fr_1.25fr_.9fr_.9fr] max-lg:grid-cols-3 max-sm:grid-cols-2">
      <Kpi
        label="Database time"
        value={duration(all.total)}
        context={seconds > 0 ? `${sessions(all.total / 1000 / seconds)} active` : undefined}
      />
      <Kpi label="Calls" value={count(all.calls)} context={perSecond(all.calls)} />
      <Kpi
        label="Mean"
        value={all.calls > 0 ? milliseconds(all.total / all.calls) : '–'}
        context={plural(statements, 'statement', 'statements')}
      />
      <Kpi
        label="Blocks read"
        value={bytesShort(all.read * blockSize)}
        context={blocks > 0 ? `${percent(all.hit / blocks)} hit${trackIoTiming && all.io > 0 ? `, ${duration(all.io)}` : ''}` : undefined}
      />
      <Kpi
        label="WAL"
        value={bytesShort(all.wal)}
        context={seconds > 0 && all.wal > 0 ? `${bytesShort(all.wal / seconds)}/s` : undefined}
      />
      <Kpi
        label="Temporary"
        value={
          <span className={all.tempWritten > 0 ? 'text-warn' : undefined}>{bytesShort((all.tempRead + all.tempWritten) * blockSize)}</span>
        }
        context={all.tempWritten > 0 ? 'spilled' : undefined}
      />
    </KpiStrip>
  )
}

const rate = (value: number): string => (value > 0 && value < 0.1 ? '< 0.1' : value < 9.95 ? value.toFixed(1) : count(Math.round(value)))
