import { cacheHitFallen } from '../databases/checks/cache-hit-fallen'
import { checksumsFailed } from '../databases/checks/checksum-failures'
import { deadlocks } from '../databases/checks/deadlocks'
import { multixactMembersFull } from '../databases/checks/multixact-members-full'
import { multixactWraparound } from '../databases/checks/multixact-wraparound'
import { statisticsYoung } from '../databases/checks/statistics-young'
import { tempFiles } from '../databases/checks/temp-files'
import { transactionWraparound } from '../databases/checks/transaction-wraparound'
import { extensionOutdated } from '../extensions/checks/extension-outdated'
import { collationVersion } from '../indexes/checks/collation-version'
import { foreignKeyWithoutIndex } from '../indexes/checks/foreign-key-without-index'
import { indexBloated } from '../indexes/checks/index-bloated'
import { indexInvalid } from '../indexes/checks/index-invalid'
import { indexLeftover } from '../indexes/checks/index-leftover'
import { indexRedundant } from '../indexes/checks/index-redundant'
import { indexUnused } from '../indexes/checks/index-unused'
import { policyStopped } from '../maintenance/checks/policy-stopped'
import { passwordExpires } from '../privileges/checks/password-expires'
import { passwordNotScram } from '../privileges/checks/password-not-scram'
import { schemaOpen } from '../privileges/checks/schema-open'
import { superuserApplication } from '../privileges/checks/superuser-application'
import { missingSecurityFixes } from '../releases/checks/missing-security-fixes'
import { checksumsOff } from '../replication/checks/checksums-off'
import { REPLICATION_CHECKS } from '../replication/replication'
import { blockedSessions } from '../sessions/checks/blocked-sessions'
import { idleInTransaction } from '../sessions/checks/idle-in-transaction'
import { longTransaction } from '../sessions/checks/long-transaction'
import { nearConnectionLimit } from '../sessions/checks/near-connection-limit'
import { nearMaxConnections } from '../sessions/checks/near-max-connections'
import { preparedTransaction } from '../sessions/checks/prepared-transaction'
import { xminHeld } from '../sessions/checks/xmin-held'
import { fsyncOff } from '../settings/checks/fsync-off'
import { fullPageWritesOff } from '../settings/checks/full-page-writes-off'
import { logSettingsOff } from '../settings/checks/log-settings-off'
import { settingsFile } from '../settings/checks/settings-file'
import { settingsPendingRestart } from '../settings/checks/settings-pending-restart'
import { statementSlower } from '../statements/checks/statement-slower'
import { statementSpills } from '../statements/checks/statement-spills'
import { statementsUnseen } from '../statements/checks/statements-unseen'
import { diskFullForecast } from '../storage/checks/disk-full-forecast'
import { growthFaster } from '../storage/checks/growth-faster'
import { orphanFilesFound } from '../storage/checks/orphan-files'
import { autovacuumOff } from '../tables/checks/autovacuum-off'
import { constraintNotValid } from '../tables/checks/constraint-not-valid'
import { deadRows } from '../tables/checks/dead-rows'
import { defaultPartitionFilled } from '../tables/checks/default-partition-filled'
import { partitionMissing } from '../tables/checks/partition-missing'
import { primaryKeyMissing } from '../tables/checks/primary-key-missing'
import { replicaIdentityMissing } from '../tables/checks/replica-identity-missing'
import { sequenceNearEnd } from '../tables/checks/sequence-near-end'
import { tableBloated } from '../tables/checks/table-bloated'
import { tableUncounted } from '../tables/checks/table-uncounted'
import { triggerDisabled } from '../tables/checks/trigger-disabled'
import { unloggedTable } from '../tables/checks/unlogged-table'
import type { Check } from './define-check'

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
  nearConnectionLimit,
  deadlocks,
  ...REPLICATION_CHECKS,
  tempFiles,
  cacheHitFallen,
  checksumsFailed,
  checksumsOff,
  statementSlower,
  statementSpills,
  statementsUnseen,
  deadRows,
  tableUncounted,
  tableBloated,
  orphanFilesFound,
  diskFullForecast,
  growthFaster,
  statisticsYoung,
  missingSecurityFixes,
  transactionWraparound,
  multixactWraparound,
  multixactMembersFull,
  autovacuumOff,
  sequenceNearEnd,
  fsyncOff,
  fullPageWritesOff,
  logSettingsOff,
  settingsFile,
  settingsPendingRestart,
  primaryKeyMissing,
  replicaIdentityMissing,
  unloggedTable,
  constraintNotValid,
  triggerDisabled,
  partitionMissing,
  defaultPartitionFilled,
  schemaOpen,
  passwordExpires,
  passwordNotScram,
  superuserApplication,
  extensionOutdated,
  policyStopped,
  preparedTransaction,
]

export const findCheck = (name: string): Check | undefined => CHECKS.find((check) => check.name === name)
