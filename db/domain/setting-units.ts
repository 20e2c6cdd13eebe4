/** Values of settings, between how PostgreSQL keeps them (a number of base units) and how people write them. */

export const KB = 1024
export const MB = 1024 * KB
export const GB = 1024 * MB
export const TB = 1024 * GB

/** What a setting may be given. A list of texts is an order of preference: the first that the server knows is taken. */
export type Value = { bytes: number } | { ms: number } | { number: number } | { text: string | readonly string[] }

const BYTES: Record<string, number> = { B: 1, kB: KB, MB, GB, TB }
const MS: Record<string, number> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** Bytes or ms in one base unit of pg_settings.unit (8kB, MB, s …); 1 for a setting without a unit. */
export function baseOf(unit: string | null): number {
  const [, count = '1', name = ''] = /^(\d*)([A-Za-z]*)$/.exec(unit ?? '') ?? []
  return Number(count || '1') * (BYTES[name] ?? MS[name] ?? 1)
}

/** Whether a unit of pg_settings counts bytes. */
export const isOfBytes = (unit: string | null): boolean => unit !== null && unit.replace(/^\d+/, '') in BYTES

/** A number of base units as PostgreSQL writes it, in the largest unit that divides it: 16384 of 8kB is 128MB. 0, -1 stay bare. */
export function inWords(setting: string, unit: string | null): string {
  const units = Number(setting)
  if (unit === null || !Number.isFinite(units) || units <= 0) return setting
  const [names, amount] = [isOfBytes(unit) ? BYTES : MS, units * baseOf(unit)]
  const fitting = Object.entries(names).filter(([, size]) => amount % size === 0)
  const [name, size] = fitting.at(-1) ?? ['', 1]
  return `${amount / size}${name}`
}

/** What somebody wrote, in base units: '16MB' of a setting in kB is 16384. null: no number, or of another kind of unit. */
export function inBaseUnits(text: string, unit: string | null): number | null {
  const [, digits, name = ''] = /^\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*([A-Za-z]*)\s*$/.exec(text) ?? []
  if (digits === undefined) return null
  if (name === '') return Number(digits)
  const size = (isOfBytes(unit) ? BYTES : unit === null ? {} : MS)[name]
  return size === undefined ? null : (Number(digits) * size) / baseOf(unit)
}

/** Bytes rounded down to what people write: steps of about a tenth or less, never below 1 MB. Never falls as `bytes` grows. */
export function roundDown(bytes: number): number {
  const [, step = GB] = STEPS.find(([below]) => bytes < below) ?? []
  return Math.max(MB, Math.floor(bytes / step) * step)
}
const STEPS: readonly (readonly [number, number])[] = [
  [32 * MB, MB],
  [256 * MB, 4 * MB],
  [GB, 16 * MB],
  [16 * GB, 128 * MB],
]
