import type { Storage } from '../domain/server-profile'
import { manual, type Parameter, PGTUNE } from './define-parameter'

const PAGE = 'runtime-config-resource'

/** PGTune's reads at once that a kind of storage gains from. */
const AT_ONCE: Record<Storage, number> = { hdd: 2, ssd: 200, network: 300, nvme: 1000 }

export const effectiveIoConcurrency: Parameter = {
  name: 'effective_io_concurrency',
  whenSet: 'raise',
  source: PGTUNE,
  value: ({ profile, major }) =>
    profile.storage === 'hdd' && major >= 18
      ? { value: { number: 16 }, why: 'The default from 18 on, where it bounds how far reading goes ahead; disks gain from that too.' }
      : { value: { number: AT_ONCE[profile.storage] }, why: `Reads at once that ${SPOKEN[profile.storage]} gains from.` },
  guide: {
    value: '200',
    remark: ({ major, profile }) =>
      profile.storage === 'hdd'
        ? 'For SSDs, as it says; a hard disk gains from 2.'
        : major >= 18
          ? 'The default is 16 from 18 on; it was 1.'
          : null,
  },
}

const SPOKEN: Record<Storage, string> = { hdd: 'a hard disk', ssd: 'an SSD', network: 'network storage', nvme: 'NVMe' }

export const maintenanceIoConcurrency: Parameter = {
  name: 'maintenance_io_concurrency',
  source: manual(PAGE, 'maintenance_io_concurrency'),
  whenSet: 'raise',
  value: ({ profile, major }) => ({
    value: { number: profile.storage === 'hdd' ? (major >= 18 ? 16 : 10) : AT_ONCE[profile.storage] },
    why: 'The same for VACUUM, ANALYZE and recovery, which read ahead for everybody.',
  }),
}

export const ioMethod: Parameter = {
  name: 'io_method',
  since: 18,
  source: manual(PAGE, 'io_method'),
  value: () => ({
    value: { text: 'worker' },
    why: 'The default. io_uring can be faster, but a server refuses to start where the kernel or a container forbids it.',
  }),
}

export const ioWorkers: Parameter = {
  name: 'io_workers',
  whenSet: 'raise',
  since: 18,
  source: PGTUNE,
  value: ({ profile }) => ({
    value: { number: Math.min(32, Math.max(3, Math.floor(profile.cpus / 4))) },
    why: 'A quarter of the CPUs, from 3 to 32; they read for everybody while io_method is worker.',
  }),
}

export const INPUT_OUTPUT = [effectiveIoConcurrency, maintenanceIoConcurrency, ioMethod, ioWorkers]
