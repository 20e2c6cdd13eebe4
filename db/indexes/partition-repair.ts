import type { Row } from '../server/define-read'
import { identifier, qualified } from '../server/identifiers'
import type { partitionIndexes } from './reads/partition-indexes'

type PartitionRow = Row<typeof partitionIndexes>
type Attached = NonNullable<PartitionRow['attached']>

/** How an invalid partitioned index turns valid, or why nobody can make it so. */
export interface PartitionRepair {
  /** Statements in their order; none when `unable` says why not. */
  sql: string[]
  /** The same as a run's steps; none where they put another index in its place. */
  steps: RepairStep[]
  /** Partitions without an index that is attached. */
  lacking: string[]
  /** Indexes of partitions that are attached and invalid. */
  broken: string[]
  unable: string | null
}

/** One statement, without its semicolon. */
export interface RepairStep {
  sql: string
  /** The table that it is about. */
  name: string
  /** A CONCURRENTLY form. */
  concurrent: boolean
  /** The index that it makes, and may leave invalid under this name. */
  builds: string | null
  /** It locks a table, and not just an index, against reads and writes. */
  shutsOut: boolean
}

/**
 * The minors from which on ATTACH PARTITION of an index that is attached already looks once more whether the parent is valid; before, it
 * does nothing without a word (commit 9d3e094f12 of 2026, in the manual under ALTER INDEX).
 */
const ATTACHES_AGAIN: Record<number, number> = { 14: 140_023, 15: 150_018, 16: 160_014, 17: 170_010, 18: 180_004 }
export const attachesAgain = (version: number): boolean => version >= (ATTACHES_AGAIN[Math.floor(version / 10_000)] ?? 0)

/** NAMEDATALEN less one (manual, 4.1.1). */
const NAME_BYTES = 63

/**
 * The statements that give every partition its index and make the partitioned ones valid, the lowest level first: each partition CONCURRENTLY,
 * then ATTACH. `version` is server_version_num. Null where the rows do not hold the index or a lock hides its definition.
 */
export function repairPartitions(root: number, rows: PartitionRow[], version: number): PartitionRepair | null {
  const mine = rows.filter((row) => row.root === root)
  const top = mine.find(({ parent }) => parent === null)
  if (!top?.attached || top.written === null) return null
  const isKey = top.constraint === null || (top.constraint.contype !== 'x' && top.written.startsWith('USING btree'))
  const work = new Repair(mine, version)
  work.level(top, top.attached)
  const found = { lacking: work.lacking, broken: work.broken }
  if (!isKey) return { ...found, sql: [], steps: [], unable: EXCLUSION }
  if (work.foreign.length === 0 && !work.isStuck)
    return { ...found, sql: work.steps.map(({ sql }) => `${sql};`), steps: work.steps, unable: null }
  const why =
    work.foreign.length > 0 ? `${work.foreign.join(', ')} is a foreign table, which has no index, and ATTACH PARTITION counts it` : STUCK
  if (top.indisunique || top.constraint) return { ...found, sql: [], steps: [], unable: why }
  return { ...found, sql: anew(mine, top, top.attached), steps: [], unable: null }
}

const STUCK =
  'only the mark on it is missing, and ATTACH PARTITION sets it from 14.23, 15.18, 16.14, 17.10 and 18.4 on: update the server, then look again'

/** CompareIndexInfo, "No support currently for comparing exclusion indexes". */
const EXCLUSION =
  'PostgreSQL attaches no index of an exclusion constraint or of a key WITHOUT OVERLAPS: drop the constraint and add it again without ONLY'

class Repair {
  steps: RepairStep[] = []
  lacking: string[] = []
  broken: string[] = []
  foreign: string[] = []
  isStuck = false
  private readonly below: Map<number | null, PartitionRow[]>
  private readonly version: number

  constructor(rows: PartitionRow[], version: number) {
    this.below = Map.groupBy(rows, ({ parent }) => parent)
    this.version = version
  }

