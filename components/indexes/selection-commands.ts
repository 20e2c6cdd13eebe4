import type { IndexFinding } from '@/db/indexes/index-finding'
import type { ListedIndex } from '@/db/indexes/list-indexes'
import type { MissingIndex } from '@/db/indexes/missing-indexes'
import { mayDrop } from './verdict'

/** A missing index with the command that builds it. */
export type BuildableIndex = MissingIndex & { finding: { fix: NonNullable<MissingIndex['finding']['fix']> } }

/** What can be done with a selection: each row stands under the one command that its verdict asks for. */
export interface SelectionCommands {
  drop: IndexFinding[]
  create: BuildableIndex[]
  /** Whatever is not to be dropped: a rebuild changes nothing but the size. */
  rebuild: IndexFinding[]
  /** Missing ones for which no index can be proposed. */
  without: MissingIndex[]
  /** All that are there, whatever they ask for. */
  indexes: IndexFinding[]
}

export const isMissing = (row: ListedIndex): row is MissingIndex => row.verdict === 'missing'
const isThere = (row: ListedIndex): row is IndexFinding => row.verdict !== 'missing'
export const isBuildable = (row: MissingIndex): row is BuildableIndex => row.finding.fix !== null

export function commandsFor(rows: ListedIndex[]): SelectionCommands {
  const indexes = rows.filter(isThere)
  const missing = rows.filter(isMissing)
  return {
    drop: indexes.filter(mayDrop),
    create: missing.filter(isBuildable),
    rebuild: indexes.filter((row) => !mayDrop(row)),
    without: missing.filter((row) => !isBuildable(row)),
    indexes,
  }
}

/** What rebuilding gives back, in bytes; of those whose bloat is withheld it is not known. */
export function rebuildGain(rows: IndexFinding[]): { bytes: number; unknown: number } {
  const known = rows.flatMap(({ bloatBytes }) => bloatBytes ?? [])
  return { bytes: known.reduce((sum, bloat) => sum + Math.max(0, bloat), 0), unknown: rows.length - known.length }
}
