import type { Row } from '../server/define-read'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { atWork, type InvalidIndex, type InvalidRow, invalidIndex, invalidPartitioned } from './invalid-index'
import { repairPartitions } from './partition-repair'
import type { indexHealth } from './reads/index-health'
import { invalidIndexes } from './reads/invalid-indexes'
import { partitionIndexes } from './reads/partition-indexes'

type Index = Row<typeof indexHealth>

/** Of an index that is not valid, or a partitioned one above such a one: who is at work on it, else what it is. */
export interface InvalidSight {
  /** "Healthy: pid 7 is building it concurrently …" */
  atWork: string | null
  invalid: InvalidIndex | null
  /** Bytes; of indexes that no other read tells the size of, too. */
  bytes: number | null
}

/** What one look tells, by indexrelid. The same rows of the server give the same map. */
export type InvalidSights = Map<number, InvalidSight>

const seen = new WeakMap<object, { from: unknown[]; sights: InvalidSights }>()

/** Looks at the indexes among `rows` that are not valid, and at the partitions of those that lack some. Errors: as the two reads. */
export async function lookInvalid(target: Target, rows: Index[]): Promise<Result<InvalidSights>> {
  const broken = rows.filter(({ indisvalid }) => !indisvalid)
  if (broken.length === 0) return ok(NONE)
  const states = await runRead(target, invalidIndexes, {})
  if (!states.ok) return states
  const roots = [...new Set(broken.flatMap(({ indexrelid, indexroot, relkind }) => indexroot ?? (relkind === 'I' ? indexrelid : [])))]
  const parts = roots.length > 0 ? await runRead(target, partitionIndexes, { indexrelids: roots }) : ok([])
  if (!parts.ok) return parts
  const last = seen.get(rows)
  const from = [states.value, roots.length > 0 ? parts.value : null]
  if (last?.from.every((part, at) => part === from[at])) return ok(last.sights)
  const stateOf = new Map(states.value.map((state) => [state.indexrelid, state]))
  const sights: InvalidSights = new Map()
  for (const index of broken) {
    const state = stateOf.get(index.indexrelid)
    if (state) sights.set(index.indexrelid, single(index, state))
  }
  const byOid = new Map(rows.map((row) => [row.indexrelid, row]))
  for (const root of roots) {
    const index = byOid.get(root)
    if (!index) continue
    const members = broken.filter(({ indexrelid, indexroot }) => indexrelid === root || indexroot === root)
    const [any] = members.map(({ indexrelid }) => stateOf.get(indexrelid)).filter((state) => state !== undefined)
    if (!any) continue // put right between the two reads
    const busy = members.map(({ indexrelid }) => sights.get(indexrelid)?.atWork ?? null).find((work) => work !== null) ?? null
    const repair = repairPartitions(root, parts.value, any.version)
    sights.set(root, { atWork: busy, invalid: busy ? null : invalidPartitioned(index.indisunique, any, repair), bytes: null })
  }
  seen.set(rows, { from, sights })
  return ok(sights)
}

const NONE: InvalidSights = new Map()

function single(index: Index, state: InvalidRow): InvalidSight {
  const work = atWork(state)
  return {
    atWork: work,
    invalid: work === null ? invalidIndex({ ...index, exclusion: index.indisexclusion }, state) : null,
    bytes: state.bytes,
  }
}
