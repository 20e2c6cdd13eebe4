import type { Metadata } from 'next'
import { placeOf } from '@/app/place'
import { requireUser } from '@/app/session'
import { GuideHead } from '@/components/guide/guide-head'
import { MissingParts } from '@/components/guide/missing-parts'
import { NoGuide } from '@/components/guide/no-guide'
import { guideOf } from './guide-of'

type Props = PageProps<'/[server]/db/[database]/guide'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { database } = await placeOf(params)
  return { title: `Indexes of the LMS guide in ${database}` }
}

export default async function GuidePage({ params }: Props) {
  await requireUser()
  const place = await placeOf(params)
  const found = await guideOf(place)
  if (!found.ok || !found.value.guide) return <NoGuide database={place.database} problem={found.ok ? null : found.problem} />
  const { guide } = found.value
  return (
    <>
      <GuideHead {...place} tab="indexes" title={`The tables of the LMS guide are in schema ${guide.schema}.`}>
        Found by their names, columns and types: {Object.keys(guide.tables).length} of 7. What the guide is, and what was wrong in print:
        docs/guide.md.
      </GuideHead>
      <MissingParts missing={guide.missing} />
    </>
  )
}
