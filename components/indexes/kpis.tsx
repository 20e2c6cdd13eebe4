import type { IndexSummary, UnusedEvidence } from '@/db/indexes/index-finding'
import { bytesShort, count, percent } from '../format'
import { clock, day, span } from '../format-time'
import { TextButton } from '../ui/button'
import { Kpi, KpiStrip } from '../ui/card'
import { TrustMark } from '../ui/trust-mark'
import { windowStart } from './overview-messages'

const ratio = (part: number, whole: number) => (whole > 0 ? percent(part / whole) : '0%')

interface IndexKpisProps {
  summary: IndexSummary
  unused: UnusedEvidence
  /** Foreign keys that ask for an index; null where that could not be read. */
  missing: number | null
  database: string
  /** ISO 8601. */
  readAt: string
  /** Left out for a viewer, who resets nothing. */
  onReset?: () => void
}

/** Seven numbers with their context. */
export function IndexKpis({ summary, unused, missing, database, readAt, onReset }: IndexKpisProps) {
  const { counts, reclaim, bloatBytes, knownBytes, bytes, databaseBytes } = summary
  const withheld = summary.total > 0 && knownBytes === 0
  const since = windowStart(summary)
  return (
    <KpiStrip compact className="mb-2.5 grid-cols-[1.5fr_1.6fr_1.1fr_.9fr_.75fr_.8fr_1.35fr] max-lg:grid-cols-4 max-sm:grid-cols-2">
      <Kpi
        label="Indexes"
        value={count(summary.total)}
        context={`${bytesShort(bytes)}${databaseBytes === null ? '' : `, ${ratio(bytes, databaseBytes)} of ${database}`}`}
      />
      <Kpi
        label="Reclaimable bloat"
        mark={
          !withheld &&
          summary.total > 0 && (
            <TrustMark box trust={summary.estimated ? ESTIMATED : EXACT} text={summary.estimated ? 'estimated' : 'exact'} />
          )
        }
        value={withheld ? 'n/a' : bytesShort(bloatBytes)}
        context={
          withheld
            ? 'withheld on every index'
            : `${ratio(bloatBytes, knownBytes)} of ${knownBytes < bytes ? 'what is known' : 'index space'}`
        }
      />
      {unused.withheld && unused.notScanned.count > 0 ? (
        <Kpi
          label="Unused"
          mark={<TrustMark box trust={{ kind: 'withheld', reason: unused.withheld }} text="withheld" />}
          value="n/a"
          context={`${count(unused.notScanned.count)} not scanned`}
        />
      ) : (
        <Kpi
          label="Unused"
          value={count(counts.unused)}
          context={
            sized(counts.unused, reclaim.unused) ??
            (unused.notScanned.count > 0 ? `${count(unused.notScanned.count)} not scanned` : undefined)
          }
        />
      )}
      <Kpi label="Redundant" value={count(counts.redundant)} context={sized(counts.redundant, reclaim.redundant)} />
      <Kpi label="Invalid" value={count(counts.invalid)} context={sized(counts.invalid, reclaim.invalid)} />
      <Kpi label="Missing" value={missing === null ? 'n/a' : count(missing)} />
      <Kpi
        label="Stats window"
        mark={onReset && <TextButton onClick={onReset}>Reset…</TextButton>}
        value={since ? span(since, readAt) : 'n/a'}
        context={since ? `since ${sinceWhen(since, readAt)}` : 'could not be read'}
      />
    </KpiStrip>
  )
}

const ESTIMATED = { kind: 'estimated', plusMinus: 0 } as const
const EXACT = { kind: 'exact' } as const
const sized = (indexes: number, size: number) => (indexes > 0 ? bytesShort(size) : undefined)

/** The day, or the hour while that tells more. */
const sinceWhen = (since: string, readAt: string) =>
  Date.parse(readAt) - Date.parse(since) < 86_400_000 ? `${clock(since).slice(0, 5)} UTC` : day(since, readAt)
