import { type Place, targetOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { latestMeasurements } from '@/db/console/health-checks'
import { type CatalogueAnswer, readCatalogue } from '@/db/guide/catalogue/read-catalogue'
import { type GuidePlans, readGuidePlans } from '@/db/guide/catalogue/read-plans'
import { type Guide, readGuide } from '@/db/guide/find-guide'
import { indexPast } from '@/db/history/index-first-seen'
import { failed, ok, type Result } from '@/db/server/problem'
import type { Target } from '@/db/server/target'
import { mayPlan } from '@/db/statements/who-plans'

/** The catalogue of the tables in a schema, or where they are. Errors: conflict where there are none, as readCatalogue. */
export async function readGuideCatalogue(place: Place, schema: string | null): Promise<Result<CatalogueAnswer>> {
  const found = await guideAt(place, schema)
  return found.ok ? catalogueOf(place, found.value) : found
}

/** What the five queries read there; a plan may take an operator. Errors: as mayPlan, as readGuideCatalogue and readGuidePlans. */
export async function readGuidePlansOf(place: Place, schema: string | null): Promise<Result<GuidePlans>> {
  const user = await requireUser()
  const found = await guideAt(place, schema)
  if (!found.ok) return found
  const may = await mayPlan(found.value.target, mayRun(user))
  if (!may.ok) return may
  const catalogue = await catalogueOf(place, found.value)
  return catalogue.ok ? readGuidePlans(found.value.target, found.value.guide, catalogue.value.rows) : catalogue
}

async function guideAt(place: Place, schema: string | null): Promise<Result<{ target: Target; guide: Guide }>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const guide = await readGuide(target.value, schema ?? undefined)
  if (!guide.ok) return guide
  if (!guide.value) return failed('conflict', `${place.database} does not hold the tables of the guide any more`)
  return ok({ target: target.value, guide: guide.value })
}

const catalogueOf = async ({ server, database }: Place, { target, guide }: { target: Target; guide: Guide }) =>
  readCatalogue(target, guide, await latestMeasurements(server, database), await indexPast(server, database))
