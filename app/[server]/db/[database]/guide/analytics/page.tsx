import type { Metadata } from 'next'
import { placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { AnalyticsView } from '@/components/guide/analytics-view'
import { NoGuide } from '@/components/guide/no-guide'
import { readAnalytics } from '@/db/guide/analytics'
import { guideOf } from '../guide-of'

type Props = PageProps<'/[server]/db/[database]/guide/analytics'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { database } = await placeOf(params)
  return { title: `Analytics of the LMS guide in ${database}` }
}

export default async function AnalyticsPage({ params }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const found = await guideOf(place)
  if (!found.ok || !found.value.guide) return <NoGuide database={place.database} problem={found.ok ? null : found.problem} />
  const model = await readAnalytics(found.value.target, found.value.guide)
  return <AnalyticsView {...place} mayRun={mayRun(user)} read={model} />
}
