import { z } from 'zod'

const days = (preset: number) => z.coerce.number('must be a number of days').min(0.05).max(3_650).default(preset)

/** How long the rows of a step are kept, in days; variables of the environment. */
export const retentionSettings = {
  PROCTOR_RETENTION_10S: days(1),
  PROCTOR_RETENTION_1M: days(3),
  PROCTOR_RETENTION_10M: days(10),
  PROCTOR_RETENTION_1H: days(60),
  PROCTOR_RETENTION_1D: days(400),
}

/** Seconds by step. */
export type Retention = Record<number, number>

const STEPS = {
  10: 'PROCTOR_RETENTION_10S',
  60: 'PROCTOR_RETENTION_1M',
  600: 'PROCTOR_RETENTION_10M',
  3600: 'PROCTOR_RETENTION_1H',
  86400: 'PROCTOR_RETENTION_1D',
} as const

/** Errors: throws on a wrong setting; the launcher has told of it before. */
export function readRetention(environment: Record<string, string | undefined> = process.env): Retention {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const settings = z.object(retentionSettings).parse(given)
  return Object.fromEntries(Object.entries(STEPS).map(([step, name]) => [step, settings[name] * 86_400]))
}
