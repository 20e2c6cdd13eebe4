import { DAY, HOUR, MINUTE, type Series } from './series-shape'

export const IO_SUMS = [
  'reads',
  'read_bytes',
  'read_time',
  'writes',
  'write_bytes',
  'write_time',
  'extends',
  'extend_bytes',
  'extend_time',
  'hits',
  'evictions',
  'reuses',
  'fsyncs',
  'fsync_time',
] as const

/** pg_stat_io, from 16 on; times in ms. Rows in which nothing happened are left out. */
export const IO_DELTA: Series = {
  name: 'io_delta',
  steps: [MINUTE, 10 * MINUTE, HOUR, DAY],
  keys: ['backend_type', 'object', 'context'],
  sum: IO_SUMS,
}

/** Instead of the OID of a relation: the ones that are not kept by themselves together, and system catalogs. No relation has them. */
export const OTHER_RELATIONS = 0
export const SYSTEM_RELATIONS = 1

export const BLOCK_SUMS = ['blks_read', 'blks_hit'] as const

/**
 * Blocks of heaps, TOAST tables and indexes, of those that were read or found most. seconds: how much was sampled; it stands in the row of
 * OTHER_RELATIONS, which each look leaves. A row tells of the time before its bucket.
 */
export const RELATION_IO_DELTA: Series = {
  name: 'relation_io_delta',
  steps: [10 * MINUTE, HOUR, DAY],
  keys: ['datid', 'relid'],
  sum: ['seconds', ...BLOCK_SUMS],
}

/** The next transaction ID (64 bits) and multixact ID (32 bits), the greatest age of one of a database, and members of multixacts in use. */
export const ID_SAMPLE: Series = {
  name: 'id_sample',
  steps: [HOUR, DAY],
  keys: [],
  sum: [],
  max: ['xid_age', 'mxid_age'],
  last: ['next_xid', 'next_mxid', 'members'],
}

/** Last values of sequences that are half used up. */
export const SEQUENCE_SAMPLE: Series = {
  name: 'sequence_sample',
  steps: [HOUR, DAY],
  keys: ['datid', 'seqrelid'],
  sum: [],
  last: ['last_value'],
}
