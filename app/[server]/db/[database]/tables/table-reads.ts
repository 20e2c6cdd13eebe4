import type { z } from 'zod'
import { type Place, targetOf } from '@/app/place'
import { listTables, type listTablesParams, type TableList } from '@/db/checks/list-tables'
import type { Result } from '@/db/target/problem'

/** A page of the tables of a place. */
export async function readTableList(place: Place, params: z.input<typeof listTablesParams>): Promise<Result<TableList>> {
  const target = await targetOf(place)
  return target.ok ? listTables(target.value, params) : target
}
