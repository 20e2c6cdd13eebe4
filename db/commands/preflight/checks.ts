import { ok } from '../../server/problem'
import type { PreflightCheck } from '../define-command'
import type { RelationFacts } from '../facts/load'
import { shutsOut } from '../work'
import { brokenMinor, concurrentRefused, temporary } from './concurrent-build'
import { pace } from './every-run'
import { freeDisk } from './free-disk'
import { leftovers } from './leftovers'
import { longTransactions } from './long-transactions'
import { otherWork, tableInUse } from './other-work'
import { prepared } from './prepared'
import { privilege } from './privilege'
import { searchPath } from './search-path'
import { slots } from './slots'
import { snapshots } from './snapshots'
import { standby } from './standby'

/** The checks by command, in the order in which lines of the same weight are read. */
type Checks = PreflightCheck<RelationFacts>[]

export const REINDEX_CHECKS: Checks = [
  standby,
  searchPath,
  brokenMinor,
  concurrentRefused,
  temporary,
  longTransactions,
  leftovers,
  otherWork,
  tableInUse,
  prepared,
  slots,
  freeDisk,
  pace('maintenance_work_mem'),
  privilege('may_maintain'),
]

/** Only FULL writes a second copy. */
const freeDiskForRewrite: PreflightCheck<RelationFacts> = async (target, facts, plan) =>
  shutsOut(plan) ? freeDisk(target, facts, plan) : ok(null)

export const VACUUM_CHECKS: Checks = [
  standby,
  searchPath,
  temporary,
  snapshots,
  otherWork,
  tableInUse,
  slots,
  freeDiskForRewrite,
  pace('vacuum_cost_delay', 'maintenance_work_mem'),
  privilege('may_vacuum'),
]

export const ANALYZE_CHECKS: Checks = [standby, searchPath, temporary, otherWork, pace('vacuum_cost_delay'), privilege('may_vacuum')]

export const DROP_CHECKS: Checks = [standby, longTransactions, otherWork, prepared, privilege('may_drop')]
