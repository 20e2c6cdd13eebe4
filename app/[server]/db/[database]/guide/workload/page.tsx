import type { Metadata } from 'next'
import { placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { NoGuide } from '@/components/guide/no-guide'
import { loadWorkloadParams } from '@/components/guide/workload-params'
import { WorkloadView } from '@/components/guide/workload-view'
import { guideOf } from '../guide-of'
import { readWorkload } from './workload-reads'

type Props = PageProps<'/[server]/db/[database]/guide/workload'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { database } = await placeOf(params)
  return { title: `Workload of the LMS guide in ${database}` }
}

export default async function WorkloadPage({ params, searchParams }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const { query } = await loadWorkloadParams(searchParams)
  const found = await guideOf(place)
  if (!found.ok || !found.value.guide) return <NoGuide database={place.database} problem={found.ok ? null : found.problem} />
  const model = await readWorkload(place, found.value.guide, query)
  return <WorkloadView {...place} mayRun={mayRun(user)} model={model} readAt={new Date().toISOString()} />
}
