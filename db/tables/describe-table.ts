import type { Row } from '../server/define-read'
import { failed, ok, type Problem, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import { statementWithoutSecrets } from '../server/secrets/without-secrets'
import type { Target } from '../server/target'
import { looksAtCounts, type Trigger, triggersOf } from './autovacuum-triggers'
import { readHolders } from './read-holders'
import { autovacuumFormula } from './reads/autovacuum-formula'
import { tableBloatEstimate } from './reads/table-bloat-estimate'
import { tableColumns } from './reads/table-columns'
import { tableDefinition } from './reads/table-definition'
import { tableDetail } from './reads/table-detail'
import { tableKeys } from './reads/table-keys'
import { tableLockers } from './reads/table-lockers'
import { tableFamily } from './reads/tables'
import { vacuumProgress } from './reads/vacuum-progress'
import { withBloat } from './table-bloat'
import { tableDdl } from './table-ddl'
import { type TableFinding, tableFindings } from './table-health'
import { type VacuumAtWork, type VacuumObstacle, vacuumObstacles, vacuumPace } from './vacuum-obstacles'

/** When autovacuum takes a table, and what keeps it from its work. */
export interface AutovacuumOfTable {
  triggers: Trigger[]
  /** On for the server and the table, and changes are counted: else freezing alone brings it. */
  on: boolean
  obstacles: VacuumObstacle[]
  /** Of the table or its TOAST table, now. */
  vacuum: VacuumAtWork | null
  /** Pages a second that cost-based delay lets through; null: it never waits. */
  pace: { read: number; dirtied: number } | null
  /** Seconds between two rounds of a database. */
  naptime: number
  maxWorkers: number
  /** As the statistics count. */
  runs: string
}

/** All that one page tells of a table as it is now. */
export interface TableDescription {
  finding: TableFinding
  detail: Row<typeof tableDetail>
  /** Of a partitioned table, the largest first. */
  partitions: TableFinding[]
  columns: Row<typeof tableColumns>[]
  keys: Row<typeof tableKeys>[]
  /** null for a partitioned table, whose partitions autovacuum takes each by itself. */
  autovacuum: AutovacuumOfTable | null
  /** What could not be read beside it. */
  problems: { part: 'bloat' | 'columns' | 'foreign keys' | 'autovacuum'; problem: Problem }[]
}

/** One table with what stands behind its verdict. Errors: as the reads of its row; conflict when no such table is there any more. */
export async function describeTable(target: Target, relid: number): Promise<Result<TableDescription>> {
  const [family, details, holders, bloat, columns, keys, formula, lockers, progress] = await Promise.all([
    runRead(target, tableFamily, { relid }),
    runRead(target, tableDetail, { relid }),
    readHolders(target),
    runRead(target, tableBloatEstimate, {}),
    runRead(target, tableColumns, { relid }),
    runRead(target, tableKeys, { relid }),
    runRead(target, autovacuumFormula, { relid }),
    runRead(target, tableLockers, { relid }),
    runRead(target, vacuumProgress, {}),
  ])
  if (!family.ok) return family
  if (!details.ok) return details
  // A partitioned partition is the root of its own page: the partitions below sum up to it.
  const rows = family.value.map((row) => ({ ...row, root: row.relid !== relid ? relid : row.relkind === 'p' ? null : row.root }))
  const findings = tableFindings(rows, holders.ok ? holders.value : [])
  const known = bloat.ok ? withBloat(findings, bloat.value) : findings
  const finding = known.find((one) => one.relid === relid)
  const [detail] = details.value
  if (!finding || !detail) return failed('conflict', 'There is no such table any more: it was dropped')
  const problems: TableDescription['problems'] = []
  const taken = <T>(part: TableDescription['problems'][number]['part'], result: Result<T[]>): T[] => {
    if (result.ok) return result.value
    problems.push({ part, problem: result.problem })
    return []
  }
  taken('bloat', bloat)
  const formulas = taken('autovacuum', formula)
  const [heap] = formulas
  const vacuums = taken('autovacuum', progress)
  const triggers = triggersOf(formulas)
  const found = { formula: formulas, triggers, holders: taken('autovacuum', holders), lockers: taken('autovacuum', lockers), vacuums }
  return ok({
    finding,
    detail,
    partitions: known.filter((one) => one.relid !== relid).sort((a, b) => sizeOf(b) - sizeOf(a)),
    columns: taken('columns', columns),
    keys: taken('foreign keys', keys),
    autovacuum: heap
      ? {
          triggers,
          on: looksAtCounts(heap),
          obstacles: vacuumObstacles(found),
          vacuum: vacuums.find((one) => one.relid === relid || one.owner === relid) ?? null,
          pace: vacuumPace(heap),
          naptime: heap.naptime,
          maxWorkers: heap.max_workers,
          runs: heap.autovacuum_count,
        }
      : null,
    problems,
  })
}

const sizeOf = ({ bytes, indexBytes }: TableFinding): number => (bytes ?? 0) + (indexBytes ?? 0)

/** The statements that would make the table as it stands, without the secrets in them; null behind a lock. Errors: as runRead. */
export async function definitionOf(target: Target, relid: number): Promise<Result<string | null>> {
  const read = await runRead(target, tableDefinition, { relid })
  if (!read.ok) return read
  const [row] = read.value
  return ok(row ? statementWithoutSecrets(tableDdl(row)) : null)
}
