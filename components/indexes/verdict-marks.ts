import type { ListedVerdict } from '@/db/indexes/list-indexes'
import type { Mark } from '../charts/scatter-mark'

/** How a verdict is drawn in the scatter, and in the filters below it, which are its legend. */
export const VERDICT_MARKS: Record<ListedVerdict, { mark: Mark; color: string }> = {
  bloated: { mark: 'circle', color: 'var(--warn-fill)' },
  unused: { mark: 'ring', color: 'var(--unused-fill)' },
  redundant: { mark: 'double', color: 'var(--redun-fill)' },
  invalid: { mark: 'diamond', color: 'var(--bad-fill)' },
  missing: { mark: 'dashed', color: 'var(--accent)' },
  'not-scanned': { mark: 'ring', color: 'var(--ink-3)' },
  constraint: { mark: 'square', color: 'var(--constr-fill)' },
  healthy: { mark: 'circle', color: 'var(--ok-fill)' },
}
