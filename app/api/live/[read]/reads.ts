import { z } from 'zod'
import { readCache, readCached } from '@/app/[server]/db/[database]/cache/cache-reads'
import { readExtensions } from '@/app/[server]/db/[database]/extensions/extension-reads'
import { readGuideCatalogue, readGuidePlansOf } from '@/app/[server]/db/[database]/guide/catalogue-reads'
import { readIndex, readIndexList, readIndexUsage, readMissingIndexes } from '@/app/[server]/db/[database]/indexes/index-reads'
import { readChecks, readVitals } from '@/app/[server]/db/[database]/overview/overview-reads'
import { readReplicationHistory } from '@/app/[server]/db/[database]/replication/history-reads'
import { readReplicationOf } from '@/app/[server]/db/[database]/replication/replication-reads'
import { readActivityHistory, readActivityOf, readSession } from '@/app/[server]/db/[database]/sessions/activity-reads'
import { readTuning, tuningParams } from '@/app/[server]/db/[database]/settings/configuration-reads'
import { queryLiveParams } from '@/app/[server]/db/[database]/statements/live-params'
import { readHints, readQueries, readQuery } from '@/app/[server]/db/[database]/statements/query-reads'
import { readStorage, readStorageMap } from '@/app/[server]/db/[database]/storage/storage-reads'
import {
  readAttachable,
  readTable,
  readTableDefinition,
  readTableHistory,
  readTableList,
  readTableOptions,
  readTableStatements,
  readVacuums,
} from '@/app/[server]/db/[database]/tables/table-reads'
import { findByName } from '@/app/find'
import { readRun, readWorkers } from '@/app/runs/run-reads'
import { readStanding } from '@/app/server-standing'
import type { LiveName, LiveParams, LiveValue } from '@/components/live/live-reads'
import { PRESETS } from '@/components/time/time-range'
import { FLEET_SHOWS, FLEET_SORTS } from '@/db/domain/fleet-params'
import { readFleet } from '@/db/fleet/read-fleet'
import { listIndexesParams } from '@/db/indexes/list-indexes'
import { ok, type Result } from '@/db/server/problem'
import { listTablesParams } from '@/db/tables/list-tables'

/** One thing that the browser may ask for, by its parameters as they stand in an address. An error says which of them do not fit. */
interface LiveRead<Param = unknown, Answer = unknown> {
  params: readonly Param[]
  answer: (given: object) => Promise<Result<Answer> | z.ZodError>
}

const liveRead = <P extends z.ZodRawShape, Answer>(
  params: z.ZodObject<P>,
  answer: (params: z.output<z.ZodObject<P>>) => Promise<Result<Answer>>,
): LiveRead<keyof P, Answer> => ({
  params: Object.keys(params.shape),
  answer: async (given) => {
    const parsed = params.safeParse(given)
    return parsed.success ? answer(parsed.data) : parsed.error
  },
})

const place = { server: z.string().max(200), database: z.string().max(200) }
/** 1,2,-3: OIDs of indexes, and of foreign keys that lack one, negative. */
const rowIds = z
  .string()
  .regex(/^-?\d{1,10}(,-?\d{1,10}){0,499}$/)
  .transform((text) => text.split(',').map(Number))
const moment = z.iso
  .datetime()
  .transform((text) => new Date(text))
  .nullable()
  .default(null)
const whole = z.coerce.number().int()
const oneTable = z.object({ ...place, relid: whole.nonnegative().max(4_294_967_295) })

/** One of the schemas that hold the guide's tables. */
const ofGuide = z.object({ ...place, schema: z.string().min(1).max(63).nullable().default(null) })

/** A server within a time range: a preset that ends now, or two moments in ms. */
const overTime = z.object({
  server: place.server,
  range: z.enum(PRESETS).default('1h'),
  from: whole.nullable().default(null),
  to: whole.nullable().default(null),
})

