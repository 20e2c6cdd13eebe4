import { type Place, targetOf } from '@/app/place'
import { type Guide, readGuide } from '@/db/guide/find-guide'
import { ok, type Result } from '@/db/server/problem'
import type { Target } from '@/db/server/target'

/** The guide's tables of a place, and how they are reached; guide is null where there are none. Errors: as targetOf and readGuide. */
export async function guideOf(place: Place, schema?: string): Promise<Result<{ target: Target; guide: Guide | null }>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const guide = await readGuide(target.value, schema)
  return guide.ok ? ok({ target: target.value, guide: guide.value }) : guide
}
