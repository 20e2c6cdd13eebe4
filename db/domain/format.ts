/** Numbers in sentences: evidence, plans, preflights, receipts. Cells and charts format theirs in components/format.ts. */

/** 1,024 steps, one decimal: 51.2 MB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let [value, unit] = [bytes, 0]
  while (Math.abs(value) >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1]
  return `${unit === 0 ? value : value.toFixed(1).replace(/\.0$/, '')} ${units[unit]}`
}

/** A share of 0 … 1 in whole percent: 49%. */
export const formatPercent = (share: number): string => (share > 0 && share < 0.005 ? '< 1%' : `${Math.round(share * 100)}%`)

/** Seconds, to the largest unit that tells: 34 days, 3 hours, 5 minutes. */
export function formatSpan(seconds: number): string {
  const [size, name] = seconds >= 172_800 ? [86_400, 'day'] : seconds >= 7_200 ? [3_600, 'hour'] : [60, 'minute']
  const count = Math.floor(seconds / Number(size))
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** 1 scan, 1,204 scans. */
export const formatCount = (count: bigint | number | string, noun: string): string =>
  `${BigInt(count).toLocaleString('en-US')} ${noun}${BigInt(count) === 1n ? '' : 's'}`

/** Seconds as a sentence has them, whole units: 45 s, 14 min, 5 h, 3 d. */
export function formatAge(seconds: number): string {
  const [size, unit] = seconds < 120 ? [1, 's'] : seconds < 7_200 ? [60, 'min'] : seconds < 172_800 ? [3_600, 'h'] : [86_400, 'd']
  return `${Math.round(seconds / Number(size))} ${unit}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 20 Oct 2026: the day in UTC of an ISO 8601 string that ends with Z. */
export const formatDay = (iso: string): string => `${Number(iso.slice(8, 10))} ${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)}`

/** 20 Oct 2026 06:12 UTC, of an ISO 8601 string that ends with Z. */
export const formatMoment = (iso: string): string => `${formatDay(iso)} ${iso.slice(11, 16)} UTC`

/** The first three names, and how many more there are. */
export function formatFirst(names: string[]): string {
  const more = names.length - 3
  return names.slice(0, 3).join('; ') + (more > 0 ? `; and ${more} more` : '')
}
