import { z } from 'zod'
import { MONITOR_INDEX_HEALTH } from '../../health/monitor-index-health'
import { counter, ratio } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/** monitor_index_health() without its being installed: the same SQL, run as a read. Columns are the function's. */
export const monitorIndexHealth = defineRead({
  name: 'monitor-index-health',
  about: 'Size, use and recommendation of every index of a schema, as monitor_index_health() gives it',
  /** null: every schema but the system's. */
  params: z.object({ schema: z.string().nullable().default(null) }),
  row: z.object({
    schema_name: z.string(),
    table_name: z.string(),
    index_name: z.string(),
    /** As pg_size_pretty prints it; null where a lock forbids to look. */
    index_size: z.string().nullable(),
    index_scans: counter,
    tuples_read: counter,
    tuples_fetched: counter,
    /** Percent of the table's scans that used the index; null: the table was never scanned. */
    usage_ratio: ratio.nullable(),
    recommendation: z.string(),
  }),
  sql: MONITOR_INDEX_HEALTH,
  // 30,000 indexes take a second, most of it for their sizes
  timeout: 10_000,
  keep: 0,
})
