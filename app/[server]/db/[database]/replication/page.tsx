import type { Metadata } from 'next'
import { placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { ReplicationHistory } from '@/components/replication/replication-history'
import { loadReplicationParams } from '@/components/replication/replication-params'
import { ReplicationView } from '@/components/replication/replication-view'
import { findServer } from '@/db/console/servers'
import { readReplicationHistory } from './history-reads'
import { readReplicationOf } from './replication-reads'

type Props = PageProps<'/[server]/db/[database]/replication'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { server } = await placeOf(params)
  return { title: `Replication & WAL of ${server}` }
}

/** Replication is a server's; the database in the address is the one through which it is looked at. */
export default async function ReplicationPage({ params, searchParams }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const { range, from, to } = await loadReplicationParams(searchParams)
  const [now, history, server] = await Promise.all([
    readReplicationOf(place),
    readReplicationHistory(place.server, { range, from: from?.getTime() ?? null, to: to?.getTime() ?? null }),
    findServer(place.server),
  ])
  const at = new Date().toISOString()
  const name = server?.name ?? place.server
  return (
    <ReplicationView {...place} name={name} mayRun={mayRun(user)} initial={{ ...now, at }}>
      <ReplicationHistory server={place.server} initial={{ ...history, at }} />
    </ReplicationView>
  )
}
