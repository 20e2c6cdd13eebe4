import type { FleetTotals } from '@/db/fleet/fleet-types'
import { bytesShort, count, duration, exactCount } from '../format'
import { Kpi, KpiStrip } from '../ui/card'

/** The fleet in seven numbers: sums over the servers that were sampled in the last two minutes. */
export function FleetKpis({ totals }: { totals: FleetTotals }) {
  const { servers, clusters, sampled, active, maxConnections, transactions, walBytes, bytes, lag } = totals
  return (
    <KpiStrip compact className="mb-3.5 grid-cols-7 max-lg:grid-cols-4 max-sm:grid-cols-2">
      <Kpi
        label="Servers"
        value={exactCount(servers)}
        context={clusters < servers ? `in ${exactCount(clusters)} ${clusters === 1 ? 'cluster' : 'clusters'}` : undefined}
      />
      <Kpi label="Sampled now" value={exactCount(sampled)} context={`of ${exactCount(servers)}`} />
      <Kpi label="Active sessions" value={count(Math.round(active))} context={`of ${exactCount(maxConnections)}`} />
      <Kpi
        label="Transactions"
        value={transactions === null ? 'n/a' : count(Math.round(transactions))}
        context={transactions === null ? undefined : 'per s'}
      />
      <Kpi label="Data" value={bytes === null ? 'n/a' : bytesShort(bytes)} context={bytes === null ? 'sampled hourly' : undefined} />
      <Kpi label="WAL" value={walBytes === null ? 'n/a' : bytesShort(walBytes)} context={walBytes === null ? undefined : 'per s'} />
      <Kpi label="Worst replay lag" value={lag === null ? 'n/a' : duration(lag.ms)} context={lag === null ? 'no standby seen' : lag.name} />
    </KpiStrip>
  )
}
