import type { Command } from 'commander'
import { UNUSED_AFTER_DAYS, UNUSED_AFTER_LEAST, UNUSED_AFTER_MOST } from '../db/domain/unused-after'
import { type IndexPast, type Peer, UNWATCHED } from '../db/indexes/index-past'
import { askCluster } from '../db/server/ask-cluster'
import { failed, ok } from '../db/server/problem'
import { inDatabase, type Target } from '../db/server/target'
import { reachTarget } from '../db/server/target-url'

/** What the command line says of indexes that the server cannot tell. */
export interface IndexOptions {
  indexesOlderThan?: string
  unusedAfter?: string
  standby?: string[]
}

export const indexOptions = (command: Command): Command =>
  command
    .option('--indexes-older-than <date>', 'you confirm that every index is older than this: 2026-10-01, or with a time and its zone')
    .option('--unused-after <days>', `days without a scan before an index is reported as unused; default: ${UNUSED_AFTER_DAYS}`)
    .option('--standby <address>', 'another server of the same cluster whose scans also count; may be repeated', collect)

const collect = (address: string, so: string[] = []): string[] => [...so, address]

/** What the options say. Throws a sentence about what cannot be. */
export async function indexPastOf(target: Target, { indexesOlderThan, unusedAfter, standby = [] }: IndexOptions): Promise<IndexPast> {
  const peers = standby.length > 0 ? await peersOf(target, standby) : []
  return { ...UNWATCHED, unusedAfter: secondsOf(unusedAfter), vouched: dateOf(indexesOlderThan), peers }
}

function secondsOf(days: string | undefined): number {
  const given = days === undefined ? UNUSED_AFTER_DAYS : Number(days)
  if (!Number.isInteger(given) || given < UNUSED_AFTER_LEAST || given > UNUSED_AFTER_MOST)
    throw new Error(`--unused-after wants ${UNUSED_AFTER_LEAST} to ${UNUSED_AFTER_MOST} days, not "${days}"`)
  return given * 86_400
}

/** A day begins in UTC. A date that the calendar has not, such as 31 February, is none. */
function dateOf(text: string | undefined): string | null {
  if (text === undefined) return null
  const written = /^(\d{4}-\d{2}-\d{2})([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/.exec(text)
  const day = new Date(`${written?.[1]}T00:00:00Z`)
  const time = written?.[2] === undefined ? day : new Date(text.replace(' ', 'T'))
  if (!written || Number.isNaN(time.getTime()) || day.toISOString().slice(0, 10) !== written[1])
    throw new Error(`--indexes-older-than wants a date such as 2026-10-01 or 2026-10-01T08:00:00Z, not "${text}"`)
  if (time.getTime() > Date.now()) throw new Error(`--indexes-older-than wants a past date: ${text} is in the future`)
  return time.toISOString()
}

async function peersOf(target: Target, addresses: string[]): Promise<Peer[]> {
  const own = await askCluster(target)
  if (!own.ok) throw new Error(own.problem.message)
  const cluster = own.value
  if (!cluster) throw new Error('Whether --standby is of the same cluster is not known: the role may not read the system identifier')
  return Promise.all(
    addresses.map(async (address, at): Promise<Peer> => {
      const reached = await reachTarget(`command-line-standby-${at + 1}`, address)
      const peer = { ...inDatabase(reached, target.database), cluster: { systemIdentifier: cluster.systemIdentifier } }
      const name = `${peer.host}:${peer.port}`
      const found = await askCluster(reached)
      if (!found.ok) return { name, target: found }
      const same = found.value?.systemIdentifier === cluster.systemIdentifier
      return { name, target: same ? ok(peer) : failed('conflict', 'it belongs to another cluster, or does not report which') }
    }),
  )
}
