import { methodName } from '../domain/learned'
import type { Row } from '../server/define-read'
import { serverFacts } from '../server/facts'
import { grantRole } from '../server/grants'
import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import type { Measurement } from './index-measurement'
import { measureHash } from './measure-hash'
import { measureByStatindex } from './measure-index-statindex'
import { indexMeasurable } from './reads/index-measurable'
import { indexPageSample } from './reads/index-page-sample'

/** How many pages a sample looks at, and on how many leaf pages it reads the index tuples. */
const SAMPLE = { pages: 500, leaves: 120 }

/**
 * Measures one index in the best way that this role and the extensions allow: pages by pageinspect, else
 * pgstatindex; a hash index by pgstathashindex. Errors: missing_extension or insufficient_privilege with what would lift it; invalid_input for
 * an index that is no valid b-tree or hash index; lock_not_available behind an AccessExclusiveLock; conflict when it is gone.
 */
export async function measureIndex(target: Target, indexrelid: number): Promise<Result<Measurement>> {
  const facts = await serverFacts(target)
  if (!facts.ok) return facts
  const { isSuperuser, extensions } = facts.value
  const found = await runRead(target, indexMeasurable, { indexrelid })
  if (!found.ok) return found
  const [index] = found.value
  if (!index) return failed('conflict', 'Not measured: the index is gone')
  if (index.locked)
    return failed('lock_not_available', 'Not measured: an AccessExclusiveLock is held or waited for on the index or its table')
  if (!MEASURABLE.has(index.amname) || index.relkind !== 'i' || !index.indisvalid) return failed('invalid_input', notMeasurable(index))
  const isHash = index.amname === 'hash'
  if (isHash && extensions.pgstattuple) return measureHash(target, indexrelid)
  if (!isHash && isSuperuser && extensions.pageinspect) {
    const rows = await runRead(target, indexPageSample, { indexrelid, ...SAMPLE })
    if (!rows.ok) return rows
    return rows.value[0] ? ok(fromSample(rows.value[0])) : failed('conflict', 'Not measured: the index changed while it was read')
  }
  if (extensions.pgstattuple) return measureByStatindex(target, indexrelid)
  const extension = isSuperuser && !isHash ? 'pageinspect' : 'pgstattuple'
  const message = `Measuring needs the extension ${extension}, which is not installed in this database`
  const grants = isSuperuser ? [] : grantRole('pg_stat_scan_tables', facts.value)
  return failed('missing_extension', message, { fix: [`CREATE EXTENSION ${extension}`, ...grants].join('; ') })
}

const MEASURABLE = new Set(['btree', 'hash'])

function notMeasurable({ amname, relkind, indisvalid }: Row<typeof indexMeasurable>): string {
  if (!MEASURABLE.has(amname))
    return `Not measured: the pages of ${methodName(amname)} indexes do not tell what a rebuild would leave; b-tree and hash indexes can be measured`
  return indisvalid && relkind === 'I'
    ? 'Not measured: a partitioned index has no pages, its partitions have'
    : 'Not measured: the index is invalid'
}

/** 95 % of a normal distribution lie within this many standard errors. */
const NINETY_FIVE_PERCENT = 1.96

function fromSample(row: Row<typeof indexPageSample>): Measurement {
  const { bytes, rebuilt_bytes: rebuiltBytes } = row
  const share = rebuiltBytes / bytes
  const sampling = (100 * row.standard_error) / bytes
  const dead = (100 * share * row.dead_share_error) / Math.max(1 - row.dead_share, 0.01)
  // how a rebuild's last item of each page happens to fall, and how the dead rows fall on equal keys
  const packing = (row.merges ? 1.5 + 8 * row.dead_share : 0.3) * share
  const rounding = (100 * 8192) / bytes
  return {
    method: 'sample',
    bytes,
    rebuiltBytes,
    plusMinus: NINETY_FIVE_PERCENT * Math.hypot(sampling, dead) + packing + rounding,
    relfilenode: row.relfilenode,
    detail: {
      avg_leaf_density: row.avg_leaf_density,
      leaf_fragmentation: null,
      leaf_pages: Math.round(row.leaf_pages),
      internal_pages: Math.round(row.internal_pages),
      empty_pages: Math.round(row.empty_pages),
      deleted_pages: Math.round(row.deleted_pages),
      tree_level: row.tree_level,
      pages_read: row.pages_read,
      dead_share: row.dead_share,
    },
  }
}
