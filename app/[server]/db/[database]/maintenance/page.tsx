import type { Metadata } from 'next'
import Link from 'next/link'
import { type ReactNode, Suspense } from 'react'
import { placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { LeftOut } from '@/components/maintenance/left-out'
import { maintenanceTitle } from '@/components/maintenance/maintenance-messages'
import { NextBest } from '@/components/maintenance/next-best'
import { NightSteps } from '@/components/maintenance/night-steps'
import { PolicyList } from '@/components/maintenance/policy-list'
import { WindowList } from '@/components/maintenance/window-list'
import { ReadAt } from '@/components/shell/data-age'
import { Card, CardHeader } from '@/components/ui/card'
import { PageHead } from '@/components/ui/page-head'
import { ProblemPanel } from '@/components/ui/problem-panel'
import { listWindows, type MaintenanceWindow } from '@/db/runs/maintenance-windows'
import { listPolicies } from '@/db/runs/policies'
import { previewNight } from '@/db/runs/policy-preview'
import type { Policy } from '@/db/runs/policy-types'
import { readNextMaintenance } from './maintenance-reads'

type Props = PageProps<'/[server]/db/[database]/maintenance'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { database } = await placeOf(params)
  return { title: `Maintenance of ${database}` }
}

export default async function MaintenancePage({ params }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const [next, windows, policies] = await Promise.all([
    readNextMaintenance(place),
    listWindows(place.server),
    listPolicies(place.server, place.database),
  ])
  return (
    <>
      <ReadAt at={new Date().toISOString()} />
      <PageHead eyebrow="Maintenance" title={next.ok ? maintenanceTitle(next.value) : 'The database could not be read.'}>
        Rebuilds of bloated indexes, and vacuums that autovacuum does not do, ranked by gain for cost. Indexes to drop are on the{' '}
        <Link href={`${addressOf(place)}/indexes`} className="underline">
          Indexes page
        </Link>
        .
      </PageHead>
      <div className="grid gap-4">
        {next.ok ? (
          <>
            <NextBest {...place} next={next.value} mayRun={mayRun(user)} />
            <LeftOut leftOut={next.value.leftOut} />
          </>
        ) : (
          <ProblemPanel problem={next.problem} />
        )}
        <PolicyList
          {...{ ...place, policies, windows }}
          previews={next.ok ? previewsOf(policies, windows) : {}}
          mayRun={mayRun(user)}
          isAdmin={user.role === 'admin'}
        />
        <Card label="Maintenance windows">
          <CardHeader title="Maintenance windows" sub="of the server; chosen when a run or a policy is confirmed">
            {user.role === 'admin' && <Link href={`/servers/${encodeURIComponent(place.server)}`}>Change</Link>}
          </CardHeader>
          <div className="px-4 pt-2 pb-4">
            <WindowList server={place.server} windows={windows} />
          </div>
        </Card>
      </div>
    </>
  )
}

/** Each is planned while the page stands already. */
const previewsOf = (policies: Policy[], windows: MaintenanceWindow[]): Record<string, ReactNode> =>
  Object.fromEntries(
    policies.map((policy) => [
      policy.id,
      <Suspense key={policy.id} fallback={<p className="text-cell text-ink-3">Planning, and running the preflight checks …</p>}>
        <NextNight policy={policy} window={windows.find(({ id }) => id === policy.window.id)} />
      </Suspense>,
    ]),
  )

async function NextNight({ policy, window }: { policy: Policy; window: MaintenanceWindow | undefined }) {
  if (!window) return null // a window that a policy uses is not removed
  const { serverId, database, rule, night, open, opensAt } = policy
  const runs = night && night.endedAt === null ? night.runs : []
  const done = { count: runs.length, bytes: runs.reduce((sum, { bytesBefore }) => sum + (bytesBefore ?? 0), 0) }
  const preview = await previewNight({ serverId, database, rule, times: window, done }, open ? new Date() : new Date(opensAt))
  return preview.ok ? <NightSteps preview={preview.value} /> : <ProblemPanel problem={preview.problem} />
}

const addressOf = ({ server, database }: { server: string; database: string }): string =>
  `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}`
