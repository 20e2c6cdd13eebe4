import type { Metadata } from 'next'
import { Suspense } from 'react'
import { type Place, placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { NextBest } from '@/components/maintenance/next-best'
import { OverviewView } from '@/components/overview/overview-view'
import { RecentRuns } from '@/components/overview/recent-runs'
import { SkeletonPage } from '@/components/ui/skeleton'
import { listRuns } from '@/db/runs/runs'
import { readNextMaintenance } from '../maintenance/maintenance-reads'
import { readChecks, readVitals } from './overview-reads'

type Props = PageProps<'/[server]/db/[database]/overview'>

const RECENT_RUNS = 6

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { database } = await placeOf(params)
  return { title: `Overview of ${database}` }
}

export default async function OverviewPage({ params }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const [checks, vitals] = await Promise.all([readChecks(place), readVitals(place)])
  const at = new Date().toISOString()
  return (
    <OverviewView {...place} mayRun={mayRun(user)} initial={{ checks: { ...checks, at }, vitals: { ...vitals, at } }}>
      <div className="grid grid-cols-[minmax(0,2.5fr)_minmax(0,1fr)] items-start gap-4 max-lg:grid-cols-1">
        <Suspense fallback={<SkeletonPage label="Looking for the next best maintenance" />}>
          <Next place={place} mayRun={mayRun(user)} />
        </Suspense>
        <Recent server={place.server} />
      </div>
    </OverviewView>
  )
}

async function Next({ place, mayRun: may }: { place: Place; mayRun: boolean }) {
  const next = await readNextMaintenance(place)
  if (!next.ok) return null // the checks above say why
  const base = `/${encodeURIComponent(place.server)}/db/${encodeURIComponent(place.database)}`
  return <NextBest {...place} next={next.value} mayRun={may} limit={8} allHref={`${base}/maintenance`} />
}

async function Recent({ server }: { server: string }) {
  const runs = await listRuns({ serverId: server }, RECENT_RUNS)
  return <RecentRuns runs={runs} now={new Date().toISOString()} allHref={`/runs?server=${encodeURIComponent(server)}`} />
}
