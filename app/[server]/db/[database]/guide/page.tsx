import type { Metadata } from 'next'
import { placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { loadCatalogueParams } from '@/components/guide/catalogue-params'
import { CatalogueView } from '@/components/guide/catalogue-view'
import { NoGuide } from '@/components/guide/no-guide'
import { readGuideCatalogue } from './catalogue-reads'
import { guideOf } from './guide-of'

type Props = PageProps<'/[server]/db/[database]/guide'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { database } = await placeOf(params)
  return { title: `Indexes of the LMS guide in ${database}` }
}

export default async function GuidePage({ params, searchParams }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const { schema } = await loadCatalogueParams(searchParams)
  const found = await guideOf(place)
  if (!found.ok || !found.value.guide) return <NoGuide database={place.database} problem={found.ok ? null : found.problem} />
  const catalogue = await readGuideCatalogue(place, schema)
  return <CatalogueView {...place} mayRun={mayRun(user)} initial={{ ...catalogue, at: new Date().toISOString() }} />
}
