import { z } from 'zod'
import { GB, inBaseUnits, KB, MB, TB } from './setting-units'

export const STORAGES = ['hdd', 'ssd', 'nvme', 'network'] as const
export const WORKLOADS = ['web', 'oltp', 'warehouse', 'mixed', 'lms'] as const

export type Storage = (typeof STORAGES)[number]
export type Workload = (typeof WORKLOADS)[number]

/** The machine that a server has to itself, and what is asked of it. */
export const profileSchema = z.strictObject({
  /** Bytes. */
  ram: z
    .int()
    .min(512 * MB)
    .max(64 * TB),
  cpus: z.int().min(1).max(1024),
  storage: z.enum(STORAGES),
  workload: z.enum(WORKLOADS),
  /** Sessions that must be able to be open at once. */
  connections: z.int().min(5).max(10_000),
})
export type Profile = z.output<typeof profileSchema>

/** 16GB, 512 MB or a number of GB; null for anything else. */
export function parseRam(text: string): number | null {
  const bytes = inBaseUnits(
    /^\s*\d+(\.\d+)?\s*$/.test(text)
      ? `${text.trim()}GB`
      : text.replace(/i?b$/i, 'B').replace(/\s*([mgt])B$/i, (_, unit) => `${String(unit).toUpperCase()}B`),
    'B',
  )
  return bytes === null ? null : Math.round(bytes)
}

/** 16 GB, 1.5 GB, 512 MB. */
export const formatRam = (bytes: number): string =>
  bytes >= TB && bytes % TB === 0
    ? `${bytes / TB} TB`
    : bytes >= GB
      ? `${Number((bytes / GB).toFixed(1))} GB`
      : bytes >= MB
        ? `${Math.round(bytes / MB)} MB`
        : `${Math.round(bytes / KB)} kB`

/** Several sorts or joins at once in one statement are the rule here. */
export const isAnalytic = ({ workload }: Profile): boolean => workload === 'warehouse' || workload === 'mixed'
