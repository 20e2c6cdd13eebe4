import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { ClusterIdentity } from '../server/cluster'
import { writeAudit } from './audit'
import { consoleDb } from './client'
import { PROCTOR } from './roles'
import { healthCheck, indexMeasurement, server } from './schema'
import { present } from './servers'
import type { ConsoleWriter } from './writer'

/**
 * What a look at a server's identity has shown against its record. adopted: the first one seen. returned: the address leads to the recorded
 * cluster again. timeline: the same cluster, promoted or recovered since. standby, primary: it has become one. other: another cluster.
 * gone: no such server.
 */
export type Noted = 'same' | 'adopted' | 'returned' | 'timeline' | 'standby' | 'primary' | 'other' | 'gone'

type Seen = Pick<ClusterIdentity, 'systemIdentifier' | 'timeline' | 'inRecovery'>

/**
 * Writes down which cluster a server's address leads to, for whoever has just looked. The first one is adopted; another one is noted beside the
 * record, which only an administrator changes. What was not noted before has a line in the audit, once, whoever else looks at the same moment.
 * `recorded`: the identifier that the record has from now on.
 */
export async function noteCluster(serverId: string, seen: Seen): Promise<{ noted: Noted; recorded: string | null }> {
  const known = await recordOf(serverId, consoleDb())
  if (!known) return { noted: 'gone', recorded: null }
  const change = changeOf(known, seen)
  if (!change.patch) return { noted: change.noted, recorded: known.systemIdentifier }
  return consoleDb().transaction((tx) => note(serverId, seen, tx))
}

/** Notes that a recorded identifier may not be read any more; whether one is recorded. */
export async function noteUnknown(serverId: string): Promise<boolean> {
  const known = await recordOf(serverId, consoleDb())
  if (!known?.systemIdentifier || known.unknownSince) return Boolean(known?.systemIdentifier)
  await consoleDb().transaction(async (tx) => {
    const recorded = and(present(serverId), isNull(server.unknownSince), isNotNull(server.systemIdentifier))
    const noted = await tx.update(server).set({ unknownSince: NOW }).where(recorded).returning({ id: server.id })
    if (noted.length > 0) await writeAudit({ by: PROCTOR, action: 'cluster.unknown', serverId, detail: { recorded: known } }, tx)
  })
  return true
}

const NOW = sql`clock_timestamp()`

const recordOf = async (serverId: string, db: ConsoleWriter) => {
  const { systemIdentifier, timeline, otherIdentifier, standbySince, unknownSince } = server
  const columns = { systemIdentifier, timeline, otherIdentifier, standbySince, unknownSince }
  return (await db.select(columns).from(server).where(present(serverId)))[0]
}

type Known = NonNullable<Awaited<ReturnType<typeof recordOf>>>

interface Change {
  noted: Exclude<Noted, 'gone'>
  /** Left out: the record says so already. */
  patch?: PgUpdateSetSource<typeof server>
}

function changeOf(known: Known, seen: Seen): Change {
  const { systemIdentifier, timeline, inRecovery } = seen
  // Connections to what stood there before are closed by every process: see serverTarget.
  const moved = { changedAt: NOW, unknownSince: null }
  const standbySince = inRecovery ? NOW : null
  if (known.systemIdentifier === null) return { noted: 'adopted', patch: { systemIdentifier, timeline, standbySince } }
  if (known.systemIdentifier !== systemIdentifier) {
    if (known.otherIdentifier === systemIdentifier) return { noted: 'other' }
    return { noted: 'other', patch: { otherIdentifier: systemIdentifier, otherSince: NOW, ...moved } }
  }
  // A standby's control file tells the timeline of its last restartpoint, which says nothing about the primary.
  const now = inRecovery ? {} : { timeline }
  if (known.otherIdentifier !== null)
    return { noted: 'returned', patch: { otherIdentifier: null, otherSince: null, standbySince, ...now, ...moved } }
  if (!inRecovery && known.timeline !== timeline) return { noted: 'timeline', patch: { timeline, standbySince, ...moved } }
  if (inRecovery !== (known.standbySince !== null)) return { noted: inRecovery ? 'standby' : 'primary', patch: { standbySince, ...moved } }
  return { noted: 'same', ...(known.unknownSince && { patch: { unknownSince: null } }) }
}

async function note(serverId: string, seen: Seen, tx: ConsoleWriter): Promise<{ noted: Noted; recorded: string | null }> {
  await tx.execute(sql`select from ${server} where ${server.id} = ${serverId} for update`)
  const known = await recordOf(serverId, tx)
  if (!known) return { noted: 'gone', recorded: null }
  const { noted, patch } = changeOf(known, seen)
  const recorded = known.systemIdentifier ?? seen.systemIdentifier
  if (!patch) return { noted, recorded }
  await tx.update(server).set(patch).where(eq(server.id, serverId))
  const { systemIdentifier, timeline, inRecovery } = seen
  if (noted === 'adopted') {
    // What was measured before anybody asked is of the cluster that was there.
    for (const table of [healthCheck, indexMeasurement])
      await tx
        .update(table)
        .set({ systemIdentifier })
        .where(and(eq(table.serverId, serverId), isNull(table.systemIdentifier)))
  }
  const detail = { recorded: known, seen: { systemIdentifier, timeline, inRecovery } }
  await writeAudit({ by: PROCTOR, action: ACTIONS[noted], serverId, detail }, tx)
  return { noted, recorded }
}

const ACTIONS: Record<Exclude<Noted, 'gone'>, string> = {
  same: 'cluster.known-again',
  adopted: 'cluster.seen-first',
  other: 'cluster.another-answers',
  returned: 'cluster.answers-again',
  timeline: 'cluster.promoted',
  standby: 'cluster.is-standby',
  primary: 'cluster.is-primary',
}
