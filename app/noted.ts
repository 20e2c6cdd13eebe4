import { writeAudit } from '@/db/console/audit'
import type { By } from '@/db/console/roles'
import type { Result } from '@/db/server/problem'

/** What somebody asked a server for, or took out of the console. */
interface Asked {
  by: By
  action: string
  serverId?: string
  database?: string
  detail?: Record<string, unknown>
}

/**
 * Writes down that somebody had Proctor reach out to a server or took data out, with what came of it, and hands the result on:
 * nothing leaves without its line. `came`: what is worth keeping of a result, never the data itself.
 */
export async function noted<T>(
  asked: Asked,
  result: Result<T>,
  came: (value: T) => Record<string, unknown> = () => ({}),
): Promise<Result<T>> {
  const outcome = result.ok ? came(result.value) : { problem: result.problem.message }
  await writeAudit({ ...asked, detail: { ...asked.detail, ...outcome } })
  return result
}
