import { Suspense } from 'react'
import { loadFleetParams } from '@/components/fleet/fleet-params'
import { FleetView } from '@/components/fleet/fleet-view'
import { SkeletonPage } from '@/components/ui/skeleton'
import { readFleet } from '@/db/fleet/read-fleet'
import { ok } from '@/db/server/problem'
import { requireUser } from './session'
import { Shell } from './shell'

export const metadata = { title: 'Fleet' }

export default async function FleetPage({ searchParams }: PageProps<'/'>) {
  await requireUser()
  return (
    <Shell crumbs={[{ label: 'Fleet' }]} active="fleet">
      <Suspense fallback={<SkeletonPage label="Reading the fleet" />}>
        <Fleet searchParams={searchParams} />
      </Suspense>
    </Shell>
  )
}

async function Fleet({ searchParams }: Pick<PageProps<'/'>, 'searchParams'>) {
  const [user, ask] = await Promise.all([requireUser(), loadFleetParams(searchParams)])
  return <FleetView initial={{ ...ok(await readFleet(ask)), at: new Date().toISOString() }} admin={user.role === 'admin'} />
}
