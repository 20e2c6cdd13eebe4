import { countExists } from './count-exists'
import { distinctJoin } from './distinct-join'
import { indexedColumn } from './indexed-column'
import { loweredColumn } from './lowered-column'
import { multiplyingJoin } from './multiplying-join'
import { notIn } from './not-in'
import { offsetPaging } from './offset-paging'
import type { Rule } from './rule'

/** All rules of hints: what makes results wrong first, then what makes them slow. */
export const RULES = {
  'multiplying-join': multiplyingJoin,
  'not-in': notIn,
  'distinct-join': distinctJoin,
  'count-exists': countExists,
  'indexed-column': indexedColumn,
  'lowered-column': loweredColumn,
  'offset-paging': offsetPaging,
} satisfies Record<string, Rule>

export type RuleName = keyof typeof RULES
