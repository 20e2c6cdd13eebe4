import type { Storage } from '../domain/server-profile'
import { manual, type Parameter, PGTUNE } from './define-parameter'
import { count, formatFact, type Measured } from './measured'
import { isBehind } from './memory-plan'

const PAGE = 'runtime-config-vacuum'

/** Tables that waited for autovacuum, in words. */
const waited = ({ backlog }: Measured): string | undefined =>
  backlog &&
  formatFact(
    backlog.window,
    backlog.most === 0
      ? 'no table waited for autovacuum'
      : `${Number(backlog.mean.toFixed(1))} tables waited for autovacuum on average, at most ${backlog.most} with ${count(backlog.deadRows)} dead rows`,
  )

/** What a setting says beside where the backlog decides it. */
const decidedBy = (measured: Measured) => (isBehind(measured) ? { measured: true, evidence: waited(measured) } : {})

export const autovacuum: Parameter = {
  name: 'autovacuum',
  source: manual(PAGE, 'autovacuum'),
  whenSet: 'change',
  primaryOnly: true,
  value: () => ({ value: { text: 'on' }, why: 'Without it dead rows stay forever, statistics age, and transaction IDs run out.' }),
}

export const autovacuumMaxWorkers: Parameter = {
  name: 'autovacuum_max_workers',
  source: PGTUNE,
  whenSet: 'raise',
  primaryOnly: true,
  // From 18 on no more than autovacuum_worker_slots can start, whatever this says.
  value: ({ memory, measured, now }) => ({
    value: { number: Math.min(memory.autovacuumWorkers, now('autovacuum_worker_slots') ?? memory.autovacuumWorkers) },
    measured: isBehind(measured),
    evidence: waited(measured),
    why: isBehind(measured)
      ? 'More tables wait than there are workers: two workers more. Rows that an old snapshot still needs are not their fault: see Activity.'
      : '3, 4 from 16 CPUs on, 5 from 32. Workers share one cost limit: more of them alone are not faster.',
  }),
}

/** Cost units a round; 200 with the default delay of 2 ms dirties up to about 41 MB a second, shared by all workers. */
const LIMIT: Record<Storage, number> = { hdd: 200, ssd: 800, network: 800, nvme: 2000 }

export const autovacuumVacuumCostLimit: Parameter = {
  name: 'autovacuum_vacuum_cost_limit',
  source: manual(PAGE, 'autovacuum_vacuum_cost_limit'),
  whenSet: 'raise',
  primaryOnly: true,
  value: ({ profile, measured, now }) => {
    if (profile.storage === 'hdd' && !isBehind(measured))
      return {
        value: { number: -1 },
        why: 'The 200 of vacuum_cost_limit, about 41 MB/s of pages dirtied, is enough for a hard disk.',
      }
    const limit = Math.min(10_000, LIMIT[profile.storage] * (isBehind(measured) ? 2 : 1))
    const general = now('vacuum_cost_limit') ?? 200
    if (general >= limit && (now('autovacuum_vacuum_cost_limit') ?? -1) < 0)
      return { value: { number: -1 }, why: `vacuum_cost_limit is ${general} already, and autovacuum takes it.` }
    return {
      value: { number: limit },
      ...decidedBy(measured),
      why: `At most about ${Math.round((limit / 200) * 41)} MB/s of pages dirtied by all workers together.${isBehind(measured) ? ' Twice the usual, as autovacuum is behind.' : ''}`,
    }
  },
}

export const autovacuumVacuumScaleFactor: Parameter = {
  name: 'autovacuum_vacuum_scale_factor',
  source: manual(PAGE, 'autovacuum_vacuum_scale_factor'),
  primaryOnly: true,
  value: ({ profile, measured }) =>
    profile.workload === 'warehouse' && !isBehind(measured)
      ? { value: { number: 0.2 }, why: 'The default: tables that are loaded and read do not die row by row.' }
      : {
          value: { number: isBehind(measured) ? 0.05 : 0.1 },
          ...decidedBy(measured),
          speaksFor: 'less',
          why: 'The default waits until a fifth of a table is dead; sooner is less work each time.',
        },
}

export const autovacuumAnalyzeScaleFactor: Parameter = {
  name: 'autovacuum_analyze_scale_factor',
  source: manual(PAGE, 'autovacuum_analyze_scale_factor'),
  primaryOnly: true,
  value: () => ({ value: { number: 0.05 }, why: 'Estimates follow the data sooner; ANALYZE reads a sample, whatever the size.' }),
}

export const AUTOVACUUM = [
  autovacuum,
  autovacuumMaxWorkers,
  autovacuumVacuumCostLimit,
  autovacuumVacuumScaleFactor,
  autovacuumAnalyzeScaleFactor,
]
