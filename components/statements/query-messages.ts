import { duration } from '../format'

/** ms with as many digits as mean something: 0.023 ms, 1.24 ms, 118 ms, 9.84 s, 2 min 5 s. */
export function milliseconds(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  if (ms === 0) return '0 ms'
  if (ms < 0.0095) return `${(ms * 1000).toFixed(ms < 0.00095 ? 2 : 1)} µs`
  if (ms < 0.0995) return `${ms.toFixed(3)} ms`
  if (ms < 9.995) return `${ms.toFixed(2)} ms`
  if (ms < 99.95) return `${ms.toFixed(1)} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_995) return `${(ms / 1000).toFixed(ms < 9_995 ? 2 : 1)} s`
  return duration(ms)
}

/** Average active sessions for an axis and a tip. */
export const sessions = (value: number): string =>
  value < 0.000_001
    ? '0'
    : value < 0.001
      ? value.toFixed(6).replace(/^(0\.0+[1-9]\d?).*/, '$1')
      : value < 0.0995
        ? value.toFixed(3)
        : value < 9.95
          ? value.toFixed(2)
          : value.toFixed(1)

/** A factor as one says it: ×1.4, ×12. */
export const times = (factor: number): string => `×${factor < 9.95 ? factor.toFixed(1) : Math.round(factor)}`

/** How sure, in words: more than 99.9 % sure. */
export function sureness(sure: number | null): string {
  if (sure === null) return 'too few calls to be sure'
  if (sure >= 0.999) return 'more than 99.9 % sure'
  return `${(Math.floor(sure * 1000) / 10).toFixed(sure >= 0.99 ? 1 : 0)} % sure`
}
