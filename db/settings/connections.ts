import { formatRam } from '../domain/server-profile'
import { manual, type Parameter, sameAsDefault } from './define-parameter'
import { enough, formatFact } from './measured'
import { connectionsWanted } from './memory-plan'

const PAGE = 'runtime-config-connection'

export const maxConnections: Parameter = {
  name: 'max_connections',
  source: manual(PAGE, 'max_connections'),
  whenSet: 'raise',
  value: ({ profile, memory, measured, now }) => {
    const wanted = connectionsWanted(profile, measured)
    const { peak } = measured
    const evidence = peak && formatFact(peak.window, `at most ${peak.connections} sessions at once`)
    // Seen for long enough, a peak is what speaks for fewer.
    const fewer = (enough(peak)?.connections ?? Number.POSITIVE_INFINITY) + 3 <= Math.min(memory.maxConnections, wanted)
    const lowers = fewer && Math.min(memory.maxConnections, wanted) < (now('max_connections') ?? 0)
    const bySeen = lowers ? ({ measured: true, speaksFor: 'less' } as const) : {}
    if (memory.maxConnections < wanted)
      return {
        ...bySeen,
        value: { number: memory.maxConnections },
        why: `${formatRam(profile.ram)} carries no more at their worst, with 1 MB of work_mem each. Put a pooler in front for ${wanted}.`,
        evidence,
      }
    if (wanted > profile.connections)
      return {
        value: { number: wanted },
        measured: true,
        evidence,
        why: `${peak?.connections} were open at once, and three are kept for superusers.`,
      }
    return {
      ...bySeen,
      value: { number: wanted },
      evidence,
      why: 'What the profile says. More than the CPUs can serve wait better in a pooler.',
    }
  },
  guide: { value: '200', remark: () => 'Each may take work_mem several times: a pooler and fewer connections are the better answer.' },
}

export const superuserReservedConnections: Parameter = {
  name: 'superuser_reserved_connections',
  source: manual(PAGE, 'superuser_reserved_connections'),
  whenSet: 'raise',
  value: () => ({ value: { number: 3 }, why: 'So that an administrator can still connect when all others are in use.' }),
  guide: { value: '3', remark: sameAsDefault },
}

export const idleInTransactionSessionTimeout: Parameter = {
  name: 'idle_in_transaction_session_timeout',
  source: manual('runtime-config-client', 'idle_in_transaction_session_timeout'),
  value: ({ profile }) => {
    const minutes = profile.workload === 'warehouse' ? 60 : 10
    return {
      value: { ms: minutes * 60_000 },
      why: 'A forgotten transaction holds its locks, and keeps VACUUM from every row that died since. It is ended, and its work rolled back.',
    }
  },
}

export const CONNECTIONS = [maxConnections, superuserReservedConnections, idleInTransactionSessionTimeout]
