import type { Read } from '../server/define-read'
import { activitySample } from './activity-sample'
import { checkIndexBloat } from './check-index-bloat'
import { countersSample } from './counters-sample'
import { databaseSize } from './database-size'
import { databases } from './databases'
import { explainObjects, searchPathOf } from './explain-objects'
import { foreignKeysWithoutIndex } from './foreign-keys-without-index'
import { horizon } from './horizon'
import { indexBloatEstimate } from './index-bloat-estimate'
import { indexDefinitions } from './index-definitions'
import { indexDetail } from './index-detail'
import { indexHealth } from './index-health'
import { indexMeasurable } from './index-measurable'
import { indexPageSample } from './index-page-sample'
import { indexSizes } from './index-sizes'
import { indexStatindex } from './index-statindex'
import { monitorIndexHealth } from './monitor-index-health'
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
  countersSample,
  databaseSize,
  databases,
  explainObjects,
  foreignKeysWithoutIndex,
  horizon,
  indexBloatEstimate,
  indexDefinitions,
  indexDetail,
  indexHealth,
  indexMeasurable,
  indexPageSample,
  indexSizes,
  indexStatindex,
  monitorIndexHealth,
  privileges,
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
  statisticsWindow,
  strongRole,
  tableStatistics,
  tables,
  textDatabases,
  timeZone,
  tuningEvidence,
]

export const findRead = (name: string): Read | undefined => READS.find((read) => read.name === name)
