import type { Row } from '../server/define-read'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { readHolders } from './read-holders'
import { tables } from './reads/tables'
import { formatHolders, type SnapshotHolder } from './snapshot-holders'
import type { TableBloat } from './table-bloat'

type TableRow = Row<typeof tables>

/** Why a table wants VACUUM or ANALYZE. */
type TableReason =
  /** n_dead_tup is above vacuum_at. */
  | 'dead'
  /** Fewer dead rows than vacuum_at, which stands higher than is good: at least DEAD_ROWS and DEAD_SHARE. */
  | 'dead-share'
  /** n_ins_since_vacuum is above insert_at. */
  | 'inserts'
  /** n_mod_since_analyze is above analyze_at. */
  | 'modified'
  /** Neither VACUUM nor ANALYZE has ever counted the rows that there are. */
  | 'uncounted'
  /** age(relfrozenxid) is above freeze_at, or mxid_age(relminmxid) near its end. */
  | 'age'

export interface TableNeed {
  command: 'vacuum' | 'analyze'
  reason: TableReason
  /** True: autovacuum will not do it by itself, or is far behind. False: it is autovacuum's turn. */
  act: boolean
  /** Of a partitioned table: how many partitions. */
  partitions: number
  /** Whose snapshot keeps VACUUM from doing it, in words: then nobody is to run it yet. */
  heldBy?: string
}

/** One table as the list shows it; a partitioned table stands for its partitions. Counts are decimal text. */
export interface TableFinding {
  relid: number
  schemaname: string
  relname: string
  kind: 'table' | 'materialized view' | 'partitioned table' | 'partition'
  root: number | null
  partitions: number
  /** Tables with TOAST; null where it could not be read, partitions that could not be read are left out. */
  bytes: number | null
  indexBytes: number | null
  live: string
  dead: string
  /** dead of live and dead, 0 … 1; null without rows. */
  deadShare: number | null
  modified: string
  inserted: string
  autovacuum: boolean
  ownParameters: boolean
  /** Above which autovacuum comes; null for a partitioned table, whose partitions have one each. */
  vacuumAt: number | null
  insertAt: number | null
  analyzeAt: number | null
  freezeAt: number
  xidAge: number | null
  mxidAge: number | null
  /** Of a partitioned table, that of the partition which waits longest; null when one never was. */
  lastVacuum: string | null
  lastAutovacuum: string | null
  lastAnalyze: string | null
  lastAutoanalyze: string | null
  vacuuming: number | null
  /** Of a materialized view: whether it was ever populated, and the index that lets it be refreshed CONCURRENTLY. */
  refresh: { populated: boolean; index: string | null } | null
  needs: TableNeed[]
  /** What a rewrite would give back; null for a table under 1 MB, and where it was not asked for. */
  bloat: TableBloat | null
  skipped: string | null
}

/** Dead rows below which nobody has to act: a page or a few. */
export const FEW_ROWS = 1_000
const DEAD_ROWS = 10_000
const DEAD_SHARE = 0.2
/** 80 % of vacuum_failsafe_age's default of 1.6 thousand million transactions (manual, 19.10.1). */
const NEAR_FAILSAFE = 1_280_000_000

/** Every table of a database with what it needs, and who keeps VACUUM from doing it. Errors: as the two reads. */
export async function readTableFindings(target: Target): Promise<Result<TableFinding[]>> {
  const [rows, holders] = await Promise.all([runRead(target, tables, {}), readHolders(target)])
  if (!rows.ok) return rows
  return holders.ok ? ok(tableFindings(rows.value, holders.value)) : holders
}

/** Every table and partition with what it needs. Partitioned tables sum up their partitions. */
export function tableFindings(rows: TableRow[], holders: SnapshotHolder[] = []): TableFinding[] {
  const single = (row: TableRow): TableFinding => heldUp(singleOf(row), holders)
  const parts = Map.groupBy(
    rows.filter(({ root, relkind }) => root !== null && relkind !== 'p'),
    ({ root }) => root,
  )
  return rows
    .filter(({ relkind, root }) => relkind !== 'p' || root === null) // partitioned partitions show through their root
    .map((row) => (row.relkind === 'p' ? rolledUp(single(row), row, (parts.get(row.relid) ?? []).map(single)) : single(row)))
}

/**
 * What VACUUM would do for rows that died, or whose age counts, it cannot do while somebody's snapshot may see them. Which rows died
 * before that snapshot, nobody counts.
 */
function heldUp(table: TableFinding, holders: SnapshotHolder[]): TableFinding {
  if (holders.length === 0) return table
  const oldest = Math.max(...holders.map(({ age }) => age))
  const isHeld = ({ command, reason }: TableNeed) =>
    command === 'vacuum' && (reason === 'dead' || reason === 'dead-share' || (reason === 'age' && oldest >= table.freezeAt))
  return { ...table, needs: table.needs.map((one) => (isHeld(one) ? { ...one, act: false, heldBy: formatHolders(holders) } : one)) }
}

