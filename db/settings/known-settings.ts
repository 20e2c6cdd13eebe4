import { z } from 'zod'
import known from './known-settings.json'
import type { ServerSetting } from './server-setting'

const rows = z.array(
  z.object({
    name: z.string(),
    majors: z.array(z.number()),
    boot_val: z.string().nullable(),
    unit: z.string().nullable(),
    vartype: z.string(),
    context: z.string(),
    min_val: z.string().nullable(),
    max_val: z.string().nullable(),
    enumvals: z.array(z.string()).nullable(),
  }),
)

/** Choices that a server has or not by how it was built, none of which may be recommended unseen. Manual: 19.4, 19.5 (configuration options --with-lz4, --with-zstd, --with-liburing). */
export const BY_BUILD: Record<string, readonly string[]> = {
  wal_compression: ['pglz', 'lz4', 'zstd'],
  io_method: ['io_uring'],
}

/** The settings that tuning reads, as a server of this major has them where nothing is written anywhere: what pg_settings says, kept. */
export const knownSettings = (major: number): ServerSetting[] =>
  rows
    .parse(known)
    .filter(({ majors }) => majors.includes(major))
    .map(({ majors: _, ...row }) => ({
      ...row,
      setting: row.boot_val ?? '',
      source: 'default',
      sourcefile: null,
      sourceline: null,
      pending_restart: false,
    }))
