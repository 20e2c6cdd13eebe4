import { formatTakers, takersOf } from './background-workers'
import { manual, type Parameter, PGTUNE } from './define-parameter'

const PAGE = 'runtime-config-resource'

export const maxWorkerProcesses: Parameter = {
  name: 'max_worker_processes',
  source: manual(PAGE, 'max_worker_processes'),
  whenSet: 'raise',
  value: (given) => {
    const takers = takersOf(given)
    return {
      value: { number: Math.max(8, takers.parallel + takers.logical + takers.ofExtensions) },
      why: `All background workers come out of it: ${formatTakers(takers)}. Never below the default of 8.`,
    }
  },
}

export const maxParallelWorkers: Parameter = {
  name: 'max_parallel_workers',
  source: PGTUNE,
  value: ({ profile, memory }) => ({
    value: { number: memory.parallelWorkers },
    why:
      memory.parallelWorkers < profile.cpus
        ? 'As many as the memory carries beside ten sessions; each may use work_mem like one.'
        : 'One a CPU: more would only share them.',
  }),
}

export const maxParallelWorkersPerGather: Parameter = {
  name: 'max_parallel_workers_per_gather',
  source: PGTUNE,
  value: ({ profile, memory }) => {
    const half = Math.ceil(profile.cpus / 2)
    const warehouse = profile.workload === 'warehouse'
    const most = profile.cpus === 1 ? 0 : Math.min(half, warehouse ? 16 : 4, memory.parallelWorkers)
    return {
      value: { number: most },
      why:
        most === 0
          ? 'With one CPU, workers only get in each other’s way.'
          : warehouse
            ? 'Half of the CPUs for one large statement, at most 16.'
            : 'Half of the CPUs, at most 4: several statements run at once.',
    }
  },
}

export const maxParallelMaintenanceWorkers: Parameter = {
  name: 'max_parallel_maintenance_workers',
  source: PGTUNE,
  primaryOnly: true,
  value: ({ profile, memory }) => ({
    value: { number: Math.min(Math.floor(profile.cpus / 2), 4, memory.parallelWorkers) },
    why: 'For CREATE INDEX and manual VACUUM: half of the CPUs, at most 4. They share one maintenance_work_mem.',
  }),
}

export const PARALLEL = [maxWorkerProcesses, maxParallelWorkers, maxParallelWorkersPerGather, maxParallelMaintenanceWorkers]
