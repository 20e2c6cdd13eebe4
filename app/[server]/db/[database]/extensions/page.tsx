import type { Metadata } from 'next'
import { placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { ExtensionsView } from '@/components/extensions/extensions-view'
import { readExtensions } from './extension-reads'

type Props = PageProps<'/[server]/db/[database]/extensions'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { database, server } = await placeOf(params)
  return { title: `Extensions of ${database} on ${server}` }
}

export default async function ExtensionsPage({ params }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const read = await readExtensions(place)
  return <ExtensionsView {...place} mayRun={mayRun(user)} initial={{ ...read, at: new Date().toISOString() }} />
}
