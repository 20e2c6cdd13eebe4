import type { z } from 'zod'
import { type Place, targetOf } from '@/app/place'
import { type IndexList, listIndexes, type listIndexesParams } from '@/db/checks/list-indexes'
import type { Result } from '@/db/target/problem'

/** A page of the indexes of a place, with what the console has measured there. */
export async function readIndexList(place: Place, params: z.input<typeof listIndexesParams>): Promise<Result<IndexList>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  return listIndexes(target.value, params, [])
}
