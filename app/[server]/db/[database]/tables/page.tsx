import type { Metadata } from 'next'
import { placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { loadTableParams, PAGE_ROWS } from '@/components/tables/table-params'
import { TablesView } from '@/components/tables/tables-view'
import { readTableList } from './table-reads'

type Props = PageProps<'/[server]/db/[database]/tables'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { database } = await placeOf(params)
  return { title: `Tables of ${database}` }
}

export default async function TablesPage({ params, searchParams }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const { show, q, sort, dir } = await loadTableParams(searchParams)
  const list = await readTableList(place, { show, q: q.slice(0, 200), sort, dir, offset: 0, limit: PAGE_ROWS })
  return <TablesView {...place} mayRun={mayRun(user)} initial={{ ...list, at: new Date().toISOString() }} />
}
