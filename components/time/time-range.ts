import { parseAsIsoDateTime, parseAsStringLiteral } from 'nuqs/server'

/** Ranges that end now. */
export const PRESETS = ['1h', '6h', '24h', '7d', '30d'] as const
export type Preset = (typeof PRESETS)[number]

const HOUR = 3_600_000
export const PRESET_MS: Record<Preset, number> = { '1h': HOUR, '6h': 6 * HOUR, '24h': 24 * HOUR, '7d': 168 * HOUR, '30d': 720 * HOUR }
export const PRESET_LABEL: Record<Preset, string> = { '1h': '1 h', '6h': '6 h', '24h': '24 h', '7d': '7 d', '30d': '30 d' }

/** The time range of a page in its address: a preset that ends now, or two moments that stay what they are when shared. */
export const timeRangeParams = {
  range: parseAsStringLiteral(PRESETS).withDefault('1h'),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
}

export interface TimeRangeParams {
  range: Preset
  from: Date | null
  to: Date | null
}

/** ms since 1970; `preset` is null for two fixed moments. */
export interface TimeRange {
  from: number
  to: number
  preset: Preset | null
}

/** The shortest range: what is between two samples shows nothing. */
const LEAST_MS = 10_000

/** The moments that an address means at `now`. What makes no sense, such as an end before its start, is the preset. */
export function timeRangeOf({ range, from, to }: TimeRangeParams, now: number): TimeRange {
  if (from && to && to.getTime() - from.getTime() >= LEAST_MS) return { from: from.getTime(), to: to.getTime(), preset: null }
  return { from: now - PRESET_MS[range], to: now, preset: range }
}

/** What a range is in an address. */
export const fixedRange = (from: number, to: number) => ({ from: new Date(from), to: new Date(to) })

/** The range before or after; forward up to now, where it becomes the preset of its length again. */
export function movedRange(range: TimeRange, by: 1 | -1, now: number): Partial<TimeRangeParams> | null {
  const length = range.to - range.from
  if (by === 1 && (range.preset || range.to >= now)) return null
  const to = range.to + by * length
  const preset = PRESETS.find((candidate) => PRESET_MS[candidate] === length)
  if (by === 1 && to >= now) return preset ? { range: preset, from: null, to: null } : fixedRange(now - length, now)
  return fixedRange(to - length, to)
}
