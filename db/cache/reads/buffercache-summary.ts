import { z } from 'zod'
import { float } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * How full shared_buffers is, and how often its buffers were used lately (manual, F.25): usage counts go up to 5 with each use and down by
 * one whenever the clock sweep passes in search of a victim. Both functions look at every buffer's header without any lock, and put
 * nothing into memory: cheap, other than the view.
 */
export const buffercacheSummary = defineRead({
  name: 'buffercache-summary',
  about: 'Buffers used, unused, dirty and pinned, and by usage count (pg_buffercache, from 16 on)',
  since: 16,
  extension: { name: 'pg_buffercache', version: '1.4' },
  needs: 'pg_monitor',
  calls: ['pg_buffercache_summary()', 'pg_buffercache_usage_counts()'],
  params: z.object({}),
  row: z.object({
    buffers_used: z.number(),
    buffers_unused: z.number(),
    buffers_dirty: z.number(),
    buffers_pinned: z.number(),
    /** null while no buffer is used. */
    usagecount_avg: float.nullable(),
    /** Buffers by usage count, 0 … 5; unused ones are among those of 0. */
    usage: z.array(z.object({ usage_count: z.number(), buffers: z.number(), dirty: z.number() })),
  }),
  keep: 5_000,
  sql: /* sql */ `
select /* proctor:buffercache-summary */ s.buffers_used, s.buffers_unused, s.buffers_dirty, s.buffers_pinned, s.usagecount_avg,
       (select coalesce(json_agg(json_build_object('usage_count', u.usage_count, 'buffers', u.buffers, 'dirty', u.dirty) order by u.usage_count), '[]')
          from @extschema@.pg_buffercache_usage_counts() u) as usage
  from @extschema@.pg_buffercache_summary() s`,
})
