import { type Place, targetOf } from '@/app/place'
import { type ExtensionList, listExtensions } from '@/db/extensions/list-extensions'
import type { Result } from '@/db/server/problem'

/** Extensions of a place. */
export async function readExtensions(place: Place): Promise<Result<ExtensionList>> {
  const target = await targetOf(place)
  return target.ok ? listExtensions(target.value) : target
}
