import { relationBlocks } from '../cache/reads/relation-blocks'
import { runRead } from '../server/run-read'
import { inDatabase } from '../server/target'
import { byColumn, type Counters, countersOf, deltaOf } from './delta'
import { insertRows } from './insert-rows'
import { failedWith, nothing, type Place } from './memory'
import { DATABASE_SUMS } from './series'
import { BLOCK_SUMS, OTHER_RELATIONS, RELATION_IO_DELTA, SYSTEM_RELATIONS } from './series-of-use'

/** After a longer silence, in ms, the next values are a new baseline. */
const GAP_MS = 60 * 60_000
/** A database that has needed no more blocks since the last look is left alone: Proctor's own looks need as many. */
const LEAST_BLOCKS = 20_000
/** So many relations are kept by themselves at each look: those that were read most, and as many that were needed most. */
const MOST = 100
/** The first OID that is no system catalog's (FirstNormalObjectId). */
const FIRST_USER_OID = 16_384

interface Moved {
  relid: number
  delta: Counters
}

/** Blocks of the relations of a database since the last look. */
export async function sampleBlocks(place: Place, database: string) {
  const { memory, no, session, target } = place
  const entry = [...memory.databases].find(([, { datname }]) => datname === database)
  if (!entry) return nothing
  const [datid, { counters, statsReset: reset }] = entry
  const all = blocksOf(counters)
  const at = place.elapsed()
  const known = memory.blocks.get(datid)
  const before = known && at - known.at <= GAP_MS ? known : undefined
  // What it does need until the next look is counted then; the row of that look says over how long.
  if (before && before.reset === reset && all - before.all < LEAST_BLOCKS && at - before.at < GAP_MS / 2) return nothing
  const read = await runRead(inDatabase(target, database), relationBlocks, {})
  if (!read.ok) return failedWith(read.problem)
  const seen = read.value.map((row) => ({ relid: row.relid, counters: countersOf(row, BLOCK_SUMS) }))
  if (before) {
    const moved = seen.flatMap(({ relid, counters: now }): Moved[] => {
      const delta = deltaOf(before.counters.get(relid), now, before.reset !== reset)
      return delta ? [{ relid, delta }] : []
    })
    const rows = rowsOf(moved, (at - before.at) / 1000).map((row) => ({ datid, ...row }))
    await session.transaction((query) => insertRows(query, RELATION_IO_DELTA, no, place.now(), rows))
  }
  memory.blocks.set(datid, { at, all, reset, counters: new Map(seen.map((row) => [row.relid, row.counters])) })
  return nothing
}

const blocksOf = (counters: Counters): number => BLOCK_SUMS.reduce((sum, name) => sum + (counters[DATABASE_SUMS.indexOf(name)] ?? 0), 0)

/** The relations that are kept by themselves, the others together, and system catalogs. */
function rowsOf(moved: Moved[], seconds: number): Record<string, number | undefined>[] {
  const users = moved.filter(({ relid }) => relid >= FIRST_USER_OID)
  const kept = new Set([...most(users, ([read = 0]) => read), ...most(users, ([read = 0, hit = 0]) => read + hit)])
  const sumOf = (some: Moved[]) =>
    Object.fromEntries(BLOCK_SUMS.map((name, at) => [name, some.reduce((sum, { delta }) => sum + (delta[at] ?? 0), 0)]))
  return [
    ...[...kept].map(({ relid, delta }) => ({ relid, ...byColumn(delta, BLOCK_SUMS) })),
    { relid: OTHER_RELATIONS, seconds, ...sumOf(users.filter((one) => !kept.has(one))) },
    { relid: SYSTEM_RELATIONS, ...sumOf(moved.filter(({ relid }) => relid < FIRST_USER_OID)) },
  ]
}

const most = (moved: Moved[], by: (delta: Counters) => number): Moved[] =>
  moved.toSorted((a, b) => by(b.delta) - by(a.delta)).slice(0, MOST)
