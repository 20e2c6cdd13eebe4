import type { IndexFinding } from '../../indexes/index-finding'
import { type Guide, guideHas } from '../find-guide'
import type { Entry } from './entry'
import type { Shape } from './shapes'

/** An index that is there, as it was read: its finding and its shape. */
export interface Standing {
  finding: IndexFinding
  /** null: its definition could not be read, for a lock. */
  shape: Shape | null
  /** It backs a constraint that is DEFERRABLE. */
  deferrable: boolean
}

/**
 * present: as printed. improved: as corrected. redundant: there, and by the rules for all indexes another does its work. served: not
 * there, and another one that is there does its work. missing: neither. cannot: the same, and what is printed is refused. invalid: a build
 * failed. absent: its table or a column of it is not here. unread: behind a lock.
 */
export const STATES = ['present', 'improved', 'redundant', 'served', 'missing', 'cannot', 'invalid', 'absent', 'unread'] as const
export type State = (typeof STATES)[number]

export interface Judged {
  state: State
  /** The index that is it, whatever it is called. */
  index: IndexFinding | null
  /** The one that does its work. */
  by: string | null
  /** What somebody should know who looks for it by its name. */
  note: string | null
}

interface Wanted {
  printed: Shape | null
  corrected: Shape | null
}

/**
 * What became of one index of the guide in a database: by structure (method, key with its order, predicate, uniqueness), not by name.
 * Of several alike the valid one counts, then that of the guide's name. Pure.
 */
export function judge(entry: Entry, wanted: Wanted, there: readonly Standing[], guide: Guide): Judged {
  if (!guideHas(guide, entry.table, entry.columns)) return { state: 'absent', index: null, by: null, note: absence(entry, guide) }
  const relid = guide.tables[entry.table]?.relid
  const own = there
    .filter(({ finding }) => finding.relid === relid)
    .sort((one, other) => rank(one, entry) - rank(other, entry) || one.finding.indexrelid - other.finding.indexrelid)
  const deferrable = entry.corrected?.deferrable === true
  const fits = ({ shape }: Standing, form: Shape | null) => shape !== null && form !== null && shape.all === form.all
  const corrected = own.find((one) => fits(one, wanted.corrected) && (!deferrable || one.deferrable))
  const printed = own.find((one) => fits(one, wanted.printed) && (!deferrable || !one.deferrable))
  const found = corrected ?? printed
  const named = own.find(({ finding }) => finding.indexrelname === entry.name)
  if (found) {
    const isCorrected = found === corrected && fillsItself(entry, guide)
    return { ...standing(found.finding, isCorrected), note: noteOf(entry, found.finding, isCorrected) }
  }
  const note = named ? `${entry.name} is here with another definition` : null
  if (named?.shape === null) return { state: 'unread', index: named.finding, by: null, note: named.finding.skipped }
  const by = serving(entry, wanted, own, guide)
  if (by) return { state: 'served', index: null, by, note }
  return { state: entry.error?.sqlstate === '42P17' ? 'cannot' : 'missing', index: null, by: null, note }
}

const rank = ({ finding }: Standing, { name }: Entry): number =>
  (finding.verdict === 'invalid' ? 2 : 0) + (finding.indexrelname === name ? 0 : 1)

function standing(finding: IndexFinding, isCorrected: boolean): Omit<Judged, 'note'> {
  if (finding.verdict === 'invalid') return { state: 'invalid', index: finding, by: null }
  if (finding.verdict === 'redundant') return { state: 'redundant', index: finding, by: finding.redundantWith?.indexrelname ?? null }
  return { state: isCorrected ? 'improved' : 'present', index: finding, by: null }
}

const fillsItself = ({ generated, table }: Entry, guide: Guide): boolean =>
  generated === undefined || guide.tables[table]?.columns.some(({ name, generated: is }) => name === generated && is) === true

function noteOf(entry: Entry, { indexrelname, standIn }: IndexFinding, isCorrected: boolean): string | null {
  const notes = [
    indexrelname !== entry.name && `Here it is called ${indexrelname}`,
    entry.corrected && !isCorrected && (entry.generated ? `${entry.generated} is not generated here` : 'It is here as printed'),
    standIn && `${standIn.indexrelname} could stand in for it: ${standIn.doubt}`,
  ].filter((note) => typeof note === 'string')
  return notes.length > 0 ? notes.join('. ') : null
}

/** One that is there and finds the same rows in the same order: its key begins alike, and it leaves out no row that the wanted one has. */
function serving(entry: Entry, { printed, corrected }: Wanted, own: readonly Standing[], guide: Guide): string | null {
  const form = corrected ?? printed
  const valid = own.filter(({ finding }) => finding.verdict !== 'invalid')
  const same = valid.find(({ shape }) => {
    if (!shape || !form || shape.method !== form.method || (shape.where !== form.where && shape.where !== null)) return false
    if (form.method !== 'btree') return shape.keys.join() === form.keys.join()
    if (form.unique) return shape.unique && shape.keys.join() === form.keys.join()
    return form.keys.every((key, at) => shape.keys[at] === key)
  })
  if (same) return same.finding.indexrelname
  const repeated = entry.repeats && fillsItself({ ...entry, generated: 'search_vector' }, guide)
  return repeated ? (valid.find(({ finding }) => finding.indexrelname === entry.repeats)?.finding.indexrelname ?? null) : null
}

function absence({ table, columns }: Entry, guide: Guide): string {
  const missing = guide.missing.find((one) => one.table === table)
  if (missing?.absent) return `There is no table ${table} here`
  const lacking = columns.filter((column) => missing?.columns.includes(column))
  const what = lacking.length > 0 ? lacking : (missing?.columns ?? [])
  return `${table} has no ${what.join(', ')} here, or of another type`
}
