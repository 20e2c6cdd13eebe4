import type { Metadata } from 'next'
import { placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { loadActivityParams } from '@/components/sessions/activity-params'
import { ActivityView } from '@/components/sessions/activity-view'
import { readActivityHistory, readActivityOf } from './activity-reads'

type Props = PageProps<'/[server]/db/[database]/sessions'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { server } = await placeOf(params)
  return { title: `Activity of ${server}` }
}

/** Sessions are a server's; the database in the address is the one whose relations have names here. */
export default async function ActivityPage({ params, searchParams }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const { range, from, to } = await loadActivityParams(searchParams)
  const [activity, history] = await Promise.all([
    readActivityOf(place),
    readActivityHistory(place.server, { range, from: from?.getTime() ?? null, to: to?.getTime() ?? null }),
  ])
  const at = new Date().toISOString()
  return <ActivityView {...place} mayRun={mayRun(user)} initial={{ activity: { ...activity, at }, history: { ...history, at } }} />
}
