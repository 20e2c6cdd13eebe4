import { and, desc, eq, inArray } from 'drizzle-orm'
import { createMaterializedViewRequest } from '../commands/create-materialized-view/request'
import { refreshMaterializedViewRequest } from '../commands/refresh-materialized-view/request'
import { consoleDb } from '../console/client'
import { run } from '../console/schema'
import { isOfSeenCluster } from '../console/seen-cluster'
import { nameOf } from '../maintenance/policies'

/** A run that refreshed a view. Moments are ms since 1970. */
export interface ViewRefresh {
  runId: string
  /** The view shows its tables as they were then: a refresh reads with the snapshot of its beginning. */
  startedAt: number
  endedAt: number
  /** Null: it ended well. */
  problem: string | null
}

/** What a view shows, and how that is known. */
export interface ViewAge {
  /** ms since 1970. */
  at: number
  /** run: a run of Proctor. commit: the commit of its row in pg_class (track_commit_timestamp). */
  source: 'run' | 'commit'
  runId: string | null
}

const COMMANDS = [refreshMaterializedViewRequest.command, createMaterializedViewRequest.command]
/** Enough for a month of a view that is refreshed daily, and of some others. */
const MOST = 1_000

/** The runs of a database that refreshed, or failed to refresh, materialized views: by name (nameOf), the newest first. */
export async function viewRefreshes(serverId: string, database: string): Promise<Map<string, ViewRefresh[]>> {
  const rows = await consoleDb()
    .select({ id: run.id, object: run.object, state: run.state, startedAt: run.startedAt, endedAt: run.endedAt, problem: run.problem })
    .from(run)
    .where(
      and(
        eq(run.serverId, serverId),
        eq(run.database, database),
        isOfSeenCluster(run.systemIdentifier, serverId),
        inArray(run.command, COMMANDS),
        inArray(run.state, ['succeeded', 'failed']),
      ),
    )
    .orderBy(desc(run.endedAt))
    .limit(MOST)
  const found = new Map<string, ViewRefresh[]>()
  for (const { id, object, startedAt, endedAt, problem } of rows) {
    if (startedAt === null || endedAt === null) continue
    const one = { runId: String(id), startedAt: startedAt.getTime(), endedAt: endedAt.getTime(), problem: problem?.message ?? null }
    const name = nameOf(object)
    found.set(name, [...(found.get(name) ?? []), one])
  }
  return found
}

/**
 * The newest refresh that is known; null: none is. PostgreSQL keeps no time of a refresh, so what others did without track_commit_timestamp is
 * not seen: the view is then younger than told, never older. Pure.
 */
export function ageOf(view: { populated: boolean; committed_at: string | null }, refreshes: ViewRefresh[] = []): ViewAge | null {
  if (!view.populated) return null
  const last = refreshes.find(({ problem }) => problem === null)
  const committed = view.committed_at === null ? null : Date.parse(view.committed_at)
  if (committed !== null && committed > (last?.endedAt ?? 0)) return { at: committed, source: 'commit', runId: null }
  return last ? { at: last.startedAt, source: 'run', runId: last.runId } : null
}
