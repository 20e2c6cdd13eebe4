import type { Check, Past, PastCounters } from '../../checks/define-check'
import { formatCount } from '../../domain/format'
import { ok } from '../../server/problem'

const HOUR_MS = 3_600_000
const WEEK_MS = 168 * HOUR_MS
/** The same hours of the week before are compared, as load has the rhythm of a week. */
const HOURS = 3
/** Fewer blocks say nothing: a single cold report would decide. Half of the range must have been sampled. */
const LEAST_BLOCKS = 50_000
/** Our choices: so many points fallen, and twice as many misses: from 99.9 % to 94.9 % as well as from 90 % to 80 %. */
const FALLEN = 0.05
const MISSES = 2

/** Reads of this database leave shared_buffers more often than a week ago. The operating system's cache may still have the pages. */
export const cacheHitFallen: Check = {
  name: 'cache-hit-fallen',
  about: 'The share of blocks found in shared_buffers fell by five points or more against the same hours of the week before',
  look: async (target, past) => {
    const now = Date.now()
    const [late, before] = await Promise.all([ratioOf(past, target.database, now), ratioOf(past, target.database, now - WEEK_MS)])
    if (late === null || before === null || before - late < FALLEN || 1 - late < MISSES * (1 - before)) return ok([])
    const words = (share: number) => `${(share * 100).toFixed(1)}%`
    return ok([
      {
        kind: 'server',
        name: target.database,
        title: `Cache hits of ${target.database} fell from ${words(before)} to ${words(late)}`,
        evidence:
          `Blocks found in shared_buffers, in the last ${HOURS} h against the same hours a week before, each of at least ${formatCount(LEAST_BLOCKS, 'block')}. A new Seq Scan, a table that grew ` +
          'beyond the cache, or a restart does that. The page Queries has the statements that read most.',
        trust: { kind: 'exact' },
        severity: 'warn',
        since: new Date(now - HOURS * HOUR_MS).toISOString(),
        fix: null,
        sql: null,
      },
    ])
  },
}

/** Hits among the blocks asked for in the hours before a moment; null where that is not known well enough. */
async function ratioOf(past: Past | undefined, database: string, until: number): Promise<number | null> {
  const seen = await past?.counters?.(database, new Date(until - HOURS * HOUR_MS), new Date(until))
  return seen && enough(seen) ? seen.blks_hit / (seen.blks_hit + seen.blks_read) : null
}

const enough = ({ seconds, blks_hit: hit, blks_read: read }: PastCounters): boolean =>
  seconds >= (HOURS * 3_600) / 2 && hit + read >= LEAST_BLOCKS
