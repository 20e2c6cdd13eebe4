import type { IndexFinding } from '@/db/indexes/index-finding'
import type { ListedVerdict } from '@/db/indexes/list-indexes'

export const VERDICT_LABEL: Record<ListedVerdict, string> = {
  bloated: 'Bloated',
  unused: 'Unused',
  redundant: 'Redundant',
  invalid: 'Invalid',
  missing: 'Missing',
  'not-scanned': 'Not scanned',
  constraint: 'Constraint',
  healthy: 'Healthy',
}

/** In the order of the filters. */
export const VERDICTS: ListedVerdict[] = ['bloated', 'unused', 'redundant', 'invalid', 'missing', 'not-scanned', 'constraint', 'healthy']

/** Whether what was found asks for a drop; of an invalid index only where it is a leftover. */
export const isDroppable = ({ verdict, invalid }: Pick<IndexFinding, 'verdict' | 'invalid'>): boolean =>
  verdict === 'unused' || verdict === 'redundant' || invalid?.action === 'drop'

/** A drop is its next step, and no constraint stands against it. What else does, the drop's plan says. */
export const mayDrop = (finding: Pick<IndexFinding, 'verdict' | 'invalid' | 'conname'>): boolean =>
  isDroppable(finding) && finding.conname === null
