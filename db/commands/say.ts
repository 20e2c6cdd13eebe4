/** Numbers in the sentences of plans and preflights. Pages format their own in components/format.ts. */

/** 1,024 steps, one decimal: 51.2 MB. */
export function sayBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let [value, unit] = [bytes, 0]
  while (Math.abs(value) >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1]
  return `${unit === 0 ? value : value.toFixed(1).replace(/\.0$/, '')} ${units[unit]}`
}

/** Whole units, the largest that is at least two: 45 s, 14 min, 5 h, 3 d. */
export function sayAge(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`
}

/** The first three names, and how many more there are. */
export function sayFirst(names: string[]): string {
  const more = names.length - 3
  return names.slice(0, 3).join('; ') + (more > 0 ? `; and ${more} more` : '')
}
