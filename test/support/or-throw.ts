import type { Result } from '../../db/server/problem'

/** The value; throws what the problem says. */
export function orThrow<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message)
  return result.value
}
