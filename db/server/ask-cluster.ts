import { type ClusterIdentity, isWithheld, readCluster } from './cluster'
import { look } from './look'
import { ok, problemFrom, type Result } from './problem'
import type { Target } from './target'

/**
 * Which cluster the address of a server leads to, whichever was expected; null where the role may not know. `fresh`: on a connection of
 * its own, as one that is kept may be from before the address led elsewhere.
 * Errors: unreachable and the like.
 */
export async function askCluster(target: Target, { fresh = false }: { fresh?: boolean } = {}): Promise<Result<ClusterIdentity | null>> {
  try {
    return ok(await look({ ...target, cluster: undefined }, (ask) => readCluster(ask), { fresh }))
  } catch (error) {
    return isWithheld(error) ? ok(null) : { ok: false, problem: problemFrom(error) }
  }
}
