import type { Check } from '../../checks/define-check'
import { formatCount } from '../../domain/format'
import { qualified } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { rangePartitioned } from '../reads/range-partitioned'

/** Of ranges in time alone: the default partition of a list, or of other ranges, may well be meant for the rest. */
export const defaultPartitionFilled: Check = {
  name: 'default-partition-filled',
  about: 'Default partitions of tables partitioned by time that hold rows: the partition that these rows belong into was missing',
  cadence: 'hour',
  look: async (target) => {
    const read = await runRead(target, rangePartitioned, {})
    if (!read.ok) return read
    return ok(
      read.value.flatMap((table) => {
        const { default_oid: oid, default_schema: schemaname, default_name: relname, default_rows: rows } = table
        if (
          table.time_type === null ||
          table.bounds.length === 0 ||
          oid === null ||
          schemaname === null ||
          relname === null ||
          (rows ?? 0) <= 0
        )
          return []
        return [
          {
            kind: 'relation' as const,
            what: 'table' as const,
            schemaname,
            relname,
            oid,
            title: `The default partition of ${qualified(table.schemaname, table.relname)} holds rows`,
            evidence: `About ${formatCount(Math.round(rows ?? 0), 'row')} in ${qualified(schemaname, relname)} had no partition of their own. A partition for their time cannot be made while they are there, and making any other reads this one whole under a lock.`,
            trust: { kind: 'exact' as const },
            severity: 'info' as const,
            fix: null,
            sql: null,
          },
        ]
      }),
    )
  },
}
