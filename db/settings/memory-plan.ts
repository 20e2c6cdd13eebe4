import { isAnalytic, type Profile } from '../domain/server-profile'
import { GB, MB, roundDown } from '../domain/setting-units'
import { enough, type Measured } from './measured'

/**
 * How the RAM is shared out. The order is the point: what is taken for certain first (system, shared memory, maintenance,
 * the processes themselves), and work_mem gets what is left over divided by everybody who could ask for it at once. So the
 * worst case fits by construction, and more RAM never makes anything smaller. Where even 1 MB of work_mem a session does
 * not fit, there are fewer connections instead.
 */
export interface MemoryPlan {
  /** All in bytes. For the system and what else runs there. */
  system: number
  sharedBuffers: number
  /** What wal_buffers = -1 comes to: 1/32 of shared_buffers, at most a WAL segment of 16 MB. */
  walBuffers: number
  maintenance: number
  /** Of each autovacuum worker. */
  autovacuum: number
  work: number
  maxConnections: number
  parallelWorkers: number
  autovacuumWorkers: number
}

/** What stays as it is, because somebody set it or a standby needs it: no share is smaller than this. Bytes, and bare numbers. */
export interface Standing {
  sharedBuffers?: number | undefined
  walBuffers?: number | undefined
  maintenance?: number | undefined
  autovacuum?: number | undefined
  hashMultiplier?: number | undefined
  maxConnections?: number | undefined
  /** Exactly so many, also where fewer. */
  parallelWorkers?: number | undefined
  autovacuumWorkers?: number | undefined
  /** Connections that are kept for superusers and others: a server does not start where they leave none. */
  reserved?: number | undefined
}

/** Memory of a backend's own that has touched some hundred relations; seen were 3.9 to 5.2 MB (RssAnon, 18). */
export const BACKEND = 5 * MB
/** Lock tables, transaction status and the like, beside shared_buffers. */
export const OTHER_SHARED = 16 * MB
/** The default of 15 and newer, and what is recommended on 14: a hash may take this many times work_mem. */
export const HASH_MULTIPLIER = 2
const LEAST_WORK = MB
const LEAST_CONNECTIONS = 10

/** Full-size plan nodes in one session at its worst, in work_mem: a hash and a sort; twice that for analytic statements. */
export const worstNodes = (profile: Profile, hashMultiplier = HASH_MULTIPLIER): number =>
  (isAnalytic(profile) ? 2 : 1) * (1 + hashMultiplier)

/** A tenth, at most 4 GB. */
export const systemReserve = ({ ram }: Profile): number => Math.min(ram / 10, 4 * GB)

export function planMemory(profile: Profile, measured: Measured = {}, standing: Standing = {}): MemoryPlan {
  const { ram, cpus } = profile
  const least = (amount: number, key: keyof Standing) => Math.max(amount, standing[key] ?? 0)
  const system = systemReserve(profile)
  const formula = measured.dataBytes === undefined ? ram / 4 : Math.min(ram / 4, Math.max(128 * MB, 2 * measured.dataBytes))
  const buffers = least(formula, 'sharedBuffers')
  const walBuffers = least(Math.min(16 * MB, buffers / 32), 'walBuffers')
  const maintenance = least(Math.min(ram / (profile.workload === 'warehouse' ? 8 : 16), 2 * GB), 'maintenance')
  const autovacuumWorkers = least((cpus >= 32 ? 5 : cpus >= 16 ? 4 : 3) + (isBehind(measured) ? 2 : 0), 'autovacuumWorkers')
  const autovacuum = least(Math.min(maintenance / autovacuumWorkers, GB), 'autovacuum')
  // By the amounts before they are rounded down: steps would make the rest fall here and there as RAM grows.
  const certain = system + buffers + walBuffers + OTHER_SHARED + maintenance + BACKEND + autovacuumWorkers * (autovacuum + BACKEND)
  const rest = ram - certain
  const nodes = worstNodes(profile, least(HASH_MULTIPLIER, 'hashMultiplier'))
  const fitting = Math.floor(rest / (BACKEND + nodes * LEAST_WORK))
  const wanted = connectionsWanted(profile, measured)
  const byFormula = Math.max(0, Math.min(cpus, fitting - Math.min(wanted, LEAST_CONNECTIONS)))
  const parallelWorkers = standing.parallelWorkers ?? byFormula
  const fewest = Math.max(5, (standing.reserved ?? 3) + 2)
  const maxConnections = least(Math.max(fewest, Math.min(wanted, fitting - parallelWorkers)), 'maxConnections')
  const processes = maxConnections + parallelWorkers
  const work = roundDown((rest - processes * BACKEND) / (processes * nodes))
  return {
    system,
    sharedBuffers: least(roundDown(formula), 'sharedBuffers'),
    walBuffers,
    maintenance: roundDown(maintenance),
    autovacuum: roundDown(autovacuum),
    work,
    maxConnections,
    parallelWorkers,
    autovacuumWorkers,
  }
}

/** The peak with the three that are kept for superusers, where more were seen than the profile says: that needs no long history. */
export const connectionsWanted = ({ connections }: Profile, { peak }: Measured): number =>
  Math.max(connections, peak ? peak.connections + 3 : 0)

/** On the average look more tables waited than the largest machine is given workers. */
export const isBehind = ({ backlog }: Measured): boolean => (enough(backlog)?.mean ?? 0) > 5
