import type { Check, Finding } from '../../checks/define-check'
import { formatBytes, formatCount } from '../../domain/format'
import { type Faster, fasterGrowth, RECENT_DAYS } from '../../domain/growth'
import { qualified } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { tableSizes } from '../../tables/reads/table-sizes'

const DAY_MS = 86_400_000
/** Our choice: what adds less in three days is no reason to look. */
const LEAST_BYTES = 1024 ** 3

/**
 * Tables with their indexes and TOAST; the database only where none of its tables explains it. Silent below 14 days of sizes before the last
 * three, where one of these was not sampled, of a single load, of what a week before did as well, and of less than a gigabyte.
 */
export const growthFasterThan = (least: number): Check => ({
  name: 'growth-faster',
  about: 'Tables and databases that added, on each of the last three days, more than twice as much as on any day of the four weeks before',
  cadence: 'hour',
  look: async (target, past) => {
    const now = Date.now()
    const grown = await past?.growth?.(target.database, new Date(now - (RECENT_DAYS + 1) * DAY_MS))
    if (!grown) return ok([])
    const today = Math.floor(now / DAY_MS)
    const faster = [...grown.tables].flatMap(([relid, values]) => {
      const how = fasterGrowth(values, today)
      return how && how.added >= least ? [{ relid, how }] : []
    })
    const whole = fasterGrowth(grown.database, today)
    if (faster.length === 0) return ok(whole && whole.added >= least ? [ofDatabase(target.database, whole)] : [])
    const names = await runRead(target, tableSizes, {})
    if (!names.ok) return names
    const named = new Map(names.value.map((row) => [row.relid, row]))
    return ok(
      faster
        .sort((a, b) => b.how.added - a.how.added)
        .flatMap(({ relid, how }): Finding[] => {
          const table = named.get(relid) // gone since, or under a lock
          if (!table) return []
          const { schemaname, relname } = table
          const title = `${qualified(schemaname, relname)} grows faster than before`
          return [{ kind: 'relation', what: 'table', schemaname, relname, oid: relid, title, ...said(how) }]
        }),
    )
  },
})

export const growthFaster = growthFasterThan(LEAST_BYTES)

const ofDatabase = (database: string, how: Faster): Finding => ({
  kind: 'server',
  name: database,
  title: `${database} grows faster than before`,
  ...said(how, ' No single table explains it: many grew, or large objects did.'),
})

const said = ({ recent, added, most, usual, days }: Faster, more = '') =>
  ({
    evidence:
      `It grew by ${recent.map((bytes) => formatBytes(Math.round(bytes))).join(', ')} on the last three whole days, ${formatBytes(Math.round(added))} together; ` +
      `on ${formatCount(days, 'day')} before by ${formatBytes(Math.max(0, Math.round(usual)))} in the median, and by ${formatBytes(Math.round(most))} at most. ` +
      `Rule: each of three days above twice the greatest before.${more} Look at what writes to it, and whether a purge or VACUUM has stopped.`,
    trust: { kind: 'exact' },
    severity: 'warn',
    fix: null,
    sql: null,
  }) as const
