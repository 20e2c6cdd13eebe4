import type { z } from 'zod'
import { type Place, targetOf } from '@/app/place'
import { type PresentOptions, presentOptions } from '@/db/commands/set-table-options/present-options'
import type { Result } from '@/db/server/problem'
import { listTables, type listTablesParams, type TableList } from '@/db/tables/list-tables'

/** A page of the tables of a place. */
export async function readTableList(place: Place, params: z.input<typeof listTablesParams>): Promise<Result<TableList>> {
  const target = await targetOf(place)
  return target.ok ? listTables(target.value, params) : target
}

/** The storage parameters of a table as they stand, and what they override. */
export async function readTableOptions(place: Place, relid: number): Promise<Result<PresentOptions>> {
  const target = await targetOf(place)
  return target.ok ? presentOptions(target.value, relid) : target
}
