import type { TableDescription } from '@/db/tables/describe-table'
import { bytesShort, count, exactCount, percent, share } from '../format'
import { Kpi, KpiStrip } from '../ui/card'
import { TrustMark } from '../ui/trust-mark'
import type { TableHistory } from './table-answers'
import { bloatSentences } from './table-messages'

/** Six numbers with their context. */
export function TablePageKpis({
  table: { finding, detail, autovacuum },
  history,
}: {
  table: TableDescription
  readAt: string
  history: TableHistory | undefined
}) {
  const size = finding.bytes === null && finding.indexBytes === null ? null : (finding.bytes ?? 0) + (finding.indexBytes ?? 0)
  const parts = finding.bloat ? [finding.bloat.heap, finding.bloat.toast].filter((part) => part !== null) : []
  const known = parts.flatMap(({ bloatBytes }) => bloatBytes ?? [])
  const bloat = known.reduce((sum, bytes) => sum + bytes, 0)
  const dead = autovacuum?.triggers.find(({ kind }) => kind === 'dead')
  const updated = Number(detail.n_tup_upd)
  const last = history?.sizes.at(-1)
  return (
    <KpiStrip className="mb-4 grid-cols-6 max-lg:grid-cols-3 max-sm:grid-cols-2">
      <Kpi
        label="Total size"
        mark={<TrustMark trust={size === null ? { kind: 'withheld', reason: 'locked' } : { kind: 'exact' }} />}
        value={size === null ? (last ? bytesShort(last.heap + last.toast + last.indexes) : 'n/a') : bytesShort(size)}
        context={
          size === null ? (last ? 'last known' : undefined) : finding.indexBytes ? `${bytesShort(finding.indexBytes)} indexes` : undefined
        }
      />
      <Kpi
        label="Bloat of rows"
        mark={
          parts[0] && (
            <span title={bloatSentences(finding.bloat ?? { heap: null, toast: null })}>
              <TrustMark trust={parts[0].trust.kind === 'withheld' ? { ...parts[0].trust, reason: 'see Size' } : parts[0].trust} />
            </span>
          )
        }
        value={known.length === 0 ? 'n/a' : bytesShort(bloat)}
        context={
          known.length === 0
            ? parts.length === 0
              ? 'under 1 MB'
              : 'withheld'
            : finding.bytes
              ? `${percent(bloat / finding.bytes)} of it`
              : undefined
        }
      />
      <Kpi label="Live rows" value={<span title={exactCount(finding.live)}>{count(finding.live)}</span>} />
      <Kpi
        label="Dead rows"
        value={<span className={dead?.at != null && dead.now > dead.at ? 'text-warn' : undefined}>{count(finding.dead)}</span>}
        context={finding.deadShare === null ? 'no rows' : share(finding.deadShare)}
      />
      <Kpi
        label="HOT updates"
        value={updated === 0 ? '–' : percent(Number(detail.n_tup_hot_upd) / updated)}
        context={updated === 0 ? 'no updates' : `of ${count(updated)}`}
      />
      <Kpi
        label="Sequential scans"
        value={count(detail.seq_scan)}
        context={`of ${count(Number(detail.seq_scan) + Number(detail.idx_scan))} scans`}
      />
    </KpiStrip>
  )
}
