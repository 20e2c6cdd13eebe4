import type { Metadata } from 'next'
import { placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { StorageView } from '@/components/storage/storage-view'
import { readStorage } from './storage-reads'

type Props = PageProps<'/[server]/db/[database]/storage'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { server } = await placeOf(params)
  return { title: `Storage of ${server}` }
}

export default async function StoragePage({ params }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const read = await readStorage(place)
  return <StorageView {...place} mayRun={mayRun(user)} initial={{ ...read, at: new Date().toISOString() }} />
}
