import { ok } from '../../server/problem'
import { line, type PreflightCheck } from '../define-command'
import type { RelationFacts } from '../facts/load'

/**
 * 14.0 to 14.3: CREATE INDEX and REINDEX CONCURRENTLY could silently build corrupt indexes
 * (bug 17485; release notes of 14.4, https://www.postgresql.org/docs/release/14.4/).
 */
export const brokenMinor: PreflightCheck = async (_target, { server }, plan) => {
  if (plan.form !== 'concurrently' || server.versionNum < 140_000 || server.versionNum >= 140_004) return ok(null)
  return ok({
    name: 'version',
    status: 'stop',
    title: `PostgreSQL ${server.version} can build corrupt indexes`,
    detail: 'CONCURRENTLY could miss rows in 14.0 to 14.3 (bug 17485). Update to the newest minor release first.',
  })
}

/** What CONCURRENTLY refuses by itself (manual: REINDEX, Rebuilding Indexes Concurrently). */
export const concurrentRefused: PreflightCheck<RelationFacts> = async (_target, { facts }, plan) => {
  if (plan.form !== 'concurrently') return ok(null)
  const stop = (title: string, detail: string) => line('concurrently', 'stop', title, detail)
  if (facts.catalog)
    return stop('A system catalog', 'PostgreSQL does not rebuild system catalogs with CONCURRENTLY. Choose the plain form.')
  if (facts.temporary) return stop('A temporary table', 'It belongs to another session, which alone can maintain it.')
  if (facts.indisexclusion)
    return stop('The index of an exclusion constraint', 'PostgreSQL does not rebuild it with CONCURRENTLY. Choose the plain form.')
  return ok(null)
}

/** Temporary tables belong to their session. */
export const temporary: PreflightCheck<RelationFacts> = async (_target, { facts }, plan) =>
  ok(
    facts.temporary && plan.form !== 'concurrently'
      ? {
          name: 'temporary',
          status: 'stop',
          title: 'A temporary table',
          detail: 'It belongs to another session, which alone can maintain it.',
        }
      : null,
  )
