import type { Check } from '../../checks/define-check'
import { formatPercent } from '../../domain/format'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { connectionLimits } from '../reads/connection-limits'
import { NEAR_SHARE } from './near-max-connections'

/** A limit of a few is often meant to be used up: a job that runs once at a time. */
const LEAST_LIMIT = 5

/** By the same share as for the server as a whole. */
export const nearConnectionLimit: Check = {
  name: 'near-connection-limit',
  about: 'A role or a database has used nine tenths of its CONNECTION LIMIT',
  cadence: 'minute',
  scope: 'server',
  look: async (target) => {
    const read = await runRead(target, connectionLimits, {})
    if (!read.ok) return read
    const near = read.value.filter((one) => one.connection_limit >= LEAST_LIMIT && one.connections / one.connection_limit >= NEAR_SHARE)
    return ok(
      near.map(({ kind, name, connections, connection_limit: limit }) => ({
        kind: 'server' as const,
        name,
        title: `${connections} of ${limit} connections of ${kind} ${name} are in use`,
        evidence:
          `${formatPercent(connections / limit)} of its CONNECTION LIMIT (threshold ${formatPercent(NEAR_SHARE)}); at the limit the next is refused with SQLSTATE 53300. ` +
          'End idle sessions or raise the limit.',
        trust: { kind: 'exact' as const },
        severity: connections >= limit ? ('bad' as const) : ('warn' as const),
        fix: null,
        sql: null,
      })),
    )
  },
}
