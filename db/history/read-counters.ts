import { countersSample } from '../databases/reads/counters-sample'
import { type ClusterIdentity, ClusterUnknown, isWithheld, readCluster } from '../server/cluster'
import type { Row } from '../server/define-read'
import { OLDEST_MAJOR, serverFacts } from '../server/facts'
import { type Ask, look } from '../server/look'
import { parseRow } from '../server/parse-rows'
import { ok, problemFrom, type Result } from '../server/problem'
import { isUnconvertible, variant } from '../server/run-read'
import type { Target } from '../server/target'
import type { Place } from './memory'

export type CounterRow = Row<typeof countersSample>

interface SeenCounters {
  /** Null: the role may not know. */
  cluster: ClusterIdentity | null
  row: CounterRow
}

/** A role that may not read the system identifier is asked for it again after so long, ms. */
const WITHHELD_MS = 3_600_000

/**
 * The counters, and which cluster told them, in one transaction: not even a pooler between leads its two statements to two servers. It asks
 * whoever answers, whatever the series expects; whose variant of the read serves is told by the same answer, so the first look after a
 * major upgrade is right. Errors: those of reads; another_cluster where it was known which one it is, and the role may know it no more.
 */
export async function readCounters(place: Place): Promise<Result<SeenCounters>> {
  const target = { ...place.target, cluster: undefined }
  const { memory, cluster: known } = place
  const mayKnow = known.systemIdentifier !== null || place.elapsed() - memory.withheldAt >= WITHHELD_MS
  try {
    const seen = mayKnow ? await withCluster(target) : null
    if (seen) return ok(seen)
  } catch (error) {
    if (!isWithheld(error)) return { ok: false, problem: problemFrom(error) }
    memory.withheldAt = place.elapsed()
    if (known.systemIdentifier !== null) return { ok: false, problem: problemFrom(new ClusterUnknown(target.user, error)) }
  }
  const facts = await serverFacts(target)
  if (!facts.ok) return facts
  try {
    return ok(await lookAt(target, async (ask) => ({ cluster: null, row: await countersBy(ask, facts.value.major) })))
  } catch (error) {
    return { ok: false, problem: problemFrom(error) }
  }
}

const withCluster = (target: Target): Promise<SeenCounters | null> =>
  lookAt(target, async (ask) => {
    const cluster = await readCluster(ask)
    const major = Number.parseInt(cluster.version, 10)
    return major < OLDEST_MAJOR ? null : { cluster, row: await countersBy(ask, major) }
  })

async function countersBy(ask: Ask, major: number): Promise<CounterRow> {
  const { rows } = await ask(variant(countersSample, major), [])
  return parseRow(countersSample.row, rows[0])
}

/** As reads do it: nothing is compiled, and names that this database's encoding has no letters for come with U+FFFD in their place. */
const lookAt = <T>(target: Target, work: (ask: Ask) => Promise<T>): Promise<T> =>
  look(target, work, { settings: { jit: 'off' } }).catch((error) => {
    if (!isUnconvertible(error)) throw error
    return look(target, work, { settings: { jit: 'off', client_encoding: 'SQL_ASCII' } })
  })