/** The allow-list: a name that is not here is not answered. The browser never sends SQL. */
const LIVE_READS = {
  activity: liveRead(z.object(place), readActivityOf),
  'activity-history': liveRead(overTime, ({ server, ...range }) => readActivityHistory(server, range)),
  cache: liveRead(z.object({ ...place, range: z.enum(PRESETS).default('1h'), from: moment, to: moment }), ({ server, database, ...ask }) =>
    readCache({ server, database }, ask),
  ),
  'cached-relations': liveRead(z.object(place), readCached),
  'session-detail': liveRead(z.object({ ...place, pid: whole.positive().max(2_147_483_647) }), readSession),
  tuning: liveRead(z.object({ ...place, ...tuningParams }), ({ server, database, ...asked }) => readTuning({ server, database }, asked)),
  extensions: liveRead(z.object(place), readExtensions),
  find: liveRead(z.object({ ...place, q: z.string().min(2).max(200) }), ({ q, ...at }) => findByName(at, q)),
  'server-standing': liveRead(z.object({ server: place.server }), ({ server }) => readStanding(server)),
  fleet: liveRead(
    z.object({
      show: z.enum(FLEET_SHOWS).default('all'),
      sort: z.enum(FLEET_SORTS).default('worst'),
      dir: z.enum(['asc', 'desc']).default('desc'),
      q: z.string().max(200).default(''),
      /** Apart by spaces, of which no tag has one. */
      tags: z
        .string()
        .max(1_000)
        .default('')
        .transform((text) => text.split(' ').filter((tag) => tag !== '')),
      major: whole.nullable().default(null),
      page: whole.positive().default(1),
    }),
    async (ask) => ok(await readFleet(ask)),
  ),
  checks: liveRead(z.object(place), readChecks),
  'vacuum-progress': liveRead(z.object(place), readVacuums),
  vitals: liveRead(z.object(place), (at) => readVitals(at)),
  'guide-catalogue': liveRead(ofGuide, ({ schema, ...at }) => readGuideCatalogue(at, schema)),
  'guide-plans': liveRead(ofGuide, ({ schema, ...at }) => readGuidePlansOf(at, schema)),
  'index-detail': liveRead(z.object({ ...place, indexrelid: whole.nonnegative() }), ({ indexrelid, ...at }) => readIndex(at, indexrelid)),
  'index-usage': liveRead(z.object(place), readIndexUsage),
  'list-indexes': liveRead(
    listIndexesParams.extend({
      ...place,
      ids: rowIds.optional(),
      offset: whole.nonnegative().default(0),
      limit: whole.min(1).max(500).default(60),
    }),
    ({ server, database, ...params }) => readIndexList({ server, database }, params),
  ),
  'missing-indexes': liveRead(z.object({ ...place, limit: whole.min(1).max(500) }), ({ limit, ...at }) => readMissingIndexes(at, limit)),
  storage: liveRead(z.object(place), readStorage),
  'storage-map': liveRead(
    z.object({
      ...place,
      in: z.string().max(63).nullable().default(null),
      schema: z.string().max(63).nullable().default(null),
      relid: whole.nonnegative().max(4_294_967_295).nullable().default(null),
    }),
    ({ in: inside, schema, relid, ...at }) => readStorageMap(at, { database: inside, schema, relid }),
  ),
  'attachable-tables': liveRead(oneTable, ({ relid, ...at }) => readAttachable(at, relid)),
  'table-definition': liveRead(oneTable, ({ relid, ...at }) => readTableDefinition(at, relid)),
  'table-detail': liveRead(oneTable, ({ relid, ...at }) => readTable(at, relid)),
  'table-history': liveRead(oneTable, ({ relid, ...at }) => readTableHistory(at, relid)),
  'table-statements': liveRead(oneTable, ({ relid, ...at }) => readTableStatements(at, relid)),
  'table-options': liveRead(z.object({ ...place, relid: whole.nonnegative() }), ({ relid, ...at }) => readTableOptions(at, relid)),
  'list-queries': liveRead(queryLiveParams.list.extend(place), ({ server, database, ...ask }) => readQueries({ server, database }, ask)),
  'query-hints': liveRead(queryLiveParams.hints.extend(place), ({ server, database, ...ask }) => readHints({ server, database }, ask)),
  'query-detail': liveRead(queryLiveParams.detail.extend(place), ({ server, database, ...ask }) => readQuery({ server, database }, ask)),
  replication: liveRead(z.object(place), readReplicationOf),
  'replication-history': liveRead(overTime, ({ server, ...range }) => readReplicationHistory(server, range)),
  workers: liveRead(z.object({}), readWorkers),
  run: liveRead(z.object({ id: z.string().max(20) }), ({ id }) => readRun(id)),
  'list-tables': liveRead(
    listTablesParams.extend({ ...place, offset: whole.nonnegative().default(0), limit: whole.min(1).max(500).default(60) }),
    ({ server, database, ...params }) => readTableList({ server, database }, params),
  ),
} satisfies { [Name in LiveName]: LiveRead<keyof LiveParams<Name>, LiveValue<Name>> }

/** The read of a name; undefined for anything else, `constructor` included. */
export const liveReadOf = (name: string): LiveRead | undefined =>
  Object.hasOwn(LIVE_READS, name) ? LIVE_READS[name as LiveName] : undefined