  /** Sees to everything below an index of a partitioned table, then to the index itself. */
  level(table: PartitionRow, index: Attached): void {
    const attach: RepairStep[] = []
    let last: Attached | null = null
    for (const part of this.below.get(table.relid) ?? []) {
      if (part.relkind === 'f') {
        if (!index.valid) this.foreign.push(nameOf(part))
        continue
      }
      const found = part.attached ?? part.candidate
      const child = found ?? this.make(part)
      if (part.attached === null) {
        this.lacking.push(nameOf(part))
        attach.push(step(part, attachSql(index, child)))
      } else last = part.attached
      if (part.relkind === 'p') this.level(part, found ?? { ...child, valid: false })
      else if (found && !found.valid) {
        if (part.attached) this.broken.push(indexOf(found))
        this.add(part, `REINDEX INDEX CONCURRENTLY ${indexOf(found)}`, { concurrent: true })
      }
    }
    this.steps.push(...attach)
    if (index.valid || attach.length > 0 || last === null) return
    this.add(table, attachSql(index, last))
    if (!attachesAgain(this.version)) this.isStuck = true
  }

  private add(...given: Parameters<typeof step>): void {
    this.steps.push(step(...given))
  }

  private make(part: PartitionRow): Attached {
    const { root, relid, written, indisunique, constraint, schemaname } = part
    const rootIndex = this.below.get(null)?.find((row) => row.root === root)?.attached?.indexrelname ?? ''
    const indexrelname = freshName(rootIndex, relid)
    const name = identifier(indexrelname)
    const table = nameOf(part)
    const create = indisunique ? 'CREATE UNIQUE INDEX' : 'CREATE INDEX'
    if (constraint && part.relkind === 'p')
      this.add(part, `ALTER TABLE ONLY ${table} ADD CONSTRAINT ${name} ${constraint.definition}`, { shutsOut: true })
    else if (part.relkind === 'p') this.add(part, `${create} ${name} ON ONLY ${table} ${written}`)
    else {
      this.add(part, `${create} CONCURRENTLY ${name} ON ${table} ${written}`, { concurrent: true, builds: indexrelname })
      if (constraint) {
        const kind = constraint.contype === 'p' ? 'PRIMARY KEY' : 'UNIQUE'
        const when = constraint.deferrable ? ` DEFERRABLE${constraint.deferred ? ' INITIALLY DEFERRED' : ''}` : ''
        this.add(part, `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${kind} USING INDEX ${name}${when}`, { shutsOut: true })
      }
    }
    return { schemaname, indexrelname, valid: true }
  }
}

/**
 * The way where ATTACH PARTITION cannot help: an index of its own for each partition, CONCURRENTLY, under a new partitioned one, which takes them as
 * they are and leaves foreign tables out (manual, CREATE INDEX); then the old one goes.
 */
function anew(rows: PartitionRow[], top: PartitionRow, index: Attached): string[] {
  const fresh = freshName(index.indexrelname, top.relid)
  return [
    ...rows
      .filter(({ relkind }) => relkind === 'r')
      .map(
        (part) => `CREATE INDEX CONCURRENTLY ${identifier(freshName(index.indexrelname, part.relid))} ON ${nameOf(part)} ${top.written};`,
      ),
    `CREATE INDEX ${identifier(fresh)} ON ${nameOf(top)} ${top.written};`,
    `DROP INDEX ${indexOf(index)};`,
    `ALTER INDEX ${qualified(index.schemaname, fresh)} RENAME TO ${identifier(index.indexrelname)};`,
  ]
}

const nameOf = ({ schemaname, relname }: PartitionRow): string => qualified(schemaname, relname)
const indexOf = ({ schemaname, indexrelname }: Attached): string => qualified(schemaname, indexrelname)
const attachSql = (parent: Attached, child: Attached): string => `ALTER INDEX ${indexOf(parent)} ATTACH PARTITION ${indexOf(child)}`
const step = ({ relname }: PartitionRow, sql: string, more: Partial<RepairStep> = {}): RepairStep => ({
  sql,
  name: relname,
  concurrent: false,
  builds: null,
  shutsOut: false,
  ...more,
})

/** The index's own name with the table's OID, which no other has. */
function freshName(indexrelname: string, relid: number): string {
  const end = `_${relid}`
  let name = indexrelname
  while (Buffer.byteLength(name) > NAME_BYTES - end.length) name = Array.from(name).slice(0, -1).join('')
  return `${name}${end}`
}
