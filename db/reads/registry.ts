import { buffercacheSummary } from '../cache/reads/buffercache-summary'
import { cacheSettings } from '../cache/reads/cache-settings'
import { cachedRelations } from '../cache/reads/cached-relations'
import { databaseIo } from '../cache/reads/database-io'
import { ioByBackend } from '../cache/reads/io-by-backend'
import { relationBlocks } from '../cache/reads/relation-blocks'
import { relationIo } from '../cache/reads/relation-io'
import { relationParts } from '../cache/reads/relation-parts'
import { checksumFailures } from '../databases/reads/checksum-failures'
import { countersSample } from '../databases/reads/counters-sample'
import { databaseAges } from '../databases/reads/database-ages'
import { databaseCounters } from '../databases/reads/database-counters'
import { databaseSize } from '../databases/reads/database-size'
import { databases } from '../databases/reads/databases'
import { multixactMembers } from '../databases/reads/multixact-members'
import { statisticsWindow } from '../databases/reads/statistics-window'
import { extensions } from '../extensions/reads/extensions'
import { outdatedExtensions } from '../extensions/reads/outdated-extensions'
import { guideTables } from '../guide/reads/guide-tables'
import { timePartitions } from '../guide/reads/time-partitions'
import { brinRanges } from '../indexes/reads/brin-ranges'
import { checkIndexBloat } from '../indexes/reads/check-index-bloat'
import { collationVersions } from '../indexes/reads/collation-versions'
import { foreignKeyColumns } from '../indexes/reads/foreign-key-columns'
import { foreignKeyIndexes } from '../indexes/reads/foreign-key-indexes'
import { foreignKeys } from '../indexes/reads/foreign-keys'
import { ginPending } from '../indexes/reads/gin-pending'
import { indexBloatByHelper, indexBloatEstimate } from '../indexes/reads/index-bloat-estimate'
import { indexCommitTimes } from '../indexes/reads/index-commit-times'
import { indexDefinitions } from '../indexes/reads/index-definitions'
import { indexDetail } from '../indexes/reads/index-detail'
import { indexGrowth } from '../indexes/reads/index-growth'
import { indexHashStatistics } from '../indexes/reads/index-hash-statistics'
import { indexHealth } from '../indexes/reads/index-health'
import { indexMeasurable } from '../indexes/reads/index-measurable'
import { indexNodes } from '../indexes/reads/index-nodes'
import { indexPageSample } from '../indexes/reads/index-page-sample'
import { indexScans } from '../indexes/reads/index-scans'
import { indexSizes } from '../indexes/reads/index-sizes'
import { indexStatindex } from '../indexes/reads/index-statindex'
import { invalidIndexes } from '../indexes/reads/invalid-indexes'
import { monitorIndexHealth } from '../indexes/reads/monitor-index-health'
import { partitionIndexes } from '../indexes/reads/partition-indexes'
import { promotionTime } from '../indexes/reads/promotion-time'
import { redundantPairs } from '../indexes/reads/redundant-pairs'
import { relationNames } from '../indexes/reads/relation-names'
import { statisticsHelperState } from '../indexes/reads/statistics-helper-state'
import { expiringRoles } from '../privileges/reads/expiring-roles'
import { openSchemas } from '../privileges/reads/open-schemas'
import { passwordKinds } from '../privileges/reads/password-kinds'
import { privileges } from '../privileges/reads/privileges'
import { strongRole } from '../privileges/reads/strong-role'
import { superuserSessions } from '../privileges/reads/superuser-sessions'
import { archiver } from '../replication/reads/archiver'
import { checkpoints } from '../replication/reads/checkpoints'
import { replicationSample } from '../replication/reads/replication-sample'
import { replicationSlots } from '../replication/reads/replication-slots'
import { standbyConflicts } from '../replication/reads/standby-conflicts'
import { standbys } from '../replication/reads/standbys'
import { subscriptions } from '../replication/reads/subscriptions'
import { walActivity } from '../replication/reads/wal-activity'
import { walFiles } from '../replication/reads/wal-files'
import { walReceiver } from '../replication/reads/wal-receiver'
import { walState } from '../replication/reads/wal-state'
import type { Read } from '../server/define-read'
import { activitySample } from '../sessions/reads/activity-sample'
import { connectionLimits } from '../sessions/reads/connection-limits'
import { sessionDetail, sessions } from '../sessions/reads/sessions'
import { fileSettings, roleSettings, settingRights, settings } from '../settings/reads/settings'
import { settingsFileFaults } from '../settings/reads/settings-file-faults'
import { settingsSample } from '../settings/reads/settings-sample'
import { settingsWaiting } from '../settings/reads/settings-waiting'
import { timeZone } from '../settings/reads/time-zone'
import { tuningEvidence } from '../settings/reads/tuning-evidence'
import { explainObjects, searchPathOf } from '../statements/reads/explain-objects'
import { hintRelations } from '../statements/reads/hint-relations'
import { statementSettings, statements, statementsInfo, statementTexts } from '../statements/reads/statements'
import { textDatabases } from '../statements/reads/text-databases'
import { orphanFiles } from '../storage/reads/orphan-files'
import { storageDatabases } from '../storage/reads/storage-databases'
import { dataPlace, storageFiles } from '../storage/reads/storage-files'
import { tableFiles } from '../storage/reads/table-files'
import { tablespaces } from '../storage/reads/tablespaces'
import { walCauses } from '../storage/reads/wal-causes'
import { attachableTables } from '../tables/reads/attachable-tables'
import { autovacuumFormula } from '../tables/reads/autovacuum-formula'
import { autovacuumState } from '../tables/reads/autovacuum-state'
import { disabledTriggers } from '../tables/reads/disabled-triggers'
import { horizon } from '../tables/reads/horizon'
import { materializedViews } from '../tables/reads/materialized-views'
import { rangePartitioned } from '../tables/reads/range-partitioned'
import { sequences } from '../tables/reads/sequences'
import { snapshotHolders } from '../tables/reads/snapshot-holders'
import { tableApprox } from '../tables/reads/table-approx'
import { tableBloatEstimate } from '../tables/reads/table-bloat-estimate'
import { tableColumns } from '../tables/reads/table-columns'
import { tableDefinition } from '../tables/reads/table-definition'
import { tableDetail } from '../tables/reads/table-detail'
import { tableIdentity } from '../tables/reads/table-identity'
import { tableKeys } from '../tables/reads/table-keys'
import { tableLockers } from '../tables/reads/table-lockers'
import { tableSizes } from '../tables/reads/table-sizes'
import { tableStatistics } from '../tables/reads/table-statistics'
import { autovacuumSettings, tableFamily, tables } from '../tables/reads/tables'
import { unvalidatedConstraints } from '../tables/reads/unvalidated-constraints'
import { vacuumProgress } from '../tables/reads/vacuum-progress'

