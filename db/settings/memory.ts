import { formatRam } from '../domain/server-profile'
import { GB, MB, roundDown } from '../domain/setting-units'
import { type Given, manual, type Parameter, PGTUNE, sameAsDefault } from './define-parameter'
import { count, enough, formatFact, type Measured } from './measured'
import { HASH_MULTIPLIER } from './memory-plan'

const PAGE = 'runtime-config-resource'

export const sharedBuffers: Parameter = {
  name: 'shared_buffers',
  whenSet: 'raise',
  source: manual(PAGE, 'shared_buffers'),
  value: ({ profile, memory, measured }) => {
    const { dataBytes } = measured
    const byData = dataBytes !== undefined && memory.sharedBuffers < roundDown(profile.ram / 4)
    return {
      value: { bytes: memory.sharedBuffers },
      measured: byData,
      why: byData
        ? `All databases are ${formatRam(dataBytes)}: twice that holds them with room to grow. A quarter of the RAM would be ${formatRam(profile.ram / 4)}.`
        : `A quarter of ${formatRam(profile.ram)}; the system's page cache does well with the rest.`,
    }
  },
  guide: {
    value: '256MB',
    remark: ({ profile }) =>
      profile.ram === GB
        ? null
        : `It says 25 % of RAM, which 256MB is for 1 GB only; of ${formatRam(profile.ram)} it is ${formatRam(profile.ram / 4)}.`,
  },
}

export const effectiveCacheSize: Parameter = {
  name: 'effective_cache_size',
  whenSet: 'raise',
  source: PGTUNE,
  value: ({ profile }) => ({
    value: { bytes: roundDown((profile.ram * 3) / 4) },
    why: 'Three quarters of the RAM: what shared_buffers and the page cache hold together. It reserves nothing, it tells the planner.',
  }),
  guide: {
    value: '1GB',
    remark: () => "It lowers PostgreSQL's default of 4GB, which makes the planner shun index scans.",
  },
}

type Spills = NonNullable<Measured['spills']>

/** Fewer than one temporary file an hour, and less than 1 GB a day. */
const isRare = ({ files, bytes, window: { seconds } }: Spills): boolean => (files / seconds) * 3600 < 1 && (bytes / seconds) * 86_400 < GB

/**
 * Bytes that one statement spills. A hash writes one file a batch, so what a call wrote says more than a file's size, where
 * pg_stat_statements knows it.
 */
const spilledAtOnce = ({ files, bytes, statements }: Spills, blockSize: number): number =>
  statements ? statements.blocks * blockSize : bytes / Math.max(1, files)

function formatSpills({ files, bytes, statements }: Spills, blockSize: number): string {
  if (files === 0) return 'no temporary file'
  const calls =
    statements &&
    `; nine of ten of the ${count(statements.calls)} calls that spilled wrote at most ${formatRam(statements.blocks * blockSize)}`
  return `${count(files)} temporary files of ${formatRam(bytes)} in all${calls ?? ''}`
}

export const workMem: Parameter = {
  name: 'work_mem',
  whenSet: 'raise',
  source: manual(PAGE, 'work_mem'),
  value: (given) => {
    const most = given.memory.work
    const byMemory = `${formatRam(most)} is what every session and parallel worker can use at once, with a hash and a sort each${given.profile.workload === 'warehouse' || given.profile.workload === 'mixed' ? ', twice' : ''}, and still fit.`
    const { spills } = given.measured
    const evidence = spills && formatFact(spills.window, formatSpills(spills, given.now('block_size') ?? 8192))
    const seen = enough(spills)
    const now = given.now('work_mem')
    if (!seen || now === null) return { value: { bytes: most }, why: byMemory, evidence }
    const rare = isRare(seen)
    const wanted = rare ? now : Math.max(now, roundDown(2 * spilledAtOnce(seen, given.now('block_size') ?? 8192) + MB))
    if (wanted > most)
      return {
        value: { bytes: most },
        why: rare ? byMemory : `${byMemory} More would avoid more temporary files, but does not fit.`,
        evidence,
      }
    return {
      value: { bytes: wanted },
      measured: true,
      evidence,
      why: rare
        ? 'Hardly anything is written to temporary files: more would gain nothing.'
        : `What spills needs about twice its size on disk to stay in memory. ${formatRam(most)} would fit.`,
    }
  },
  guide: { value: '4MB', remark: sameAsDefault },
}

export const hashMemMultiplier: Parameter = {
  name: 'hash_mem_multiplier',
  whenSet: 'raise',
  source: manual(PAGE, 'hash_mem_multiplier'),
  value: () => ({
    value: { number: HASH_MULTIPLIER },
    why: 'A hash that spills loses more than a sort that does. 2 is the default from 15 on.',
  }),
}

export const maintenanceWorkMem: Parameter = {
  name: 'maintenance_work_mem',
  whenSet: 'raise',
  primaryOnly: true,
  source: PGTUNE,
  value: ({ profile, memory }) => ({
    value: { bytes: memory.maintenance },
    why: `A ${profile.workload === 'warehouse' ? 'eighth' : 'sixteenth'} of the RAM, at most 2 GB: CREATE INDEX and manual VACUUM. Above that an index build hardly gains.`,
  }),
  guide: { value: '64MB', remark: sameAsDefault },
}

export const autovacuumWorkMem: Parameter = {
  name: 'autovacuum_work_mem',
  whenSet: 'raise',
  primaryOnly: true,
  source: manual(PAGE, 'autovacuum_work_mem'),
  value: ({ memory, major }) => ({
    value: { bytes: memory.autovacuum },
    why: `${memory.autovacuumWorkers} workers share one maintenance_work_mem; with -1 each would take all of it.${major < 17 ? ' Up to 16 a VACUUM uses at most 1 GB.' : ''}`,
  }),
}

export const tempBuffers: Parameter = {
  name: 'temp_buffers',
  whenSet: 'raise',
  primaryOnly: true,
  source: manual(PAGE, 'temp_buffers'),
  value: () => ({
    value: { bytes: 8 * MB },
    why: 'Only sessions with temporary tables take it; one that needs more sets it for itself.',
  }),
  guide: { value: '8MB', remark: sameAsDefault },
}

export const hugePages: Parameter = {
  name: 'huge_pages',
  source: manual(PAGE, 'huge_pages'),
  value: ({ memory }: Given) => ({
    value: { text: 'try' },
    why:
      memory.sharedBuffers >= 2 * GB
        ? 'Taken where the system has some (vm.nr_hugepages; postgres -C shared_memory_size_in_huge_pages says how many), and it starts without them too.'
        : 'Hardly a gain below 2 GB of shared_buffers; try costs nothing.',
  }),
}

export const MEMORY = [
  sharedBuffers,
  effectiveCacheSize,
  workMem,
  hashMemMultiplier,
  maintenanceWorkMem,
  autovacuumWorkMem,
  tempBuffers,
  hugePages,
]
