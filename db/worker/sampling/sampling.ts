import { setTimeout as sleep } from 'node:timers/promises'
import { consoleDoubt } from '../../console/console-id'
import { log } from '../../console/log'
import { listServers } from '../../console/servers'
import { NEVER } from '../../history/memory'
import { passes } from '../../runs/patient'
import { openSampler, type Sampler } from './sampler'
import { readSamplingSettings } from './sampling-settings'

const TICK_MS = 1_000
/** How often servers that were added or removed are noticed, and partitions looked after. */
const SERVERS_EVERY_MS = 10_000
const HOUSEKEEPING_EVERY_MS = 3_600_000
const AGAIN_MS = 5_000
/** How often a worker says that it is awake. */
const BEAT_EVERY_MS = 10_000

export interface Sampling {
  stop: () => Promise<void>
}

/**
 * Samples every server that no other worker samples, each in a loop of its own: one that is slow or dead holds up no other.
 * When the console database goes away it begins anew as soon as that is back.
 */
export function startSampling(): Sampling {
  const settings = readSamplingSettings()
  const stopping = new AbortController()
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined)
  const going = (async () => {
    while (settings.on && !stopping.signal.aborted) {
      try {
        await sampleUntilEnd(await openSampler(settings), stopping.signal, pause)
      } catch (error) {
        if (!passes(error)) log().error({ err: error }, 'sampling')
      }
      await pause(AGAIN_MS)
    }
  })()
  return {
    stop: async () => {
      stopping.abort()
      await going
    },
  }
}

async function sampleUntilEnd(sampler: Sampler, stopping: AbortSignal, pause: (ms: number) => Promise<void>): Promise<void> {
  const busy = new Map<string, Promise<unknown>>()
  let over = false
  let fault: unknown
  sampler.ended.then(() => {
    over = true
  })
  const turn = (serverId: string) => {
    const work = sampler
      .turn(serverId)
      .catch((error) => {
        // The worker's door: a bug at one server is told and ends nothing; a lost console database ends this round.
        if (passes(error)) over = true
        else log().error({ err: error, server: serverId }, 'sampling a server')
        fault = error
      })
      .finally(() => busy.delete(serverId))
    busy.set(serverId, work)
  }
  let servers: string[] = []
  let [listedAt, keptAt, beatAt] = [NEVER, NEVER, NEVER]
  try {
    while (!over && !stopping.aborted) {
      const now = performance.now()
      if (now - keptAt >= HOUSEKEEPING_EVERY_MS) {
        keptAt = now
        await sampler.housekeeping()
      }
      if (now - listedAt >= SERVERS_EVERY_MS) {
        listedAt = now
        servers = (await consoleDoubt()) ? [] : (await listServers()).map(({ id }) => id)
        await sampler.keepOnly(servers.concat(...busy.keys()))
      }
      if (now - beatAt >= BEAT_EVERY_MS) {
        beatAt = now
        await sampler.beat()
      }
      for (const serverId of servers) if (!busy.has(serverId)) turn(serverId)
      await pause(TICK_MS)
    }
  } finally {
    // What is on its way ends by the time-outs of its reads; what it would write meets a closed session.
    await Promise.race([Promise.all(busy.values()), sleep(2_000, undefined, { ref: false })])
    await sampler.close()
  }
  if (fault && passes(fault)) throw fault
}
