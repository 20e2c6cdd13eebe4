/** How numbers and times are printed, in one place. Every function takes null and then prints an en dash. */

/** int8 and numeric arrive as decimal text; sizes as numbers. */
type Numeric = number | bigint | string | null | undefined

const NONE = '–'
const BYTE_UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']
const COUNT_UNITS = ['', 'k', 'M', 'G', 'T', 'P', 'E']
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** Steps down by `step` until the rounded value fits; a value that rounds up to the step takes the next unit. */
function scaled(value: number, step: number, units: string[], decimalsOf: (shown: number, unit: number) => number) {
  let unit = 0
  let shown = value
  const rounds = (n: number) => Number(Math.abs(n).toFixed(decimalsOf(Math.abs(n), unit)))
  while (rounds(shown) >= step && unit < units.length - 1) {
    shown /= step
    unit++
  }
  return { text: shown.toFixed(decimalsOf(Math.abs(shown), unit)), unit: units[unit] as string }
}

const missing = (value: Numeric): value is null | undefined | '' => value === null || value === undefined || value === ''

/** Bytes in 1,024 steps for a table's cell: 41 kB, 104.2 MB, 1.7 GB. */
export function bytes(value: Numeric): string {
  if (missing(value)) return NONE
  const { text, unit } = scaled(Number(value), 1024, BYTE_UNITS, (_, at) => (at < 2 ? 0 : 1))
  return `${text} ${unit}`
}

/** Bytes in three significant digits for sentences and headings: 96 MB, 8.3 MB, 1.68 GB. */
export function bytesShort(value: Numeric): string {
  if (missing(value)) return NONE
  const { text, unit } = scaled(Number(value), 1024, BYTE_UNITS, (shown, at) => {
    if (at < 2 || shown >= 100) return 0
    if (at === 2) return shown >= 9.95 ? 0 : 1
    return shown >= 9.995 ? 1 : 2
  })
  return `${text} ${unit}`
}

/** A count, exact to 9,999, then 41.2 k, 48.2 M. Show exactCount on hover. */
export function count(value: Numeric): string {
  if (missing(value)) return NONE
  const number = Number(value)
  if (Math.abs(number) < 10_000) return exactCount(value)
  const { text, unit } = scaled(number, 1000, COUNT_UNITS, (_, at) => (at === 0 ? 0 : 1))
  return `${text} ${unit}`
}

/** Every digit, in groups of three; decimal text beyond 2^53 keeps all of them. */
export function exactCount(value: Numeric): string {
  if (missing(value)) return NONE
  const whole = typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : value
  return grouped.format(typeof whole === 'string' ? Number(whole) : whole)
}

/** A share, 0 … 1, to one decimal: 61.3%, < 0.1%, 0. */
export function share(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined) return NONE
  if (ratio === 0) return '0'
  if (ratio < 0.001) return '< 0.1%'
  if (ratio === 1) return '100%'
  // 99.96% must not print as all of it.
  return `${Math.min(ratio * 100, ratio < 1 ? 99.9 : Number.POSITIVE_INFINITY).toFixed(1)}%`
}

/** A share, 0 … 1, in whole percent: 49%. */
export const percent = (ratio: number | null | undefined): string =>
  ratio === null || ratio === undefined ? NONE : `${Math.round(ratio * 100)}%`

/** Milliseconds: 850 ms, 4.2 s, 34 s, 1 min 47 s, 2 h 8 min, 34 d. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return NONE
  if (ms < 1) return `${ms <= 0 ? 0 : '< 1'} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 9_950) return `${(ms / 1000).toFixed(1).replace(/\.0$/, '')} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return joined(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 48 * 60) return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  return `${Math.floor(minutes / 60 / 24)} d`
}

const joined = (large: number, largeUnit: string, small: number, smallUnit: string) =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`

/** One to nine in words, as sentences begin: Three rebuilds; from ten on digits. */
export function numberWord(value: number, capital = false): string {
  const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
  const word = words[value] ?? exactCount(value)
  return capital ? word.charAt(0).toUpperCase() + word.slice(1) : word
}

/** 1 index, 2 indexes: the count in its short form. */
export const plural = (value: number, one: string, many: string): string => `${count(value)} ${value === 1 ? one : many}`
