import { collationVersion } from '../indexes/checks/collation-version'
import { tableBloated } from '../tables/checks/table-bloated'
import { blockedSessions } from './blocked-sessions'
import { deadRows } from './dead-rows'
import type { Check } from './define-check'
import { foreignKeyWithoutIndex } from './foreign-key-without-index'
import { idleInTransaction } from './idle-in-transaction'
import { indexBloated } from './index-bloated'
import { indexInvalid } from './index-invalid'
import { indexLeftover } from './index-leftover'
import { indexRedundant } from './index-redundant'
import { indexUnused } from './index-unused'
import { longTransaction } from './long-transaction'
import { missingSecurityFixes } from './missing-security-fixes'
import { nearMaxConnections } from './near-max-connections'
import { orphanFilesFound } from './orphan-files'
import { statementSlower } from './statement-slower'
import { statementSpills } from './statement-spills'
import { statementsUnseen } from './statements-unseen'
import { statisticsYoung } from './statistics-young'
import { tableUncounted } from './table-uncounted'
import { xminHeld } from './xmin-held'

/** Every check, by name: the allow-list of the command line and of pages. */
export const CHECKS: readonly Check[] = [
  indexInvalid,
  indexLeftover,
  collationVersion,
  indexRedundant,
  indexUnused,
  indexBloated,
  foreignKeyWithoutIndex,
  blockedSessions,
  longTransaction,
  idleInTransaction,
  xminHeld,
  nearMaxConnections,
  statementSlower,
  statementSpills,
  statementsUnseen,
  deadRows,
  tableUncounted,
  tableBloated,
  orphanFilesFound,
  statisticsYoung,
  missingSecurityFixes,
]

export const findCheck = (name: string): Check | undefined => CHECKS.find((check) => check.name === name)
