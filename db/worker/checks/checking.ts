import { setTimeout as sleep } from 'node:timers/promises'
import { consoleDoubt } from '../../console/console-id'
import { log } from '../../console/log'
import { listServers } from '../../console/servers'
import { openAsks } from '../../findings/ask-look'
import { passes } from '../../runs/patient'
import { readSamplingSettings } from '../sampling/sampling-settings'
import { openChecker } from './checker'

const TICK_MS = 1_000
/** How often servers that were added or removed are noticed. */
const SERVERS_EVERY_MS = 10_000
/** A fleet is looked at a few servers at a time: the looks spread over the time that is between two, and stay spread. */
const SERVERS_AT_ONCE = 4
/** When a server that another worker looks at, or at which something went wrong, is tried again, ms. */
const AGAIN_MS = 15_000

export interface Checking {
  stop: () => Promise<void>
}

/** Lets the checks look at every server: when they are due, or only when somebody asks where sampling is off. */
export function startChecking(): Checking {
  const { on } = readSamplingSettings()
  const checker = openChecker({ onlyAsked: !on })
  const stopping = new AbortController()
  const busy = new Map<string, Promise<void>>()
  const notBefore = new Map<string, number>()
  /** Where something of our own went wrong: whoever asks waits too. */
  const resting = new Map<string, number>()
  let servers: string[] = []

  const look = (serverId: string): void => {
    const work = checker
      .turn(serverId)
      .then((next) => void notBefore.set(serverId, next ?? Date.now() + AGAIN_MS))
      .catch((error) => {
        // The worker's door: one server's fault is not the next one's, and the console database comes back.
        if (!passes(error)) log().error({ err: error, server: serverId }, 'checks of a server')
        resting.set(serverId, Date.now() + AGAIN_MS)
      })
      .finally(() => busy.delete(serverId))
    busy.set(serverId, work)
  }

  async function tick(): Promise<void> {
    const now = Date.now()
    const asked = new Set((await openAsks()).map(({ serverId }) => serverId))
    const isDue = (id: string) => !busy.has(id) && (resting.get(id) ?? 0) <= now && (asked.has(id) || (notBefore.get(id) ?? 0) <= now)
    const due = servers
      .filter(isDue)
      .sort((a, b) => Number(asked.has(b)) - Number(asked.has(a)) || (notBefore.get(a) ?? 0) - (notBefore.get(b) ?? 0))
    for (const serverId of due.slice(0, Math.max(0, SERVERS_AT_ONCE - busy.size))) look(serverId)
  }

  const going = (async () => {
    for (let listedAt = 0; !stopping.signal.aborted; ) {
      try {
        if (performance.now() - listedAt >= SERVERS_EVERY_MS || servers.length === 0) {
          servers = (await consoleDoubt()) ? [] : (await listServers()).map(({ id }) => id)
          listedAt = performance.now()
        }
        await tick()
      } catch (error) {
        if (!passes(error)) log().error({ err: error }, 'checks')
      }
      await sleep(TICK_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })()

  return {
    stop: async () => {
      stopping.abort()
      await going
      // What is on its way ends by the time-outs of its reads; another worker takes the server when its hold has run out.
      await Promise.race([Promise.all(busy.values()), sleep(2_000, undefined, { ref: false })])
    },
  }
}
