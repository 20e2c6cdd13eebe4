import type { Metadata } from 'next'
import { PlaceQuestion } from '@/components/console/place-question'
import { Fact, Facts } from '@/components/ui/facts'
import { PageHead } from '@/components/ui/page-head'
import { consoleRow } from '@/db/console/console-id'
import { mayBeBehind } from '@/db/console/which-console'
import { openRuns } from '@/db/runs/queue'
import { AdminOnly } from '../servers/admin-only'
import { requireUser } from '../session'
import { Shell } from '../shell'

export const metadata: Metadata = { title: 'This console' }

export default async function ConsolePage() {
  await requireUser()
  return (
    <Shell crumbs={[{ label: 'This console' }]}>
      <AdminOnly about="whether the console was moved or copied is answered by an administrator">{() => <WhichConsole />}</AdminOnly>
    </Shell>
  )
}

async function WhichConsole() {
  const { id, madeAt, place: was, doubt } = await consoleRow()
  const place = doubt?.place ?? was
  return (
    <>
      <PageHead eyebrow="This console" title={doubt ? 'Was this console moved, or copied?' : 'This console is where it was.'}>
        {doubt
          ? 'The answer applies to this place: it is not asked again here. If a copy is declared moved, its runs are executed twice.'
          : 'At each start its place is compared with the recorded one, so that a copy does not act in its place.'}
      </PageHead>
      <div className="grid max-w-[760px] gap-4">
        {doubt && <PlaceQuestion asked={doubt.at} openRuns={(await openRuns(new Date())).length} behind={mayBeBehind(doubt)} />}
        <Facts>
          <Fact name="Id">
            <code>{id}</code>, in the application_name of its runs' sessions
          </Fact>
          <Fact name="Made">{madeAt.toISOString().slice(0, 10)}</Fact>
          {place?.home && <Fact name="Data folder">{place.home.folder}</Fact>}
          {place && (
            <Fact name="Database">
              OID {place.database.oid} of cluster {place.database.systemIdentifier ?? 'that it may not ask for its system identifier'}
            </Fact>
          )}
        </Facts>
      </div>
    </>
  )
}
