import type { Metadata } from 'next'
import { Suspense } from 'react'
import { z } from 'zod'
import { type Place, placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { liveTuning, loadConfigurationParams } from '@/components/settings/configuration-params'
import { ConfigurationView } from '@/components/settings/configuration-view'
import { SettingChanges } from '@/components/settings/setting-changes'
import { findServer } from '@/db/console/servers'
import { failed } from '@/db/server/problem'
import { CHANGES_DAYS, readSettingChanges, readTuning, tuningParams } from './configuration-reads'

type Props = PageProps<'/[server]/db/[database]/settings'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { server } = await placeOf(params)
  return { title: `Configuration of ${server}` }
}

export default async function ConfigurationPage({ params, searchParams }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const given = z.object(tuningParams).safeParse(liveTuning(await loadConfigurationParams(searchParams)))
  const tuning = given.success ? await readTuning(place, given.data) : failed('invalid_input', z.prettifyError(given.error))
  return (
    <ConfigurationView
      {...place}
      mayRun={mayRun(user)}
      initial={{ ...tuning, at: new Date().toISOString() }}
      restartable={(await findServer(place.server))?.source === 'embedded'}
    >
      <Suspense fallback={null}>
        <Changes place={place} />
      </Suspense>
    </ConfigurationView>
  )
}

async function Changes({ place }: { place: Place }) {
  return <SettingChanges changes={await readSettingChanges(place)} days={CHANGES_DAYS} now={new Date().toISOString()} />
}
