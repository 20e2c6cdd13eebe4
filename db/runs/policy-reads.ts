import { latestMeasurements } from '../console/health-checks'
import type { PolicyRule } from '../domain/policy-rule'
import { indexPast } from '../history/index-first-seen'
import { indexHealth } from '../indexes/index-health'
import { type Candidate, candidatesOf, type PolicyReads, readsOf } from '../maintenance/policies'
import { ok, type Result } from '../server/problem'
import type { Target } from '../server/target'
import { readTableFindings } from '../tables/table-health'

/** What a rule applies to now, the largest gain first. Errors: as the reads of indexes and tables. */
export async function readCandidates(target: Target, rule: PolicyRule): Promise<Result<Candidate[]>> {
  const reads = await READS[readsOf(rule)](target)
  return reads.ok ? ok(candidatesOf(rule, { indexes: [], tables: [], ...reads.value })) : reads
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
}
