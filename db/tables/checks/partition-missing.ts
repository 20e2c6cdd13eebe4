import type { Check, Finding } from '../../checks/define-check'
import { formatAge, formatMoment } from '../../domain/format'
import type { Row } from '../../server/define-read'
import { identifier, qualified } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { rangePartitioned } from '../reads/range-partitioned'

type Partitioned = Row<typeof rangePartitioned>

const DAY = 86_400
/** Somebody makes partitions regularly where the last three follow one another and are about as long; months are 28 to 31 days. */
const LAST = 3
const LONGEST_TO_SHORTEST = 1.2
/** Where none was made for so many of their lengths, the table is an archive. */
const ABANDONED = 2

/**
 * Without a partition and without a default, INSERT fails (23514). Silent where partitions were not made regularly, or have not been for long, and where the
 * default partition takes the rows. https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE
 */
export const partitionMissing: Check = {
  name: 'partition-missing',
  about: 'Tables that get a partition for each day, week or month, and have none for this time tomorrow',
  cadence: 'hour',
  look: async (target) => {
    const read = await runRead(target, rangePartitioned, {})
    if (!read.ok) return read
    return ok(read.value.flatMap(missing).sort((a, b) => Number(b.severity === 'bad') - Number(a.severity === 'bad')))
  },
}

/** Seconds that a partition covers, where they come regularly. */
function rhythmOf({ bounds }: Partitioned): number | null {
  const last = bounds.flatMap(({ from, to }) => (from === null || to === null ? [] : [{ from, to }])).slice(-LAST)
  if (last.length < LAST || last.some(({ from }, at) => at > 0 && from !== last[at - 1]?.to)) return null
  const lengths = last.map(({ from, to }) => to - from)
  return Math.max(...lengths) <= LONGEST_TO_SHORTEST * Math.min(...lengths) ? Math.max(...lengths) : null
}

function missing(table: Partitioned): Finding[] {
  const { bounds, now, default_oid: other } = table
  const length = rhythmOf(table)
  const end = bounds.at(-1)?.to ?? null
  if (length === null || end === null || other !== null || end < now - ABANDONED * length) return []
  const covers = (at: number) => bounds.some(({ from, to }) => (from === null || from <= at) && (to === null || at < to))
  if (covers(now + DAY)) return []
  const isNow = !covers(now)
  const name = qualified(table.schemaname, table.relname)
  return [
    {
      kind: 'relation',
      what: 'table',
      schemaname: table.schemaname,
      relname: table.relname,
      oid: table.relid,
      title: isNow ? `${name} has no partition for now` : `${name} has no partition for this time tomorrow`,
      evidence: `Partitioned by ${identifier(table.key ?? '')} (${table.time_type}); its last partition ends ${formatMoment(new Date(end * 1000).toISOString())}, each covers about ${formatAge(length)}, and there is no default partition. INSERT of a later row ${isNow ? 'fails' : 'will fail'}: whatever makes the partitions has not.`,
      trust: { kind: 'exact' },
      severity: isNow ? 'bad' : 'warn',
      fix: null,
      sql: null,
    },
  ]
}
