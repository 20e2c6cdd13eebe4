import { isAnalytic, type Profile } from '../domain/server-profile'
import { BACKEND, OTHER_SHARED, systemReserve, worstNodes } from './memory-plan'

/** The settings that memory depends on; bytes, and bare numbers of processes. */
export interface MemorySettings {
  shared_buffers: number
  wal_buffers: number
  work_mem: number
  hash_mem_multiplier: number
  maintenance_work_mem: number
  /** -1: as maintenance_work_mem. */
  autovacuum_work_mem: number
  autovacuum_max_workers: number
  max_connections: number
  max_parallel_workers: number
}

/** Bytes by what takes them. */
export interface Memory {
  sharedBuffers: number
  /** wal_buffers, lock tables and the like. */
  otherShared: number
  work: number
  maintenance: number
  backends: number
  system: number
}

export interface Budget {
  /** Half of the sessions open, twice as many busy as there are CPUs, a sort each; one autovacuum worker. */
  typical: Memory
  /** Every session and parallel worker at once with all its nodes at full size, every autovacuum worker, an index build. */
  worst: Memory
}

/** What settings may take of a machine. temp_buffers comes on top in sessions with temporary tables. */
export function budgetOf(settings: MemorySettings, profile: Profile): Budget {
  const { max_connections: connections, max_parallel_workers: workers, autovacuum_max_workers: cleaners } = settings
  const perCleaner = settings.autovacuum_work_mem < 0 ? settings.maintenance_work_mem : settings.autovacuum_work_mem
  const shared = {
    sharedBuffers: settings.shared_buffers,
    otherShared: settings.wal_buffers + OTHER_SHARED,
    system: systemReserve(profile),
  }
  const open = Math.ceil(connections / 2)
  const busy = Math.min(open, 2 * profile.cpus)
  return {
    typical: {
      ...shared,
      work: busy * settings.work_mem * (isAnalytic(profile) ? 2 : 1),
      maintenance: perCleaner,
      backends: (open + 1) * BACKEND,
    },
    worst: {
      ...shared,
      work: (connections + workers) * settings.work_mem * worstNodes(profile, settings.hash_mem_multiplier),
      maintenance: settings.maintenance_work_mem + cleaners * perCleaner,
      backends: (connections + workers + cleaners + 1) * BACKEND,
    },
  }
}

/** All of it together, in bytes. */
export const totalOf = (memory: Memory): number => Object.values(memory).reduce((sum, part) => sum + part, 0)
