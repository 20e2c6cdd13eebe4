import type { Row } from '../server/define-read'
import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import { inDatabase, type Target } from '../server/target'
import { tableSizes } from '../tables/reads/table-sizes'
import { storageDatabases } from './reads/storage-databases'
import { tableFiles } from './reads/table-files'

/** What one tile of a level stands for. */
export interface StorageTile {
  kind: 'database' | 'schema' | 'table' | 'heap' | 'toast' | 'index' | 'others' | 'catalogs'
  /** An OID, or the name of a database or schema; of `others` how many they are. */
  id: string
  name: string
  bytes: number
  /** Whether a level is below it. */
  opens: boolean
  /** What it is made of, the largest first, where the same look tells; what is smaller is put together. */
  inside?: StorageTile[]
}

/** Where in the map: null on the way down is where it ends. */
export interface StoragePlace {
  database: string | null
  schema: string | null
  relid: number | null
}

export interface StorageMap {
  place: StoragePlace
  /** Of a table. */
  relname: string | null
  /** The largest first, what is left over put together at the end. */
  tiles: StorageTile[]
  bytes: number
  /** Names of what has no size for this role, or behind a lock. */
  unknown: string[]
}

/** So many tiles a level: smaller ones could not be told apart. */
export const MOST_TILES = 40

/** So many of what is inside a tile. */
const MOST_INSIDE = 8

/** One level of server, database, schema, table. Errors: as the reads; conflict when what it should show is gone. */
export async function storageMap(target: Target, place: StoragePlace): Promise<Result<StorageMap>> {
  const databases = await runRead(target, storageDatabases, {})
  if (!databases.ok) return databases
  if (place.database === null) {
    const tiles = databases.value.flatMap(({ datname, bytes, may_connect: opens }): StorageTile[] =>
      bytes === null ? [] : [{ kind: 'database', id: datname, name: datname, bytes, opens }],
    )
    return ok(
      mapOf(
        place,
        tiles,
        databases.value.flatMap(({ datname, bytes }) => (bytes === null ? datname : [])),
      ),
    )
  }
  const found = databases.value.find(({ datname }) => datname === place.database)
  if (!found) return failed('conflict', 'There is no such database any more')
  const inside = inDatabase(target, found.datname)
  if (place.relid !== null) return tableLevel(inside, place, place.relid)
  const sizes = await runRead(inside, tableSizes, {})
  if (!sizes.ok) return sizes
  const tables = sizes.value.map((row) => ({ ...row, bytes: row.heap_bytes + row.toast_bytes + row.index_bytes }))
  if (place.schema !== null) {
    const inSchema = tables.filter(({ schemaname }) => schemaname === place.schema)
    return ok(mapOf(place, inSchema.map(tableTile), []))
  }
  const schemas = [...Map.groupBy(tables, ({ schemaname }) => schemaname)].map(
    ([name, rows]): StorageTile => ({
      kind: 'schema',
      id: name,
      name,
      bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
      opens: true,
      inside: largest(
        rows.map(({ relid, relname, bytes }): StorageTile => ({ kind: 'table', id: String(relid), name: relname, bytes, opens: true })),
        MOST_INSIDE,
      ),
    }),
  )
  const counted = schemas.reduce((sum, { bytes }) => sum + bytes, 0)
  const rest = found.bytes === null ? 0 : found.bytes - counted
  // What is no user table: system catalogs, temporary tables, sequences, and what a lock hides.
  const catalogs: StorageTile[] =
    rest > 0 ? [{ kind: 'catalogs', id: 'catalogs', name: 'catalogs and other files', bytes: rest, opens: false }] : []
  return ok(mapOf(place, [...schemas, ...catalogs], []))
}

async function tableLevel(inside: Target, place: StoragePlace, relid: number): Promise<Result<StorageMap>> {
  const read = await runRead(inside, tableFiles, { relid })
  if (!read.ok) return read
  const [first] = read.value
  if (!first) return failed('conflict', 'There is no such table any more')
  const tiles = read.value.flatMap(({ kind, id, name, bytes }): StorageTile[] =>
    bytes === null || bytes === 0
      ? []
      : [{ kind, id: String(id), name: kind === 'index' ? name : kind === 'toast' ? 'TOAST' : 'heap', bytes, opens: false }],
  )
  const unknown = read.value.flatMap(({ name, bytes }) => (bytes === null ? name : []))
  return ok({ ...mapOf({ ...place, schema: first.schemaname }, tiles, unknown), relname: first.relname })
}

const tableTile = (table: Row<typeof tableSizes> & { bytes: number }): StorageTile => {
  const { relid, relname, bytes, heap_bytes: heap, index_bytes: indexes, toast_bytes: toast } = table
  const parts = [
    { kind: 'heap' as const, name: 'heap', bytes: heap },
    { kind: 'index' as const, name: 'indexes', bytes: indexes },
    { kind: 'toast' as const, name: 'TOAST', bytes: toast },
  ]
  const inside = parts.filter((part) => part.bytes > 0).map((part): StorageTile => ({ ...part, id: `${relid} ${part.kind}`, opens: false }))
  return { kind: 'table', id: String(relid), name: relname, bytes, opens: true, inside }
}

function mapOf(place: StoragePlace, tiles: StorageTile[], unknown: string[]): StorageMap {
  const bytes = tiles.reduce((sum, tile) => sum + tile.bytes, 0)
  return { place, relname: null, tiles: largest(tiles, MOST_TILES), bytes, unknown }
}

/** The largest, and the others put together at the end. */
function largest(tiles: StorageTile[], most: number): StorageTile[] {
  const sorted = tiles.toSorted((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1))
  const others = sorted.slice(most)
  if (others.length === 0) return sorted
  const bytes = others.reduce((sum, tile) => sum + tile.bytes, 0)
  return [...sorted.slice(0, most), { kind: 'others', id: String(others.length), name: `${others.length} others`, bytes, opens: false }]
}
