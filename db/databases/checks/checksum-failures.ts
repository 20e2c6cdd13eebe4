import type { Check } from '../../checks/define-check'
import { formatCount, formatMoment } from '../../domain/format'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { checksumFailures } from '../reads/checksum-failures'

/** Damage that was read. One is enough. */
export const checksumsFailed: Check = {
  name: 'checksum-failures',
  about: 'Pages were read whose checksum was wrong: the storage has damaged them',
  scope: 'server',
  look: async (target) => {
    const read = await runRead(target, checksumFailures, {})
    if (!read.ok) return read
    return ok(
      read.value.map(({ datname, checksum_failures: count, checksum_last_failure: last }) => ({
        kind: 'server' as const,
        name: datname ?? 'shared catalogs',
        title: `${formatCount(count, 'wrong checksum')} in ${datname ?? 'the shared catalogs'}`,
        evidence:
          `${last ? `The last was read on ${formatMoment(last)}. ` : ''}The storage, its controller or memory changed what PostgreSQL had written. The server log names each file and block. ` +
          'Keep the files as they are, check the standbys and backups, and restore what is damaged; the count begins anew with pg_stat_reset().',
        trust: { kind: 'exact' as const },
        severity: 'bad' as const,
        ...(last ? { since: last } : {}),
        fix: null,
        sql: null,
      })),
    )
  },
}
