import { scaleLinear } from 'd3-scale'

/** Round ticks from 0, about `parts` steps of them, the last one at or above `max`. `whole`: of what is counted. */
export function niceTicks(max: number, parts: number, whole = false): number[] {
  if (!(max > 0)) return [0, 1]
  const top = whole ? Math.ceil(max) : max
  const steps = whole ? Math.min(parts, top) : parts
  return scaleLinear([0, top], [0, 1]).nice(steps).ticks(steps)
}

/** The same for bytes, in round kB, MB, GB of 1,024. */
export function niceBytes(max: number, parts: number): number[] {
  const unit = 1024 ** Math.max(0, Math.floor(Math.log(Math.max(1, max)) / Math.log(1024)))
  return niceTicks(max / unit, parts).map((tick) => tick * unit)
}
