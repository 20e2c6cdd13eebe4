import type { z } from 'zod'
import { type Place, targetOf } from '@/app/place'
import type { AttachableTable, TableHistory } from '@/components/tables/table-answers'
import { type PresentOptions, presentOptions } from '@/db/commands/set-table-options/present-options'
import { historyBegin, toldRange } from '@/db/history/begin'
import { isBreak, timeMarks } from '@/db/history/events'
import { type TableStatements, tableStatements } from '@/db/history/table-statements'
import { tableHistory, tableSizeHistory } from '@/db/history/tables'
import { ok, type Result } from '@/db/server/problem'
import { runRead } from '@/db/server/run-read'
import { definitionOf, describeTable, type TableDescription } from '@/db/tables/describe-table'
import { listTables, type listTablesParams, type TableList } from '@/db/tables/list-tables'
import { attachableTables } from '@/db/tables/reads/attachable-tables'
import { tableDetail } from '@/db/tables/reads/table-detail'
import { tableFamily } from '@/db/tables/reads/tables'
import { vacuumProgress } from '@/db/tables/reads/vacuum-progress'
import type { VacuumAtWork } from '@/db/tables/vacuum-obstacles'

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

/** One table of a place with its evidence. Errors: conflict where no table has the OID. */
export async function readTable(place: Place, relid: number): Promise<Result<TableDescription>> {
  const target = await targetOf(place)
  return target.ok ? describeTable(target.value, relid) : target
}

const DAY_MS = 86_400_000
/** Points of a line: enough for a card half as wide as the page. */
const POINTS = 90

const back = (days: number) => ({ from: new Date(Date.now() - days * DAY_MS), to: new Date() })

/** What was sampled of a table, with its partitions: sizes over 90 days, scans over 30, dead rows over one. */
export async function readTableHistory(place: Place, relid: number): Promise<Result<TableHistory>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const { server, database } = place
  const [family, begin] = await Promise.all([runRead(target.value, tableFamily, { relid }), historyBegin(server)])
  // A table that cannot be read now has a history all the same.
  const relids = family.ok && family.value.length > 0 ? family.value.map((row) => row.relid) : [relid]
  const told = (days: number) => toldRange(back(days), begin).range
  const [sizes, month, lastDay, marks] = await Promise.all([
    tableSizeHistory(server, database, relids, told(90)),
    tableHistory(server, database, relids, told(30), POINTS),
    tableHistory(server, database, relids, told(1), POINTS),
    timeMarks(server, back(90), database),
  ])
  const explaining = marks.filter((mark) => mark.kind === 'run' || mark.kind === 'statistics reset' || isBreak(mark))
  return ok({ begin, sizes, month, day: lastDay, marks: explaining })
}

/** Statements that name a table, as sampled within 7 days. */
export async function readTableStatements(place: Place, relid: number): Promise<Result<TableStatements>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const read = await runRead(target.value, tableDetail, { relid })
  if (!read.ok) return read
  const [row] = read.value
  return ok(row ? await tableStatements(place.server, place.database, row, back(7)) : { rows: [], unread: 0, more: false })
}

/** The statements that would make a table; null behind a lock. */
export async function readTableDefinition(place: Place, relid: number): Promise<Result<string | null>> {
  const target = await targetOf(place)
  return target.ok ? definitionOf(target.value, relid) : target
}

/** Every VACUUM at work in a database. */
export async function readVacuums(place: Place): Promise<Result<VacuumAtWork[]>> {
  const target = await targetOf(place)
  return target.ok ? runRead(target.value, vacuumProgress, {}) : target
}

/** Tables that could become a partition of one. */
export async function readAttachable(place: Place, relid: number): Promise<Result<AttachableTable[]>> {
  const target = await targetOf(place)
  return target.ok ? runRead(target.value, attachableTables, { relid }) : target
}
