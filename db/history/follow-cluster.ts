import { noteCluster } from '../console/note-cluster'
import type { ClusterIdentity } from '../server/cluster'
import { forgetFacts } from '../server/facts'
import { forgetReads } from '../server/run-read'
import type { Query } from './console-session'
import { forgetValues, type KnownCluster, newMemory, noteEvent, type Place } from './memory'
import { rewind } from './rewind'
import { rollUp } from './roll-up'

const DAY_MS = 86_400_000

/**
 * Lets the series follow the cluster that has just answered. Another system identifier closes it and begins a new one, or goes on with a
 * former one of that cluster; all that was remembered is forgotten. The same one on another timeline, or another server of the same cluster,
 * counts by itself: deltas begin anew, settings and names go on.
 */
export async function followCluster(place: Place, seen: ClusterIdentity): Promise<void> {
  const { cluster: known } = place
  const now: KnownCluster = { ...seen, timeline: timelineOf(known, seen), version: shortVersion(seen.version) }
  await noteCluster(place.serverId, seen)
  if (known.version !== now.version && known.version !== null) {
    forgetFacts()
    forgetReads()
  }
  if (known.systemIdentifier !== null && known.systemIdentifier !== now.systemIdentifier) return changeSeries(place, now)
  if (isSame(known, now)) return
  const first = known.systemIdentifier === null
  const another = !first && (known.timeline !== now.timeline || known.inRecovery !== now.inRecovery) && !followsPrimary(known, now)
  await place.session.transaction(async (query) => {
    await keepCluster(query, place.no, now)
    if (first) return
    if (another && !now.inRecovery) await noteEvent(query, place, 'promotion', place.now(), promotionWords(known, now))
    if (known.version !== now.version) await noteEvent(query, place, 'upgrade', place.now(), upgradeWords(known, now))
  })
  place.cluster = now
  if (another) forgetValues(place)
}

async function changeSeries(place: Place, now: KnownCluster): Promise<void> {
  const { serverId, no: before, cluster: known } = place
  const at = place.now()
  const no = await place.session.transaction(async (query) => {
    // Its last buckets will not grow any more, unless it goes on within them; rewind() takes them back then.
    await rollUp(query, before, new Date(Math.ceil(at.getTime() / DAY_MS) * DAY_MS))
    await query(
      'update sampled_server set current = false, failures = 0, failing_since = null, retry_at = null, problem = null where no = $1',
      [before],
    )
    const { rows } = await query<{ no: number; version: string | null }>(
      `insert into sampled_server (server_id, system_identifier) values ($1, $2)
       on conflict (server_id, system_identifier) do update set current = true returning no, version`,
      [serverId, now.systemIdentifier],
    )
    const { no } = rows[0] as (typeof rows)[number]
    await rewind(query, no, at)
    await keepCluster(query, no, now)
    const there = { ...place, no }
    await noteEvent(query, there, 'another cluster', at, anotherWords(known, now))
    if (majorOf(now) > majorOf(known)) await noteEvent(query, there, 'upgrade', at, upgradeWords(known, now))
    return no
  })
  Object.assign(place, { no, cluster: now, memory: newMemory() } satisfies Partial<Place>)
}

const keepCluster = (query: Query, no: number, { systemIdentifier, timeline, inRecovery, version }: KnownCluster) =>
  query('update sampled_server set system_identifier = $2, timeline = $3, in_recovery = $4, version = $5 where no = $1', [
    no,
    systemIdentifier,
    timeline,
    inRecovery,
    version,
  ])

/** A standby tells the timeline of its last restartpoint, which may be long ago: it is not believed to go back. */
const timelineOf = ({ timeline }: KnownCluster, seen: ClusterIdentity): number =>
  seen.inRecovery ? Math.max(timeline ?? 0, seen.timeline) : seen.timeline

/** A standby that now follows a primary on a later timeline: what it counts goes on. */
const followsPrimary = (known: KnownCluster, now: KnownCluster): boolean => known.inRecovery === true && now.inRecovery === true

const isSame = (known: KnownCluster, now: KnownCluster): boolean =>
  known.systemIdentifier === now.systemIdentifier &&
  known.timeline === now.timeline &&
  known.inRecovery === now.inRecovery &&
  known.version === now.version

/** 18.4 (Debian 18.4-1.pgdg120+1) → 18.4 */
const shortVersion = (version: string): string => version.split(' ')[0] ?? version

const majorOf = ({ version }: KnownCluster): number => Number.parseInt(version ?? '', 10)

const promotionWords = (known: KnownCluster, now: KnownCluster): string =>
  known.timeline === now.timeline
    ? `No longer a standby, on timeline ${now.timeline}`
    : (now.timeline ?? 0) > (known.timeline ?? 0)
      ? `Promoted: timeline ${known.timeline} → ${now.timeline}`
      : `Timeline ${known.timeline} → ${now.timeline}: a server of the same cluster answers that was not promoted`

const upgradeWords = (known: KnownCluster, now: KnownCluster): string => `PostgreSQL ${known.version} → ${now.version}`

const namedCluster = ({ systemIdentifier, version }: KnownCluster): string =>
  `${systemIdentifier}${version === null ? '' : ` (PostgreSQL ${version})`}`

const anotherWords = (known: KnownCluster, now: KnownCluster): string =>
  `Another cluster answers: system identifier ${namedCluster(now)} in place of ${namedCluster(known)}`
