import type { Metadata } from 'next'
import { placeOf, targetOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { QueriesView } from '@/components/statements/queries-view'
import { loadQueryParams } from '@/components/statements/query-params'
import { mayPlan } from '@/db/statements/who-plans'
import { readQueries } from './query-reads'

type Props = PageProps<'/[server]/db/[database]/statements'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { database } = await placeOf(params)
  return { title: `Queries of ${database}` }
}

export default async function QueriesPage({ params, searchParams }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const ask = await loadQueryParams(searchParams)
  const target = await targetOf(place)
  const [list, may] = await Promise.all([
    readQueries(place, { ...ask, q: ask.q.slice(0, 200) }),
    target.ok ? mayPlan(target.value, mayRun(user)) : target,
  ])
  const noPlan = may.ok ? null : may.problem
  return <QueriesView {...place} mayRun={mayRun(user)} noPlan={noPlan} initial={{ ...list, at: new Date().toISOString() }} />
}
