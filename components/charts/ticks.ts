/** Ticks from 0 in steps of 1, 2, 3 or 5 times a power of ten, about `parts` of them, the last one at or above `max`. `least`: the smallest step, 1 for what is counted. */
export function niceTicks(max: number, parts: number, least = 0): number[] {
  if (!(max > 0)) return [0, 1]
  const rough = Math.max(max / parts, least)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 3, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough - power * 1e-9) ?? 10 * power
  const decimals = Math.max(0, -Math.floor(Math.log10(step)))
  const ticks = [0]
  while ((ticks.at(-1) ?? 0) < max - step * 1e-9) ticks.push(Number((ticks.length * step).toFixed(decimals)))
  return ticks
}

/** The same for bytes, in round kB, MB, GB of 1,024. */
export function niceBytes(max: number, parts: number): number[] {
  const unit = 1024 ** Math.max(0, Math.floor(Math.log(Math.max(1, max)) / Math.log(1024)))
  return niceTicks(max / unit, parts).map((tick) => tick * unit)
}

/** Powers of `base` that span from `min` to `max` in at most `parts` + 1 ticks, as exponents. */
export function logTicks(min: number, max: number, base: number, parts: number): number[] {
  const first = Math.floor(Math.log(Math.max(min, 1)) / Math.log(base) + 1e-9)
  const last = Math.max(first + 1, Math.ceil(Math.log(Math.max(max, 1)) / Math.log(base) - 1e-9))
  const step = Math.max(1, Math.ceil((last - first) / parts))
  const ticks: number[] = []
  for (let exponent = first; exponent < last + step; exponent += step) ticks.push(exponent)
  return ticks
}

/** What moves by less than this share of its size is flat. */
const LEAST_SPAN = 0.1

/** The lowest and highest value that a small line shows: of a series that hardly moves more than its own, so that it looks flat. */
export function spanOf(values: number[]): [low: number, high: number] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const least = Math.max(Math.abs(low), Math.abs(high)) * LEAST_SPAN
  if (high - low >= least) return [low, high]
  const middle = (low + high) / 2
  return [middle - least / 2, middle + least / 2]
}
