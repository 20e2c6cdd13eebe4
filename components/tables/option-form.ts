import type { PresentOption } from '@/db/commands/set-table-options/present-options'

/** What somebody has typed, by the option's name; an empty text takes the table's own value away. */
export type OptionEdits = Record<string, string>

/** In the order of the form; the first that fits takes an option. */
const GROUPS: [string, RegExp][] = [
  ['When autovacuum analyzes', /^autovacuum_analyze_/],
  ['How fast autovacuum works', /^autovacuum_vacuum_cost_/],
  ['Freezing', /freeze/],
  ['When autovacuum vacuums', /^autovacuum_/],
  ['VACUUM itself', /vacuum/],
  ['Storage', /./],
]
const ORDER = ['When autovacuum vacuums', 'When autovacuum analyzes', 'How fast autovacuum works', 'Freezing', 'VACUUM itself', 'Storage']

/** The options under headings, autovacuum's thresholds first. */
export function grouped(options: PresentOption[]): { title: string; options: PresentOption[] }[] {
  const titleOf = ({ name }: PresentOption) => GROUPS.find(([, fits]) => fits.test(name.replace(/^toast\./, '')))?.[0]
  return ORDER.map((title) => ({ title, options: options.filter((option) => titleOf(option) === title) })).filter(
    ({ options: some }) => some.length > 0,
  )
}

/** What is wrong with a value, or null. The server looks again. */
export function optionProblem({ kind, min = 0, max = 0 }: PresentOption, typed: string): string | null {
  const value = typed.trim()
  if (value === '' || kind === 'boolean' || kind === 'auto') return null
  const fits =
    (kind === 'integer' ? /^-?\d{1,10}$/ : /^-?\d{1,10}(\.\d{1,15})?$/).test(value) && Number(value) >= min && Number(value) <= max
  return fits ? null : `${kind === 'integer' ? 'A whole number' : 'A number'} from ${min} to ${max}`
}

/** The command's input: only what differs from how the table is now. */
export function changesOf(options: PresentOption[], edits: OptionEdits): { set: Record<string, string>; reset: string[] } {
  const set: Record<string, string> = {}
  const reset: string[] = []
  for (const { name, own } of options) {
    const typed = edits[name]?.trim()
    if (typed === undefined || typed === (own ?? '')) continue
    if (typed === '') reset.push(name)
    else set[name] = typed
  }
  return { set, reset }
}

/** server: 0.2; table: 100; default: auto. The unit stands beside the field. */
export const inheritedWords = ({ inherited, from }: PresentOption): string => `${from}: ${inherited}`
