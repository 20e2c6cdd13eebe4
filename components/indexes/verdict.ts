import type { IndexFinding, IndexVerdict } from '@/db/checks/index-finding'

export const VERDICT_LABEL: Record<IndexVerdict, string> = {
  bloated: 'Bloated',
  unused: 'Unused',
  redundant: 'Redundant',
  invalid: 'Invalid',
  constraint: 'Constraint',
  healthy: 'Healthy',
}

/** In the order of the filters. */
export const VERDICTS: IndexVerdict[] = ['bloated', 'unused', 'redundant', 'invalid', 'constraint', 'healthy']

/** Verdicts that ask for a drop rather than a rebuild. */
export const isDroppable = (verdict: IndexVerdict): boolean => verdict === 'unused' || verdict === 'redundant' || verdict === 'invalid'

/** A drop is its next step, and no constraint stands against it. What else does, the drop's plan says. */
export const mayDrop = ({ verdict, conname }: Pick<IndexFinding, 'verdict' | 'conname'>): boolean =>
  isDroppable(verdict) && conname === null
