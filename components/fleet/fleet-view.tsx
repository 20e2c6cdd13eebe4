'use client'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useReadAt } from '../shell/page-status'
import { PageHead } from '../ui/page-head'
import { type FleetServer, fleetEvidence, fleetSentence, worstFirst } from './fleet'
import { ServerCard } from './server-card'

const EVERY_MS = 15_000

/** Every server, worst first, asked again while the page is open: one that goes down turns red here as on its own pages. */
export function FleetView({ initial }: { initial: LiveAnswer<FleetServer[]> }) {
  const { answer, failed } = useLive('fleet', {}, { initial, everyMs: EVERY_MS })
  useReadAt(answer?.at ?? initial.at, failed)
  const servers = worstFirst(answer?.ok ? answer.value : [])
  return (
    <>
      <PageHead eyebrow="Fleet" title={fleetSentence(servers)}>
        {fleetEvidence(servers)}
      </PageHead>
      <div className="grid gap-4">
        {servers.map((server) => (
          <ServerCard key={server.id} server={server} />
        ))}
      </div>
    </>
  )
}
