import { z } from 'zod'

/** Variables of the environment that concern sampling; the launcher checks them too. */
export const samplingSettings = {
  PROCTOR_SAMPLING: z.enum(['on', 'off'], 'must be on or off').default('on'),
  PROCTOR_SAMPLING_ACTIVITY: z.coerce.number('must be a number of seconds').int().min(1).max(60).default(10),
  PROCTOR_SAMPLING_STATEMENTS: z.coerce.number('must be a number of seconds').int().min(10).max(600).default(60),
  PROCTOR_SAMPLING_EXAMPLES: z.enum(['on', 'off'], 'must be on or off').default('on'),
}

export interface SamplingSettings {
  on: boolean
  /** Between two looks at activity and counters, ms. */
  activityMs: number
  /** Between two looks at pg_stat_statements, table statistics and settings, ms. */
  statementsMs: number
  /** Whether statements are kept as pg_stat_activity shows them, values included. */
  keepExamples: boolean
  /** After how long without a word a server counts as silent, ms. */
  answerMs: number
}

const ANSWER_MS = 30_000

/** Errors: throws on a wrong setting; the launcher has told of it before. */
export function readSamplingSettings(environment: Record<string, string | undefined> = process.env): SamplingSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const settings = z.object(samplingSettings).parse(given)
  return {
    on: settings.PROCTOR_SAMPLING === 'on',
    activityMs: settings.PROCTOR_SAMPLING_ACTIVITY * 1000,
    statementsMs: settings.PROCTOR_SAMPLING_STATEMENTS * 1000,
    keepExamples: settings.PROCTOR_SAMPLING_EXAMPLES === 'on',
    answerMs: ANSWER_MS,
  }
}
