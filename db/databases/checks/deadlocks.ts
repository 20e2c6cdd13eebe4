import type { Check } from '../../checks/define-check'
import { formatAge, formatCount } from '../../domain/format'
import { ok } from '../../server/problem'
import { countedLately } from '../counted'

interface Limits {
  /** Deadlocks a day from which on they are told. */
  daily: number
  /** So many there must be at all, and for so long they must have been counted, in seconds. */
  least: number
  seconds: number
}

/** Our choices. A deadlock now and then is resolved by trying again; five a day are a pattern: transactions that lock the same rows in different order. */
const LIMITS: Limits = { daily: 5, least: 5, seconds: 3_600 }

export const deadlocksAbove = ({ daily, least, seconds: known }: Limits): Check => ({
  name: 'deadlocks',
  about: 'Transactions of this database deadlock five times a day or more',
  look: async (target, past) => {
    const counted = await countedLately(target, past, known)
    if (!counted.ok) return counted
    if (counted.value === null) return ok([])
    const { deadlocks: count, seconds, sampled, row } = counted.value
    if (count < least || (count / seconds) * 86_400 < daily) return ok([])
    return ok([
      {
        kind: 'server',
        name: row.datname,
        title: `${formatCount(count, 'deadlock')} in ${row.datname}`,
        evidence:
          `In ${formatAge(seconds)}${sampled ? ' that were sampled' : ' since the statistics were reset'}; each ended one transaction with SQLSTATE 40P01 after deadlock_timeout (${row.deadlock_timeout}). ` +
          `The server log has both statements of each. Lock rows in the same order everywhere. Threshold: ${daily} a day.`,
        trust: { kind: 'exact' },
        severity: 'warn',
        fix: null,
        sql: null,
      },
    ])
  },
})

export const deadlocks = deadlocksAbove(LIMITS)
