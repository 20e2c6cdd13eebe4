import type { PresentOptions } from '@/db/commands/set-table-options/present-options'
import type { FleetAsk } from '@/db/domain/fleet-params'
import type { ExtensionList } from '@/db/extensions/list-extensions'
import type { FleetAnswer } from '@/db/fleet/fleet-types'
import type { CatalogueAnswer } from '@/db/guide/catalogue/read-catalogue'
import type { GuidePlans } from '@/db/guide/catalogue/read-plans'
import type { QueryDetail, QueryList } from '@/db/history/statement-list'
import type { TableStatements } from '@/db/history/table-statements'
import type { IndexList, listIndexesParams } from '@/db/indexes/list-indexes'
import type { StatementHint } from '@/db/statements/statement-hints'
import type { StorageMap } from '@/db/storage/storage-map'
import type { TableDescription } from '@/db/tables/describe-table'
import type { listTablesParams, TableList } from '@/db/tables/list-tables'
import type { VacuumAtWork } from '@/db/tables/vacuum-obstacles'
import type { CacheAnswer, CachedRelations } from '../cache/cache-answer'
import type { IndexUsage, MissingIndexes } from '../indexes/answers'
import type { DescribedIndex } from '../indexes/described'
import type { ChecksAnswer } from '../overview/shown-checks'
import type { Vitals } from '../overview/vitals-messages'
import type { ReplicationAnswer, ReplicationHistory } from '../replication/replication-types'
import type { RunAnswer } from '../run/run-answer'
import type { ActivityAnswer, ActivityHistory, SessionDetail } from '../sessions/activity-types'
import type { TuningAnswer } from '../settings/configuration-params'
import type { Found } from '../shell/found'
import type { Standing } from '../shell/shell-types'
import type { StorageAnswer } from '../storage/storage-answers'
import type { AttachableTable, TableHistory } from '../tables/table-answers'

/** What stands in an address; null, undefined and '' are left out. */
type AddressValue = string | number | boolean | null | undefined

interface Read<Answer, Param extends string = never> {
  answer: Answer
  params: Partial<Record<Param, AddressValue>>
}

type InDatabase<Answer, Param extends string = never> = Read<Answer, Param | 'server' | 'database'>

/** Every read that the browser may ask for: its answer and its parameters. useLive infers from it, and the endpoint is held to it. */
export interface LiveReads {
  activity: InDatabase<ActivityAnswer>
  'activity-history': Read<ActivityHistory, 'server' | 'range' | 'from' | 'to'>
  'attachable-tables': InDatabase<AttachableTable[], 'relid'>
  cache: InDatabase<CacheAnswer, 'range' | 'from' | 'to'>
  'cached-relations': InDatabase<CachedRelations>
  checks: InDatabase<ChecksAnswer>
  extensions: InDatabase<ExtensionList>
  find: InDatabase<Found, 'q'>
  fleet: Read<FleetAnswer, keyof FleetAsk>
  'guide-catalogue': InDatabase<CatalogueAnswer, 'schema'>
  'guide-plans': InDatabase<GuidePlans, 'schema'>
  'index-detail': InDatabase<DescribedIndex, 'indexrelid'>
  'index-usage': InDatabase<IndexUsage>
  'list-indexes': InDatabase<IndexList, keyof typeof listIndexesParams.shape>
  'list-queries': InDatabase<QueryList, string>
  'list-tables': InDatabase<TableList, keyof typeof listTablesParams.shape>
  'missing-indexes': InDatabase<MissingIndexes, 'limit'>
  'query-detail': InDatabase<QueryDetail, 'key' | 'range' | 'from' | 'to' | 'reset'>
  'query-hints': InDatabase<StatementHint[], 'key' | 'rolname'>
  replication: InDatabase<ReplicationAnswer>
  'replication-history': Read<ReplicationHistory, 'server' | 'range' | 'from' | 'to'>
  run: Read<RunAnswer, 'id'>
  'server-standing': Read<Standing, 'server'>
  'session-detail': InDatabase<SessionDetail, 'pid'>
  storage: InDatabase<StorageAnswer>
  'storage-map': InDatabase<StorageMap, 'in' | 'schema' | 'relid'>
  'table-definition': InDatabase<string | null, 'relid'>
  'table-detail': InDatabase<TableDescription, 'relid'>
  'table-history': InDatabase<TableHistory, 'relid'>
  'table-options': InDatabase<PresentOptions, 'relid'>
  'table-statements': InDatabase<TableStatements, 'relid'>
  tuning: InDatabase<TuningAnswer, string>
  'vacuum-progress': InDatabase<VacuumAtWork[]>
  vitals: InDatabase<Vitals>
  workers: Read<{ attended: boolean }>
}

export type LiveName = keyof LiveReads
export type LiveParams<Name extends LiveName> = LiveReads[Name]['params']
export type LiveValue<Name extends LiveName> = LiveReads[Name]['answer']
