import { setTimeout as sleep } from 'node:timers/promises'
import { consoleDoubt } from '../console/console-id'
import { log } from '../console/log'
import { isNamedHere } from '../console/servers'
import { passes } from '../runs/patient'
import { serversWithPolicies } from '../runs/policies'
import { stepPolicies } from '../runs/policy-night'

/** Pauses between two looks: while a run of a night is open, the next one follows soon. */
const [LOOK_MS, NIGHT_MS] = [15_000, 2_000]

interface Keeping {
  stopping: AbortSignal
  /** Leaves servers that only the settings of another machine name to the workers there. */
  alone: boolean
}

/** Takes the policies of all servers further until the worker stops. */
export async function keepPolicies({ stopping, alone }: Keeping): Promise<void> {
  while (!stopping.aborted) {
    const soon = await look(alone).catch((error) => {
      if (!passes(error)) log().error({ err: error }, 'looking at policies')
      return false
    })
    await sleep(soon ? NIGHT_MS : LOOK_MS, undefined, { signal: stopping }).catch(() => undefined)
  }
}

/** One server that does not answer keeps none of the others waiting. */
async function look(alone: boolean): Promise<boolean> {
  if (await consoleDoubt()) return false // whose the policies are is not known yet
  const steps = (await serversWithPolicies()).map(async (serverId) => {
    if (alone && !(await isNamedHere(serverId))) return null
    return stepPolicies(serverId).catch((error) => {
      if (!passes(error)) log().error({ err: error, server: serverId }, 'policies of a server')
      return null
    })
  })
  return (await Promise.all(steps)).includes('soon')
}
