import type { Row } from '../server/define-read'
import type { autovacuumFormula } from './reads/autovacuum-formula'

type Formula = Row<typeof autovacuumFormula>

/** What autovacuum compares for one table, or for its TOAST table, with the numbers put in. */
export interface Trigger {
  kind: 'dead' | 'inserts' | 'analyze' | 'freeze' | 'multixacts' | 'toast'
  /** What is counted now; a transaction age for freeze. */
  now: number
  /** It comes when `now` is above this; null: never for this reason. */
  at: number | null
  /** Each with its value: `share` is that of the pages that are not all-frozen (18), `cap` what the sum is cut to (18; null: by nothing). */
  formula: { threshold: number; scale: number; reltuples: number; share: number | null; cap: number | null } | null
  /** Parameters of the table's own that are in it. */
  own: string[]
  due: boolean
  /** When autovacuum or somebody last did it; ISO 8601. */
  last: string | null
  lastBy: 'autovacuum' | 'somebody' | null
}

/**
 * The conditions of relation_needs_vacanalyze in autovacuum.c: above, never at the threshold; a cap below 0 is none; an insert threshold
 * below 0 switches inserts off. Of a TOAST table only what brings VACUUM: it is never analyzed. Where autovacuum is off for the table,
 * freezing alone still brings it.
 */
export function triggersOf(rows: readonly Formula[]): Trigger[] {
  const heap = rows.find(({ part }) => part === 'heap')
  const toast = rows.find(({ part }) => part === 'toast')
  if (!heap) return []
  const vacuum = later(heap.last_vacuum, heap.last_autovacuum)
  const analyze = later(heap.last_analyze, heap.last_autoanalyze)
  return [
    { kind: 'dead', ...deadOf(heap), ...vacuum },
    { kind: 'inserts', ...insertsOf(heap), ...vacuum },
    { kind: 'analyze', ...analyzeOf(heap), ...analyze },
    ...(toast ? [{ kind: 'toast' as const, ...deadOf(toast), ...later(toast.last_vacuum, toast.last_autovacuum) }] : []),
    { kind: 'freeze', ...ageOf(heap, heap.xid_age, heap.freeze_max_age, 'autovacuum_freeze_max_age'), ...vacuum },
    { kind: 'multixacts', ...ageOf(heap, heap.mxid_age, heap.multixact_freeze_max_age, 'autovacuum_multixact_freeze_max_age'), ...vacuum },
  ]
}

type Compared = Pick<Trigger, 'now' | 'at' | 'formula' | 'own' | 'due'>

/** Whether autovacuum looks at anything but age: it is on for the server and for the table, and changes are counted. */
export const looksAtCounts = ({ autovacuum, track_counts, enabled }: Formula): boolean => autovacuum && track_counts && enabled

const ownOf = ({ own }: Formula, ...names: string[]): string[] => names.filter((name) => own.includes(name))

function deadOf(row: Formula): Compared {
  const { vacuum_threshold: threshold, vacuum_scale: scale, reltuples, vacuum_cap } = row
  const cap = vacuum_cap !== null && vacuum_cap >= 0 ? vacuum_cap : null
  const sum = threshold + scale * reltuples
  const at = cap === null ? sum : Math.min(sum, cap)
  const now = Number(row.dead)
  const own = ownOf(row, 'autovacuum_vacuum_threshold', 'autovacuum_vacuum_scale_factor', 'autovacuum_vacuum_max_threshold')
  return { now, at, formula: { threshold, scale, reltuples, share: null, cap }, own, due: looksAtCounts(row) && now > at }
}

function insertsOf(row: Formula): Compared {
  const { insert_threshold: threshold, insert_scale: scale, reltuples, relpages, frozen_pages: frozen } = row
  const share = frozen === null ? null : relpages > 0 && frozen > 0 ? 1 - Math.min(frozen, relpages) / relpages : 1
  const at = threshold < 0 ? null : threshold + scale * reltuples * (share ?? 1)
  const now = Number(row.inserted)
  const own = ownOf(row, 'autovacuum_vacuum_insert_threshold', 'autovacuum_vacuum_insert_scale_factor')
  const formula = at === null ? null : { threshold, scale, reltuples, share, cap: null }
  return { now, at, formula, own, due: at !== null && looksAtCounts(row) && now > at }
}

function analyzeOf(row: Formula): Compared {
  const { analyze_threshold: threshold, analyze_scale: scale, reltuples } = row
  const at = threshold + scale * reltuples
  const now = Number(row.modified)
  const own = ownOf(row, 'autovacuum_analyze_threshold', 'autovacuum_analyze_scale_factor')
  return { now, at, formula: { threshold, scale, reltuples, share: null, cap: null }, own, due: looksAtCounts(row) && now > at }
}

const ageOf = (row: Formula, now: number, at: number, name: string): Compared => ({
  now,
  at,
  formula: null,
  own: ownOf(row, name),
  due: now > at,
})

function later(by: string | null, auto: string | null): Pick<Trigger, 'last' | 'lastBy'> {
  if (by === null && auto === null) return { last: null, lastBy: null }
  const isAuto = auto !== null && (by === null || auto >= by)
  return { last: isAuto ? auto : by, lastBy: isAuto ? 'autovacuum' : 'somebody' }
}