/** Every read, by name: the allow-list of the command line. */
export const READS: readonly Read[] = [
  activitySample,
  archiver,
  autovacuumSettings,
  brinRanges,
  buffercacheSummary,
  cacheSettings,
  cachedRelations,
  checkIndexBloat,
  checkpoints,
  checksumFailures,
  collationVersions,
  connectionLimits,
  countersSample,
  databaseCounters,
  databaseIo,
  databaseSize,
  databases,
  explainObjects,
  hintRelations,
  foreignKeyColumns,
  foreignKeyIndexes,
  foreignKeys,
  ginPending,
  guideTables,
  timePartitions,
  horizon,
  indexBloatByHelper,
  indexBloatEstimate,
  indexDetail,
  indexGrowth,
  indexHashStatistics,
  indexHealth,
  indexMeasurable,
  indexDefinitions,
  indexNodes,
  indexPageSample,
  indexSizes,
  indexStatindex,
  invalidIndexes,
  ioByBackend,
  monitorIndexHealth,
  orphanFiles,
  partitionIndexes,
  privileges,
  redundantPairs,
  replicationSample,
  replicationSlots,
  standbyConflicts,
  standbys,
  subscriptions,
  relationIo,
  relationBlocks,
  relationParts,
  indexCommitTimes,
  indexScans,
  promotionTime,
  relationNames,
  sessionDetail,
  sessions,
  fileSettings,
  roleSettings,
  settingRights,
  settings,
  searchPathOf,
  settingsSample,
  statementSettings,
  statements,
  statementsInfo,
  statementTexts,
  statisticsHelperState,
  statisticsWindow,
  strongRole,
  tableApprox,
  tableBloatEstimate,
  tableSizes,
  storageDatabases,
  dataPlace,
  storageFiles,
  tableFiles,
  tablespaces,
  walCauses,
  autovacuumFormula,
  tableColumns,
  attachableTables,
  tableDefinition,
  tableDetail,
  materializedViews,
  tableFamily,
  tableKeys,
  tableLockers,
  vacuumProgress,
  tableStatistics,
  snapshotHolders,
  tables,
  textDatabases,
  timeZone,
  tuningEvidence,
  databaseAges,
  multixactMembers,
  sequences,
  settingsWaiting,
  settingsFileFaults,
  tableIdentity,
  unvalidatedConstraints,
  disabledTriggers,
  rangePartitioned,
  openSchemas,
  expiringRoles,
  passwordKinds,
  superuserSessions,
  outdatedExtensions,
  extensions,
  autovacuumState,
  walActivity,
  walFiles,
  walReceiver,
  walState,
]

export const findRead = (name: string): Read | undefined => READS.find((read) => read.name === name)
