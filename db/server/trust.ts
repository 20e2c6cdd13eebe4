import type { Learned } from '../domain/learned'

/** How a number was made. It stands beside every estimate on every page. */
export type Trust =
  | { kind: 'exact' }
  /** plusMinus is in percentage points of the index or table, 95 % of the truths lie within. */
  | { kind: 'estimated'; plusMinus: number; learned?: Learned }
  /** The number cannot be known; reason is a few words, fix what would lift it (ANALYZE, GRANT, CREATE EXTENSION). */
  | { kind: 'withheld'; reason: string; fix?: string }
