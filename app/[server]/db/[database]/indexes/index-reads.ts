import type { z } from 'zod'
import { type Place, targetOf } from '@/app/place'
import type { DescribedIndex } from '@/components/indexes/described'
import { describeIndex } from '@/db/checks/describe-index'
import { type IndexList, listIndexes, type listIndexesParams } from '@/db/checks/list-indexes'
import { ok, type Result } from '@/db/target/problem'

/** A page of the indexes of a place, with what the console has measured there. */
export async function readIndexList(place: Place, params: z.input<typeof listIndexesParams>): Promise<Result<IndexList>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  return listIndexes(target.value, params, [])
}

/** One index of a place with its evidence. */
export async function readIndex(place: Place, indexrelid: number): Promise<Result<DescribedIndex>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const described = await describeIndex(target.value, indexrelid, [])
  return described.ok ? ok({ ...described.value, measurements: [] }) : described
}
