import { z } from 'zod'

/** Variable of the environment; the launcher checks it too. */
export const heavySettings = {
  PROCTOR_HEAVY_RUNS: z.coerce.number('must be a number of runs').int().min(1).max(16).default(1),
}

/** How many heavy runs may be going on at a server at the same time. Errors: throws on a wrong setting; the launcher has told of it before. */
export const heavyRuns = (): number =>
  z.object(heavySettings).parse({ PROCTOR_HEAVY_RUNS: process.env.PROCTOR_HEAVY_RUNS || undefined }).PROCTOR_HEAVY_RUNS
