import { failed, type Result } from '../target/problem'
import type { Target } from '../target/target'

/** One index, measured by reading its pages. Sizes in bytes. */
export interface Measurement {
  /** sample: pages picked at random (all of a small index); pgstatindex: every page. */
  method: 'sample' | 'pgstatindex'
  bytes: number
  /** Size after REINDEX. */
  rebuiltBytes: number
  /** Percentage points of the index; 90 % of the truths lie within. */
  plusMinus: number
  /** The file that was measured; another one after REINDEX. */
  relfilenode: number
  detail: {
    /** Percent, as pgstatindex has it. */
    avg_leaf_density: number | null
    /** Percent; null where pages were only sampled. */
    leaf_fragmentation: number | null
    internal_pages: number
    leaf_pages: number
    empty_pages: number
    deleted_pages: number
    tree_level: number
    /** How many pages were read. */
    pages_read: number
  }
}

/**
 * Measures one index in the best way that this role and the extensions allow.
 * Errors: missing_extension or insufficient_privilege with what would lift it; invalid_input for an index
 * that is no b-tree; lock_not_available behind an AccessExclusiveLock.
 */
export async function measureIndex(_target: Target, _indexrelid: number): Promise<Result<Measurement>> {
  return failed('unsupported_version', 'Not measured yet')
}
