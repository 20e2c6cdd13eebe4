import { Suspense } from 'react'
import { fleetEvidence, fleetSentence, worstFirst } from '@/components/fleet/fleet'
import { ServerCard } from '@/components/fleet/server-card'
import { ReadAt } from '@/components/shell/data-age'
import { PageHead } from '@/components/ui/page-head'
import { SkeletonPage } from '@/components/ui/skeleton'
import { readFleet } from './fleet'
import { requireUser } from './session'
import { Shell } from './shell'

export const metadata = { title: 'Servers' }

export default async function FleetPage() {
  await requireUser()
  return (
    <Shell crumbs={[{ label: 'All servers' }]} active="fleet">
      <Suspense fallback={<SkeletonPage label="Asking the servers" />}>
        <Fleet />
      </Suspense>
    </Shell>
  )
}

async function Fleet() {
  await requireUser()
  const servers = worstFirst(await readFleet())
  return (
    <>
      <ReadAt at={new Date().toISOString()} />
      <PageHead eyebrow="Servers" title={fleetSentence(servers)}>
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
