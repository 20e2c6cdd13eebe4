import { z } from 'zod'
import { bytes } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** What a server caches with, what it measures, and whether pg_buffercache could be installed. */
export const cacheSettings = defineRead({
  name: 'cache-settings',
  about: 'shared_buffers and what else decides about the cache, whether reads are timed, whether pg_buffercache is there',
  params: z.object({}),
  row: z.object({
    block_size: z.number(),
    /** In bytes, as are effective_cache_size and io_combine_limit. */
    shared_buffers: bytes,
    effective_cache_size: bytes,
    /** How much one read may ask for at once; null before 17, where every read is of one block. */
    io_combine_limit: bytes.nullable(),
    track_io_timing: z.boolean(),
    /** pg_prewarm was loaded at the start and writes down what is cached, to read it in again after a restart. */
    autoprewarm: z.boolean(),
    /** The version of pg_buffercache that CREATE EXTENSION would install; null: its files are not on the server. */
    buffercache_available: z.string().nullable(),
    /** Installed in this database. */
    buffercache_installed: z.string().nullable(),
  }),
  keep: 5_000,
  sql: /* sql */ `
select /* proctor:cache-settings */ current_setting('block_size')::int as block_size,
       (select setting::int8 * current_setting('block_size')::int8 from pg_settings where name = 'shared_buffers') as shared_buffers,
       (select setting::int8 * current_setting('block_size')::int8 from pg_settings where name = 'effective_cache_size') as effective_cache_size,
       (select setting::int8 * current_setting('block_size')::int8 from pg_settings where name = 'io_combine_limit') as io_combine_limit,
       current_setting('track_io_timing')::bool as track_io_timing,
       -- a setting of that name that only a SET made has another context
       exists (select from pg_settings where name = 'pg_prewarm.autoprewarm' and context = 'postmaster' and setting = 'on') as autoprewarm,
       (select default_version from pg_available_extensions where name = 'pg_buffercache') as buffercache_available,
       (select extversion from pg_extension where extname = 'pg_buffercache') as buffercache_installed`,
})
