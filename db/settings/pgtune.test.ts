import { beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { formatRam, type Profile, type Storage, type Workload } from '../domain/server-profile'
import { GB, KB, MB } from '../domain/setting-units'
import { runRead } from '../server/run-read'
import { settings } from './reads/settings'
import { ALSO_READ, recommend } from './recommend'
import { PARAMETER_NAMES } from './registry'
import { type ServerSetting, settingOf } from './server-setting'

type Plain = Record<string, string | number>

/** PGTune's published formulas (configurationSlice.js) for PostgreSQL 18 on Linux; memory in bytes. */
function pgtune({ ram, cpus, storage, workload, connections }: Profile): Plain {
  const dw = workload === 'warehouse'
  const buffers = ram / 4
  const maintenance = Math.min(ram / (dw ? 8 : 16), 8 * GB)
  const [least, most] = { web: [1, 4], lms: [1, 4], mixed: [1, 4], oltp: [2, 8], warehouse: [4, 16] }[workload] as [number, number]
  return {
    max_connections: connections,
    shared_buffers: buffers,
    effective_cache_size: (ram * 3) / 4,
    maintenance_work_mem: maintenance,
    ...(maintenance >= 2 * GB ? { autovacuum_work_mem: 2 * GB } : {}),
    work_mem: Math.max(4 * MB, (ram - buffers) / ((connections + cpus) * 3) / (dw || workload === 'mixed' ? 2 : 1)),
    wal_buffers: Math.min(16 * MB, buffers * 0.03),
    min_wal_size: least * GB,
    max_wal_size: most * GB,
    checkpoint_completion_target: 0.9,
    default_statistics_target: dw ? 500 : 100,
    random_page_cost: storage === 'hdd' ? 4 : 1.1,
    effective_io_concurrency: { hdd: 2, ssd: 200, network: 300, nvme: 1000 }[storage],
    huge_pages: buffers >= 2 * GB ? 'try' : 'off',
    max_parallel_workers: cpus,
    max_parallel_workers_per_gather: dw ? Math.ceil(cpus / 2) : Math.min(4, Math.ceil(cpus / 2)),
    max_parallel_maintenance_workers: Math.min(4, Math.ceil(cpus / 2)),
    jit: dw ? 'on' : 'off',
    wal_compression: 'lz4',
    autovacuum_max_workers: cpus >= 32 ? 5 : cpus >= 16 ? 4 : 3,
    io_method: 'io_uring',
  }
}

/** Why a value is another here. Each of these is met by at least one of the profiles. */
const WHY: Record<string, string> = {
  max_connections: 'Memory carries no more at their worst; PGTune writes down what it was told.',
  work_mem:
    'PGTune divides all that shared_buffers leaves; here the system, maintenance and the processes themselves come off first, so that the worst case fits.',
  maintenance_work_mem: 'Capped at 2 GB here, at 8 GB there: an index build hardly gains from more, and the rest serves the sessions.',
  autovacuum_work_mem: 'The workers share one maintenance_work_mem here, at most 1 GB each.',
  wal_buffers: 'Left to PostgreSQL (-1), which comes to 1/32 of shared_buffers, as good as the 3 %.',
  effective_io_concurrency: 'On a hard disk 16, the default of 18, where the setting bounds how far reading goes ahead.',
  huge_pages: 'try below 2 GB too: it is the default and costs nothing.',
  max_parallel_workers_per_gather: 'None with one CPU; in a warehouse at most 16, so that one statement leaves something to others.',
  max_parallel_maintenance_workers: 'Half of the CPUs rounded down: with one CPU none.',
  wal_compression: 'What is compiled in: these binaries lack lz4.',
  io_method: 'worker: io_uring keeps a server from starting where the kernel or a container forbids it.',
}

const of = (gigabytes: number, cpus: number, storage: Storage, workload: Workload, connections: number): Profile => ({
  ram: gigabytes * GB,
  cpus,
  storage,
  workload,
  connections,
})
const PROFILES: Profile[] = [
  of(0.5, 1, 'ssd', 'web', 100),
  of(1, 1, 'hdd', 'web', 100),
  of(2, 2, 'ssd', 'lms', 100),
  of(4, 2, 'network', 'mixed', 100),
  of(8, 4, 'ssd', 'oltp', 200),
  of(16, 4, 'ssd', 'oltp', 200),
  of(16, 8, 'nvme', 'web', 200),
  of(32, 8, 'nvme', 'mixed', 100),
  of(64, 16, 'nvme', 'oltp', 500),
  of(64, 16, 'hdd', 'warehouse', 40),
  of(256, 64, 'nvme', 'warehouse', 50),
  of(1024, 128, 'network', 'oltp', 2000),
]

/** Both are written in PostgreSQL's units; PGTune rounds to kB. */
const say = (value: string | number, row: ServerSetting): string => {
  if (typeof value === 'string') return value
  return /B$/.test(row.unit ?? '') ? formatRam(value) : String(value)
}

describe('twelve profiles against the formulas of PGTune', () => {
  let db: TestDatabase
  let rows: ServerSetting[]
  beforeAll(async () => {
    db = await testDatabase(18)
    const read = await runRead(db.target, settings, { names: [...PARAMETER_NAMES, ...ALSO_READ] })
    if (!read.ok) throw new Error(read.problem.message)
    // What formulas say by themselves: nobody set anything.
    rows = read.value.map((row) => ({ ...row, source: 'default' }))
    return () => db.drop()
  })

  it('every difference has its reason, and every reason a difference', async () => {
    const met = new Set<string>()
    const lines = PROFILES.flatMap((profile) => {
      const { recommendations } = recommend(rows, 18, profile)
      const title = `${formatRam(profile.ram)}, ${profile.cpus} CPU, ${profile.storage}, ${profile.workload}, ${profile.connections} connections`
      const differing = Object.entries(pgtune(profile)).flatMap(([name, theirs]) => {
        const row = rows.find((one) => one.name === name)
        const ours = recommendations.find((one) => one.name === name)?.recommended
        if (!row || ours === undefined) throw new Error(`No ${name}`)
        if (isAlike(theirs, ours, row)) return []
        met.add(name)
        return [`| ${name} | ${say(theirs, row)} | ${ours} | ${WHY[name] ?? 'NOT EXPLAINED'} |`]
      })
      return ['', `## ${title}`, '', '| setting | PGTune | Proctor | why |', '| --- | --- | --- | --- |', ...differing]
    })
    expect([...met].sort()).toEqual(Object.keys(WHY).sort())
    const head = [
      '# Recommendations beside the published formulas of PGTune',
      '',
      'PostgreSQL 18 on Linux. What is not in a table is the same, or the same rounded down to a figure that people write.',
      'Written by pgtune.test.ts, which fails where this file is not what the code says (vitest -u writes it anew).',
    ]
    await expect(`${[...head, ...lines].join('\n')}\n`).toMatchFileSnapshot('./pgtune-compared.md')
  })
})

/** The same, or rounded down by at most an eighth. */
function isAlike(theirs: string | number, ours: string, row: ServerSetting): boolean {
  if (typeof theirs === 'string') return theirs === ours
  const unit = { B: 1, kB: KB, '8kB': 8 * KB, MB }[row.unit ?? ''] ?? 1
  const value = Number(settingOf(ours, row)) * unit
  return value <= theirs && value >= theirs * (unit === 1 ? 1 : 7 / 8)
}
