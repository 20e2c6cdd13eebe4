import { Suspense } from 'react'
import { FleetView } from '@/components/fleet/fleet-view'
import { SkeletonPage } from '@/components/ui/skeleton'
import { ok } from '@/db/server/problem'
import { readFleet } from './fleet'
import { requireUser } from './session'
import { Shell } from './shell'

export const metadata = { title: 'Fleet' }

export default async function FleetPage() {
  await requireUser()
  return (
    <Shell crumbs={[{ label: 'Fleet' }]} active="fleet">
      <Suspense fallback={<SkeletonPage label="Asking the servers" />}>
        <Fleet />
      </Suspense>
    </Shell>
  )
}

async function Fleet() {
  await requireUser()
  return <FleetView initial={{ ...ok(await readFleet()), at: new Date().toISOString() }} />
}
