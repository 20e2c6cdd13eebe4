import type { Metadata } from 'next'
import { placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { loadIndexParams, PAGE_ROWS } from '@/components/indexes/index-params'
import { IndexView } from '@/components/indexes/index-view'
import { lastHealthCheck, readIndexList } from './index-reads'

type Props = PageProps<'/[server]/db/[database]/indexes'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { database } = await placeOf(params)
  return { title: `Indexes of ${database}` }
}

export default async function IndexesPage({ params, searchParams }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const { verdict, q, sort, dir } = await loadIndexParams(searchParams)
  const [list, lastCheck] = await Promise.all([
    readIndexList(place, { verdict, q: q.slice(0, 200), sort, dir, offset: 0, limit: PAGE_ROWS }),
    lastHealthCheck(place),
  ])
  const at = new Date().toISOString()
  return <IndexView {...place} initial={{ ...list, at }} lastCheck={lastCheck} mayRun={mayRun(user)} />
}
