import { baseOf, inBaseUnits, inWords, type Value } from '../domain/setting-units'

/** A row of pg_settings, as far as tuning needs it. `setting` is what a new session gets, in base units. */
export interface ServerSetting {
  name: string
  setting: string
  unit: string | null
  vartype: string
  context: string
  min_val: string | null
  max_val: string | null
  enumvals: string[] | null
  source: string
  sourcefile: string | null
  sourceline: number | null
  pending_restart: boolean
  boot_val: string | null
  /** What the files say, where the server takes it only at its next restart or reload; in base units, as `setting`. */
  waiting?: string
}

/** A value that a server takes. */
export interface Fitted {
  /** As PostgreSQL writes it: 4GB, 10min, on. */
  text: string
  /** In base units, as pg_settings.setting has it. */
  setting: string
  /** The server takes no more, or no less, than this. */
  bounded: boolean
}

/** A value within what the very server takes: its bounds, its choices. null: it takes none of them. */
export function fitValue(value: Value, row: ServerSetting): Fitted | null {
  if ('text' in value) {
    const choices = typeof value.text === 'string' ? [value.text] : value.text
    const allowed = row.vartype === 'bool' ? ['on', 'off'] : row.enumvals
    const text = choices.find((choice) => allowed === null || allowed.includes(choice))
    return text === undefined ? null : { text, setting: text, bounded: false }
  }
  const units = 'number' in value ? value.number : ('bytes' in value ? value.bytes : value.ms) / baseOf(row.unit)
  const wanted = row.vartype === 'integer' ? Math.floor(units) : units
  const within = Math.min(Math.max(wanted, Number(row.min_val ?? wanted)), Number(row.max_val ?? wanted))
  return { text: inWords(String(within), row.unit), setting: String(within), bounded: within !== wanted }
}

/** What decides whether a setting takes a value. */
type SettingBounds = Pick<ServerSetting, 'unit' | 'vartype' | 'min_val' | 'max_val' | 'enumvals'>

/** A text that somebody wrote, in the form of pg_settings.setting; null: this setting cannot hold it. */
export function settingOf(text: string, row: SettingBounds): string | null {
  if (row.vartype === 'bool') return booleanOf(text)
  if (row.vartype === 'enum') return choiceOf(text.trim().toLowerCase(), row.enumvals ?? [])
  if (row.vartype === 'string') return text
  const units = inBaseUnits(text, row.unit)
  if (units === null) return null
  const rounded = row.vartype === 'integer' ? Math.round(units) : units
  return rounded < Number(row.min_val) || rounded > Number(row.max_val) ? null : String(rounded)
}

/** What a setting takes, for the sentence that refuses another value: on or off; an amount from 64kB to 2GB. */
function boundsOf({ vartype, enumvals, min_val: min, max_val: max, unit }: SettingBounds): string {
  if (vartype === 'bool') return 'on or off'
  if (vartype === 'enum') return `one of ${enumvals?.join(', ')}`
  return vartype === 'string' ? 'one line of text' : `an amount from ${inWords(min ?? '', unit)} to ${inWords(max ?? '', unit)}`
}

/**
 * A text that somebody typed, held against the row of the very server: its unit, bounds and choices. The value in the form of
 * pg_settings.setting, or the sentence that says what the setting takes instead. What this refuses is neither shown nor planned.
 */
export function checkTyped(text: string, row: SettingBounds): { setting: string } | { refused: string } {
  const setting = /[\r\n]/.test(text) ? null : settingOf(text, row)
  return setting === null ? { refused: `${text.trim() || 'Nothing'} is not ${boundsOf(row)}` } : { setting }
}

/** Any unambiguous beginning of these words (parse_bool in bool.c): o could be on and off. */
function booleanOf(text: string): string | null {
  const word = text.trim().toLowerCase()
  const begins = (...words: string[]) => word !== '' && word !== 'o' && words.some((one) => one.startsWith(word))
  if (begins('on', 'true', 'yes', '1')) return 'on'
  return begins('off', 'false', 'no', '0') ? 'off' : null
}

/** Spellings that the server takes and pg_settings.enumvals does not list (config_enum_entry.hidden in guc_tables.c). */
const HIDDEN: Record<string, string> = {
  true: 'on',
  yes: 'on',
  '1': 'on',
  false: 'off',
  no: 'off',
  '0': 'off',
  archive: 'replica',
  hot_standby: 'replica',
  debug: 'debug2',
}

const choiceOf = (word: string, choices: string[]): string | null =>
  [word, HIDDEN[word]].find((one) => one !== undefined && choices.includes(one)) ?? null

/** Whether two values in the form of pg_settings.setting are one; 0.9 and 0.90 are. */
export const isSame = (a: string, b: string): boolean => a === b || (a !== '' && b !== '' && Number(a) === Number(b))

/** Bytes, ms or the bare number of a setting; null where it is none. */
export function amountOf({ setting, unit }: Pick<ServerSetting, 'setting' | 'unit'>): number | null {
  const units = Number(setting)
  if (!Number.isFinite(units)) return null
  return units < 0 ? units : units * baseOf(unit)
}

export type Takes = 'restart' | 'reload' | 'new sessions'

/** When a change in a file holds, by pg_settings.context (manual, 54.24). */
export function takesOf({ context }: Pick<ServerSetting, 'context'>): Takes {
  if (context === 'postmaster') return 'restart'
  return context.endsWith('backend') ? 'new sessions' : 'reload'
}

/** The value in PostgreSQL's own words. */
export const wordsOf = ({ setting, unit }: Pick<ServerSetting, 'setting' | 'unit'>): string => inWords(setting, unit)
