import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Suspense } from 'react'
import { requireUser } from '@/app/session'
import { Shell } from '@/app/shell'
import { WindowList } from '@/components/maintenance/window-list'
import { ClusterCard } from '@/components/servers/cluster-card'
import { poolerWords } from '@/components/servers/pooler-messages'
import { PrivilegeDoctor } from '@/components/servers/privilege-doctor'
import { ReadOnlyMark } from '@/components/servers/read-only-mark'
import { RemoveServer } from '@/components/servers/remove-server'
import { SamplingCard } from '@/components/servers/sampling-card'
import { ServerForm } from '@/components/servers/server-form'
import { SettingsServer } from '@/components/servers/settings-server'
import { Tags } from '@/components/servers/tags'
import { UnusedAfter } from '@/components/servers/unused-after'
import { Card, CardHeader } from '@/components/ui/card'
import { PageHead } from '@/components/ui/page-head'
import { ProblemPanel } from '@/components/ui/problem-panel'
import { noteCluster } from '@/db/console/note-cluster'
import { findServer, type Server, serverTarget } from '@/db/console/servers'
import { samplingState } from '@/db/history/state'
import { privilegeDoctor } from '@/db/privileges/privilege-doctor'
import { openRunsOf } from '@/db/runs/close-runs'
import { listWindows } from '@/db/runs/maintenance-windows'
import { knownZone } from '@/db/runs/window-times'
import { askCluster } from '@/db/server/ask-cluster'
import { grantToKnow } from '@/db/server/cluster'
import { serverFacts } from '@/db/server/facts'
import { askPoolMode } from '@/db/server/pooler'
import { runRead } from '@/db/server/run-read'
import { timeZone } from '@/db/settings/reads/time-zone'
import { PARAMETER_NAMES } from '@/db/settings/registry'
import { AdminOnly } from '../admin-only'

type Props = PageProps<'/servers/[id]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireUser()
  return { title: (await findServer((await params).id))?.name ?? 'Server' }
}

export default async function ServerPage({ params }: Props) {
  await requireUser()
  const server = await findServer((await params).id)
  if (!server) notFound()
  const { id, name, readOnly, database } = server
  return (
    <Shell crumbs={[{ label: 'Server settings', href: '/servers' }, { label: name }]} active="servers">
      <AdminOnly>
        {() => (
          <>
            <PageHead eyebrow="Server settings" title={name}>
              {server.source === 'stored'
                ? 'Added in the browser.'
                : 'Set by DATABASE_URL, or the embedded sample. Change the address there.'}
            </PageHead>
            <div className="grid gap-4">
              <ReadOnlyMark id={id} readOnly={readOnly} />
              <Suspense fallback={null}>
                <Cluster server={server} />
              </Suspense>
              {server.source === 'stored' ? (
                <ServerForm key={server.changedAt.toISOString()} server={server} />
              ) : (
                <SettingsServer id={id} />
              )}
              <Tags key={server.tags.join(' ')} id={id} tags={server.tags} />
              <UnusedAfter key={server.unusedAfterDays} id={id} days={server.unusedAfterDays} />
              <Suspense fallback={null}>
                <Between id={id} />
              </Suspense>
              <Suspense fallback={null}>
                <Sampling id={id} />
              </Suspense>
              <Card label="Privilege doctor">
                <CardHeader title="Privilege doctor" sub={`what the console's role may see and do in ${database}`} />
                <div className="px-4 pt-2 pb-4">
                  <Suspense fallback={<p className="text-ink-3">Looking …</p>}>
                    <Doctor id={id} />
                  </Suspense>
                </div>
              </Card>
              <Card label="Maintenance windows" className="max-w-[760px]">
                <CardHeader title="Maintenance windows" sub="when confirmed runs may start that wait for them" />
                <div className="px-4 pt-2 pb-4">
                  <Suspense fallback={<p className="text-ink-3">Looking …</p>}>
                    <Windows id={id} />
                  </Suspense>
                </div>
              </Card>
              {server.source === 'stored' && <RemoveServer id={id} name={name} />}
            </div>
          </>
        )}
      </AdminOnly>
    </Shell>
  )
}

/** Which cluster it is, and which answers. */
async function Cluster({ server: { id, name } }: { server: Server }) {
  const target = await serverTarget(id)
  const met = target.ok ? await askCluster(target.value) : target
  if (met.ok && met.value) await noteCluster(id, met.value)
  const [server, { queued }] = await Promise.all([findServer(id), openRunsOf(id)])
  if (!server) return null
  const { systemIdentifier, timeline, otherIdentifier, otherSince } = server
  const answers = met.ok ? met.value : null
  const version = answers?.systemIdentifier === otherIdentifier ? (answers?.version ?? null) : null
  const other = otherIdentifier === null ? null : { identifier: otherIdentifier, version, since: otherSince?.toISOString() ?? null }
  const grant = target.ok && met.ok && met.value === null ? grantToKnow(target.value.user) : null
  return <ClusterCard {...{ id, name, timeline, other, grant }} recorded={systemIdentifier} queued={queued.length} />
}

async function Sampling({ id }: { id: string }) {
  return <SamplingCard state={await samplingState(id)} now={new Date().toISOString()} />
}

/** Says so where a pooler is between. */
async function Between({ id }: { id: string }) {
  const target = await serverTarget(id)
  if (!target.ok) return null
  const facts = await serverFacts(target.value)
  if (!facts.ok || !facts.value.isPooled) return null
  const mode = await askPoolMode(target.value)
  const pooler = mode.ok ? mode.value : 'unknown'
  return (
    pooler && (
      <Card label="Pooler" className="max-w-[760px] p-4">
        <p className="text-ink-2">{poolerWords(pooler)}</p>
      </Card>
    )
  )
}

async function Windows({ id }: { id: string }) {
  const [windows, target] = await Promise.all([listWindows(id), serverTarget(id)])
  const zone = target.ok ? await runRead(target.value, timeZone, {}) : target
  return <WindowList server={id} windows={windows} change={{ timeZone: knownZone(zone.ok ? zone.value[0]?.time_zone : undefined) }} />
}

async function Doctor({ id }: { id: string }) {
  const target = await serverTarget(id)
  const lines = target.ok ? await privilegeDoctor(target.value, PARAMETER_NAMES) : target
  return lines.ok ? <PrivilegeDoctor lines={lines.value} /> : <ProblemPanel problem={lines.problem} title="The server could not be asked" />
}
