import type { statisticsWindow } from '../databases/reads/statistics-window'
import { formatSpan } from '../domain/format'
import type { Row } from '../server/define-read'
import type { Problem, Result } from '../server/problem'

export type StatisticsWindow = Row<typeof statisticsWindow>

export interface Scans {
  scans: bigint
  /** ISO 8601; null: never, or before 16. */
  last: string | null
}

/** A server of the cluster as it answered. */
export interface AskedServer {
  /** null: the one that is looked at. */
  name: string | null
  window: StatisticsWindow
  /** When it was promoted to its timeline; a problem: that cannot be told. Only of a primary beyond timeline 1. */
  promoted: Result<string | null> | null
  /** Scans by index; of the server that is looked at the rows of its indexes tell. */
  scans: Map<number, Scans>
}

/** Why nothing, or one index, cannot be called unused, and what would lift that. */
export interface Withheld {
  /** A clause: statistics are 3 hours old, 35 days are needed. */
  reason: string
  /** A sentence; null: nothing but time. */
  remedy: string | null
  /** When time alone will have settled it, at the earliest; ISO 8601. */
  settles: string | null
}

/** What the counters of a cluster know together. */
export interface CountedUse {
  /** ms since the epoch, by the clock of the server that is looked at. */
  now: number
  /** Since when every server of the cluster counts; ms since the epoch. */
  since: number
  /** What begins then, as a clause with so many seconds: "statistics are 3 hours old". */
  began: (seconds: number) => string
  withheld: Withheld | null
  /** Scans on the other servers. */
  elsewhere: Map<number, Scans>
  /** How many servers were asked. */
  servers: number
}

const withheldBy = (reason: string, remedy: string | null = null): Withheld => ({ reason, remedy, settles: null })

/**
 * Sums up what the servers of a cluster count. Pure. The time that counts begins with the last of them to begin: where statistics were
 * reset or lost, and where a standby became the primary, for whose work before that only the former one had counters.
 */
export function countedUse(asked: AskedServer[], unreachable: { name: string; problem: Problem }[], addPeers: string): CountedUse {
  const [own] = asked
  if (!own) throw new Error('The server itself is always asked')
  // One server under two names counts once.
  const servers = asked.filter((one, at) => asked.findIndex(({ window }) => window.started === one.window.started) === at)
  let since = Number.NEGATIVE_INFINITY
  let began: CountedUse['began'] = () => ''
  const beginsAt = (at: string, words: CountedUse['began']) => {
    if (Date.parse(at) <= since) return
    since = Date.parse(at)
    began = words
  }
  for (const { name, window, promoted } of servers) {
    const of = name === null ? '' : ` of ${name}`
    beginsAt(window.stats_reset ?? window.stats_since, (seconds) => `statistics${of} are ${formatSpan(seconds)} old`)
    if (promoted?.ok && promoted.value !== null)
      beginsAt(
        promoted.value,
        (seconds) => `${name ?? 'this server'} was promoted ${formatSpan(seconds)} ago and has no earlier statistics`,
      )
  }
  return {
    now: Date.parse(own.window.server_now),
    since,
    began,
    withheld: whyWithheld(servers, unreachable, addPeers),
    elsewhere: summed(servers.slice(1)),
    servers: servers.length,
  }
}

function whyWithheld(servers: AskedServer[], unreachable: { name: string; problem: Problem }[], addPeers: string): Withheld | null {
  const called = (name: string | null) => name ?? 'this server'
  const uncounted = servers.find(({ window }) => !window.track_counts)
  if (uncounted)
    return withheldBy(
      `track_counts is off on ${called(uncounted.name)}, or for a role or database of it`,
      'Scans are counted once it is on.',
    )
  const [away] = unreachable
  if (away) return withheldBy(`${away.name} of the same cluster cannot be asked (${away.problem.message})`, 'Its scans count too.')
  if (servers.every(({ window }) => window.in_recovery))
    return withheldBy('this is a standby: the primary may use it', `Look at the primary. ${addPeers}`)
  const seen = servers.reduce((sum, { window }) => sum + window.standbys, 0)
  const known = servers.filter(({ window }) => window.in_recovery && window.receives).length
  if (seen > known) {
    const unknown = seen - known
    const which = unknown === 1 ? 'a connected standby was not read' : `${unknown} connected standbys were not read`
    return withheldBy(`${which}: queries there may use it`, addPeers)
  }
  for (const { name, window, promoted } of servers) {
    if (promoted === null || (promoted.ok && promoted.value !== null)) continue
    const remedy = promoted.ok ? 'Its history file is gone from pg_wal.' : (promoted.problem.fix ?? promoted.problem.message)
    return withheldBy(`${called(name)} was promoted to timeline ${window.timeline}, at an unknown time`, remedy)
  }
  return null
}

function summed(others: AskedServer[]): Map<number, Scans> {
  const sum = new Map<number, Scans>()
  for (const { scans } of others) for (const [oid, found] of scans) sum.set(oid, addScans(sum.get(oid), found))
  return sum
}

/** Both together: the sum, and the later last scan. */
export const addScans = (one: Scans = { scans: 0n, last: null }, other: Scans = { scans: 0n, last: null }): Scans => ({
  scans: one.scans + other.scans,
  last: (one.last ?? '') > (other.last ?? '') ? one.last : other.last,
})