function singleOf(row: TableRow): TableFinding {
  const live = Number(row.n_live_tup)
  const dead = Number(row.n_dead_tup)
  const deadShare = live + dead > 0 ? dead / (live + dead) : null
  return {
    relid: row.relid,
    schemaname: row.schemaname,
    relname: row.relname,
    kind: row.root !== null ? 'partition' : row.relkind === 'm' ? 'materialized view' : 'table',
    root: row.root,
    partitions: 0,
    bytes: row.bytes,
    indexBytes: row.index_bytes,
    live: row.n_live_tup,
    dead: row.n_dead_tup,
    deadShare,
    modified: row.n_mod_since_analyze,
    inserted: row.n_ins_since_vacuum,
    autovacuum: row.autovacuum,
    ownParameters: row.own_parameters,
    vacuumAt: row.vacuum_at,
    insertAt: row.insert_at,
    analyzeAt: row.analyze_at,
    freezeAt: row.freeze_at,
    xidAge: row.xid_age,
    mxidAge: row.mxid_age,
    lastVacuum: row.last_vacuum,
    lastAutovacuum: row.last_autovacuum,
    lastAnalyze: row.last_analyze,
    lastAutoanalyze: row.last_autoanalyze,
    vacuuming: row.vacuuming,
    refresh: row.populated === null ? null : { populated: row.populated, index: row.refresh_index },
    needs: [ageNeed(row), vacuumNeed(row, live, dead, deadShare), analyzeNeed(row, live)].filter((need) => need !== undefined),
    bloat: null,
    skipped: row.skipped,
  }
}

const need = (command: TableNeed['command'], reason: TableReason, act: boolean): TableNeed => ({ command, reason, act, partitions: 0 })

/** Autovacuum starts at freeze_at even where it is switched off, so only a table far beyond it wants somebody. */
function ageNeed({ xid_age, mxid_age, freeze_at }: TableRow): TableNeed | undefined {
  const xid = xid_age ?? 0
  const near = Math.max(xid, mxid_age ?? 0) >= NEAR_FAILSAFE
  return xid > freeze_at || near ? need('vacuum', 'age', near || xid >= 2 * freeze_at) : undefined
}

function vacuumNeed(row: TableRow, live: number, dead: number, deadShare: number | null): TableNeed | undefined {
  if (dead > row.vacuum_at)
    return need('vacuum', 'dead', dead >= FEW_ROWS && (!row.autovacuum || dead >= Math.max(DEAD_ROWS, 2 * row.vacuum_at)))
  if (dead >= DEAD_ROWS && (deadShare ?? 0) >= DEAD_SHARE) return need('vacuum', 'dead-share', true)
  const inserted = Number(row.n_ins_since_vacuum)
  if (row.insert_at !== null && inserted > row.insert_at && live > 0)
    return need('vacuum', 'inserts', !row.autovacuum && inserted >= DEAD_ROWS)
  return undefined
}

function analyzeNeed(row: TableRow, live: number): TableNeed | undefined {
  const modified = Number(row.n_mod_since_analyze)
  if (modified > row.analyze_at) return need('analyze', 'modified', !row.autovacuum && modified >= FEW_ROWS)
  if (row.uncounted && live >= FEW_ROWS) return need('analyze', 'uncounted', !row.autovacuum)
  return undefined
}

function rolledUp(root: TableFinding, row: TableRow, parts: TableFinding[]): TableFinding {
  const live = sum(parts.map((part) => part.live))
  const dead = sum(parts.map((part) => part.dead))
  const modified = sum(parts.map((part) => part.modified))
  const rows = Number(live) + Number(dead)
  return {
    ...root,
    kind: 'partitioned table',
    partitions: parts.length,
    bytes: sumKnown(parts.map((part) => part.bytes)),
    indexBytes: sumKnown(parts.map((part) => part.indexBytes)),
    live,
    dead,
    deadShare: rows > 0 ? Number(dead) / rows : null,
    modified,
    inserted: sum(parts.map((part) => part.inserted)),
    autovacuum: parts.every((part) => part.autovacuum),
    vacuumAt: null,
    insertAt: null,
    freezeAt: Math.min(row.freeze_at, ...parts.map((part) => part.freezeAt)),
    xidAge: most(parts.map((part) => part.xidAge)),
    mxidAge: most(parts.map((part) => part.mxidAge)),
    lastVacuum: oldest(parts.map((part) => part.lastVacuum)),
    lastAutovacuum: oldest(parts.map((part) => part.lastAutovacuum)),
    vacuuming: parts.find((part) => part.vacuuming !== null)?.vacuuming ?? null,
    needs: [...rootAnalyze(row, Number(live), Number(modified)), ...together(parts)],
    skipped: row.skipped ?? parts.find((part) => part.skipped !== null)?.skipped ?? null,
  }
}

/** Autovacuum never analyzes a partitioned table itself (manual, 24.1.6), so this is always somebody's to do. */
function rootAnalyze(row: TableRow, live: number, modified: number): TableNeed[] {
  if (row.uncounted && live >= FEW_ROWS) return [need('analyze', 'uncounted', true)]
  return !row.uncounted && modified > row.analyze_at && modified >= FEW_ROWS ? [need('analyze', 'modified', true)] : []
}

/** The partitions' needs, the same ones counted. */
function together(parts: TableFinding[]): TableNeed[] {
  const found = new Map<string, TableNeed>()
  for (const one of parts.flatMap((part) => part.needs)) {
    const key = `${one.command} ${one.reason}`
    const before = found.get(key)
    found.set(key, { ...one, act: one.act || (before?.act ?? false), partitions: (before?.partitions ?? 0) + 1 })
  }
  return [...found.values()]
}

const sum = (counters: string[]): string => counters.reduce((total, one) => total + BigInt(one), 0n).toString()

const sumKnown = (sizes: (number | null)[]): number | null => {
  const known = sizes.filter((size) => size !== null)
  return sizes.length > 0 && known.length === 0 ? null : known.reduce((total, size) => total + size, 0)
}

const most = (ages: (number | null)[]): number | null => ages.reduce((a, b) => (b !== null && (a === null || b > a) ? b : a), null)

const oldest = (moments: (string | null)[]): string | null =>
  moments.length === 0 || moments.includes(null) ? null : moments.reduce((a, b) => (a !== null && b !== null && b < a ? b : a))
