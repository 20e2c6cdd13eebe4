import type { Standing } from '@/components/shell/shell-types'
import { serverTarget } from '@/db/console/servers'
import { samplingState } from '@/db/history/state'
import { serverFacts } from '@/db/server/facts'
import { ok, type Result } from '@/db/server/problem'

/** Whether a server answers now, what it says it is, and since when it has not. A server that does not answer is an answer, no problem. */
export async function readStanding(server: string): Promise<Result<Standing>> {
  const target = await serverTarget(server)
  if (!target.ok) return target
  const facts = await serverFacts(target.value)
  if (facts.ok) return ok({ version: facts.value.version, problem: null, since: null })
  const sampling = await samplingState(server)
  return ok({ version: null, problem: facts.problem, since: sampling?.failingSince ?? null })
}
