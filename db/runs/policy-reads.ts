import { latestMeasurements } from '../console/health-checks'
import type { PolicyRule } from '../domain/policy-rule'
import { indexPast } from '../history/index-first-seen'
import { indexHealth } from '../indexes/index-health'
import { type AgedView, type Candidate, candidatesOf, nameOf, type PolicyReads, readsOf } from '../maintenance/policies'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { materializedViews } from '../tables/reads/materialized-views'
import { readTableFindings } from '../tables/table-health'
import { ageOf, viewRefreshes } from './view-refreshes'

/** What a rule applies to now, the largest gain first. Errors: as the reads of indexes and tables. */
export async function readCandidates(target: Target, rule: PolicyRule): Promise<Result<Candidate[]>> {
  const reads = await READS[readsOf(rule)](target)
  return reads.ok ? ok(candidatesOf(rule, { indexes: [], tables: [], views: [], ...reads.value })) : reads
}

const READS: { [K in keyof PolicyReads]: (target: Target) => Promise<Result<Partial<PolicyReads>>> } = {
  indexes: async (target) => {
    const { serverId, database } = target
    const known = await Promise.all([latestMeasurements(serverId, database), indexPast(serverId, database)])
    const health = await indexHealth(target, ...known)
    return health.ok ? ok({ indexes: health.value.findings }) : health
  },
  tables: async (target) => {
    const tables = await readTableFindings(target)
    return tables.ok ? ok({ tables: tables.value }) : tables
  },
  views: async (target) => {
    const [rows, refreshes] = await Promise.all([runRead(target, materializedViews, {}), viewRefreshes(target.serverId, target.database)])
    if (!rows.ok) return rows
    const views = rows.value.map((view): AgedView => {
      const age = ageOf(view, refreshes.get(nameOf(view)))
      const { relid, schemaname, relname, bytes, populated, refresh_index: refreshIndex, skipped } = view
      const ageSeconds = age && Math.max(0, Math.round((Date.now() - age.at) / 1000))
      return { relid, schemaname, relname, bytes, populated, refreshIndex, skipped, ageSeconds }
    })
    return ok({ views })
  },
}
