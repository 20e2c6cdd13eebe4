import type { Row } from '../server/define-read'
import { qualified } from '../server/identifiers'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { GUIDE_SHAPE, GUIDE_TABLES, type GuideColumn, type GuideTable, LEAST_TABLES, SERVES } from './guide-shape'
import { guideTables } from './reads/guide-tables'

export type FoundTable = Row<typeof guideTables>

/** The guide's tables in one schema of a database. */
export interface Guide {
  schema: string
  /** Those that have what the five queries need. A table that is not here must not be asked. */
  tables: Partial<Record<GuideTable, FoundTable>>
  /** What of the 67 columns is not there, or not of a type that serves; all columns of a table where there is none of that name. */
  missing: { table: GuideTable; columns: string[]; absent: boolean }[]
  /** Other schemas that hold the guide's tables, too. */
  elsewhere: string[]
}

/**
 * Where a database holds the guide's tables: by names, columns and types, under whatever schema. Extra columns do not matter, enums may have
 * other names or be text, a partitioned table counts. At least users, courses and student_progress must have what the five queries need. Of
 * several schemas the one asked for, else the most complete, else the one with the most rows. null: nowhere. Pure.
 */
export function findGuide(rows: FoundTable[], asked?: string): Guide | null {
  const schemas = [...new Set(rows.map(({ schemaname }) => schemaname))]
  const found = schemas
    .map((schema) =>
      guideIn(
        schema,
        rows.filter(({ schemaname }) => schemaname === schema),
      ),
    )
    .filter(({ tables }) => LEAST_TABLES.every((table) => tables[table]))
    .sort((one, other) => lacking(one) - lacking(other) || rowsOf(other) - rowsOf(one) || (one.schema < other.schema ? -1 : 1))
  const chosen = found.find(({ schema }) => schema === asked) ?? found[0]
  return chosen ? { ...chosen, elsewhere: found.map(({ schema }) => schema).filter((schema) => schema !== chosen.schema) } : null
}

/** The guide's tables of a database, asked for at most every ten seconds. Errors: as runRead. */
export async function readGuide(target: Target, schema?: string): Promise<Result<Guide | null>> {
  const rows = await runRead(target, guideTables, {})
  return rows.ok ? ok(findGuide(rows.value, schema)) : rows
}

/** schema.table of a table that is there, quoted. Throws for one that is not: ask `tables` first. */
export function guideName(guide: Guide, table: GuideTable): string {
  const found = guide.tables[table]
  if (!found) throw new Error(`${table} of the guide is not in ${guide.schema}`)
  return qualified(found.schemaname, found.relname)
}

/** Whether everything that a text needs is there: tables by their name, columns beyond what the queries need as table.column. */
export const guideHas = (guide: Guide, table: GuideTable, columns: readonly string[] = []): boolean =>
  guide.tables[table] !== undefined &&
  !guide.missing.some((missing) => missing.table === table && columns.some((column) => missing.columns.includes(column)))

function guideIn(schema: string, rows: FoundTable[]): Guide {
  const tables: Guide['tables'] = {}
  const missing: Guide['missing'] = []
  for (const table of GUIDE_TABLES) {
    const row = rows.find(({ relname }) => relname === table)
    const columns = Object.entries<GuideColumn>(GUIDE_SHAPE[table])
    const types = new Map(row?.columns.map(({ name, type }) => [name, type]))
    const unfit = columns.filter(([name, { kind }]) => !SERVES[kind].includes(types.get(name) ?? ''))
    if (row && !unfit.some(([, column]) => column.needed)) tables[table] = row
    if (unfit.length > 0) missing.push({ table, columns: unfit.map(([name]) => name), absent: row === undefined })
  }
  return { schema, tables, missing, elsewhere: [] }
}

const lacking = ({ missing }: Guide): number => missing.reduce((sum, { columns }) => sum + columns.length, 0)
const rowsOf = ({ tables }: Guide): number => Object.values(tables).reduce((sum, { reltuples }) => sum + reltuples, 0)
