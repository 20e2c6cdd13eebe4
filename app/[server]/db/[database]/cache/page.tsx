import type { Metadata } from 'next'
import { placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { loadCacheParams } from '@/components/cache/cache-params'
import { CacheView } from '@/components/cache/cache-view'
import { readCache } from './cache-reads'

type Props = PageProps<'/[server]/db/[database]/cache'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { server } = await placeOf(params)
  return { title: `Cache & I/O of ${server}` }
}

export default async function CachePage({ params, searchParams }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const { range, from, to } = await loadCacheParams(searchParams)
  const answer = await readCache(place, { range, from, to })
  return <CacheView {...place} mayRun={mayRun(user)} initial={{ ...answer, at: new Date().toISOString() }} />
}
