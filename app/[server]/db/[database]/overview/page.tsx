import type { Metadata } from 'next'
import { placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { OverviewView } from '@/components/overview/overview-view'
import { RecentRuns } from '@/components/overview/recent-runs'
import { listRuns } from '@/db/runs/runs'
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
      <Recent server={place.server} />
    </OverviewView>
  )
}

async function Recent({ server }: { server: string }) {
  const runs = await listRuns({ serverId: server }, RECENT_RUNS)
  return <RecentRuns runs={runs} now={new Date().toISOString()} allHref={`/runs?server=${encodeURIComponent(server)}`} />
}
