import { collationVersions } from '../indexes/reads/collation-versions'
import { foreignKeyColumns } from '../indexes/reads/foreign-key-columns'
import { foreignKeyIndexes } from '../indexes/reads/foreign-key-indexes'
import { foreignKeys } from '../indexes/reads/foreign-keys'
import { ginPending } from '../indexes/reads/gin-pending'
import { indexCommitTimes } from '../indexes/reads/index-commit-times'
import { indexDefinitions } from '../indexes/reads/index-definitions'
import { indexGrowth } from '../indexes/reads/index-growth'
import { indexHashStatistics } from '../indexes/reads/index-hash-statistics'
import { indexNodes } from '../indexes/reads/index-nodes'
import { indexScans } from '../indexes/reads/index-scans'
import { invalidIndexes } from '../indexes/reads/invalid-indexes'
import { partitionIndexes } from '../indexes/reads/partition-indexes'
import { promotionTime } from '../indexes/reads/promotion-time'
import { redundantPairs } from '../indexes/reads/redundant-pairs'
import { relationNames } from '../indexes/reads/relation-names'
import { statisticsHelperState } from '../indexes/reads/statistics-helper-state'
import type { Read } from '../server/define-read'
import { snapshotHolders } from '../tables/reads/snapshot-holders'
import { tableApprox } from '../tables/reads/table-approx'
import { tableBloatEstimate } from '../tables/reads/table-bloat-estimate'
import { activitySample } from './activity-sample'
import { checkIndexBloat } from './check-index-bloat'
import { countersSample } from './counters-sample'
import { databaseSize } from './database-size'
import { databases } from './databases'
import { explainObjects, searchPathOf } from './explain-objects'
import { horizon } from './horizon'
import { indexBloatByHelper, indexBloatEstimate } from './index-bloat-estimate'
import { indexDetail } from './index-detail'
import { indexHealth } from './index-health'
import { indexMeasurable } from './index-measurable'
import { indexPageSample } from './index-page-sample'
import { indexSizes } from './index-sizes'
import { indexStatindex } from './index-statindex'
import { monitorIndexHealth } from './monitor-index-health'
import { orphanFiles } from './orphan-files'
import { privileges } from './privileges'
import { sessionDetail, sessions } from './sessions'
import { fileSettings, roleSettings, settingRights, settings } from './settings'
import { settingsSample } from './settings-sample'
import { statementSettings, statements, statementsInfo, statementTexts } from './statements'
import { statisticsWindow } from './statistics-window'
import { strongRole } from './strong-role'
import { tableStatistics } from './table-statistics'
import { autovacuumSettings, tables } from './tables'
import { textDatabases } from './text-databases'
import { timeZone } from './time-zone'
import { tuningEvidence } from './tuning-evidence'

/** Every read, by name: the allow-list of the command line. */
export const READS: readonly Read[] = [
  activitySample,
  autovacuumSettings,
  checkIndexBloat,
  collationVersions,
  countersSample,
  databaseSize,
  databases,
  explainObjects,
  foreignKeyColumns,
  foreignKeyIndexes,
  foreignKeys,
  ginPending,
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
  monitorIndexHealth,
  orphanFiles,
  partitionIndexes,
  privileges,
  redundantPairs,
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
  tableStatistics,
  snapshotHolders,
  tables,
  textDatabases,
  timeZone,
  tuningEvidence,
]

export const findRead = (name: string): Read | undefined => READS.find((read) => read.name === name)
