import { type Place, targetOf } from '@/app/place'
import type { CacheAnswer, CachedRelations, DatabaseBlocks, IoRow, ReadingStatement } from '@/components/cache/cache-answer'
import { type Preset, timeRangeOf } from '@/components/time/time-range'
import { type CacheUnit, largerCache } from '@/db/cache/larger-cache'
import { buffercacheSummary } from '@/db/cache/reads/buffercache-summary'
import { cacheSettings } from '@/db/cache/reads/cache-settings'
import { cachedRelations } from '@/db/cache/reads/cached-relations'
import { databaseIo } from '@/db/cache/reads/database-io'
import { ioByBackend } from '@/db/cache/reads/io-by-backend'
import { relationIo } from '@/db/cache/reads/relation-io'
import { statisticsWindow } from '@/db/databases/reads/statistics-window'
import { inBaseUnits } from '@/db/domain/setting-units'
import { keyOf } from '@/db/domain/statement-key'
import { historyBegin, toldRange } from '@/db/history/begin'
import { ioTotals, relationTotals } from '@/db/history/block-totals'
import { counterTotals } from '@/db/history/counters'
import { databaseTotals } from '@/db/history/database-totals'
import type { TimeRange } from '@/db/history/range'
import { statementTotals } from '@/db/history/statements'
import type { Row } from '@/db/server/define-read'
import { serverFacts } from '@/db/server/facts'
import { ok, type Result } from '@/db/server/problem'
import { runRead } from '@/db/server/run-read'
import { nameStatements } from '@/db/statements/statement-names'
import { readTuning } from '../settings/configuration-reads'
import { ioOverRange, relationsOverRange } from './cache-windows'

export interface CacheAsk {
  range: Preset
  from: Date | null
  to: Date | null
}

/** What the estimate looks at, and what the page lists of it. */
const [MOST, LISTED] = [200, 50]
const STATEMENTS = 8
/** Relations of the cache that are named. */
const CACHED = 40

/** The cache and the I/O of a server, seen from one of its databases. Errors: as targetOf, and those of the reads that nothing can be told without. */
export async function readCache(place: Place, ask: CacheAsk, now = Date.now()): Promise<Result<CacheAnswer>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const { from, to } = timeRangeOf(ask, now)
  const { range, since } = toldRange({ from: new Date(from), to: new Date(to) }, await historyBegin(place.server))
  const [facts, settings, window, databases, blocks, io, full, tuning, sampled, reading, ioSampled, moved] = await Promise.all([
    serverFacts(target.value),
    runRead(target.value, cacheSettings, {}).then(one),
    runRead(target.value, statisticsWindow, {}).then(one),
    runRead(target.value, databaseIo, {}),
    runRead(target.value, relationIo, { most: MOST }).then(one),
    runRead(target.value, ioByBackend, {}),
    runRead(target.value, buffercacheSummary, {}).then(one),
    readTuning(place, {}),
    databaseTotals(place.server, range),
    readingStatements(place.server, range),
    ioTotals(place.server, range),
    relationTotals(place.server, place.database, range, MOST),
  ])
  if (!facts.ok) return facts
  if (!settings.ok) return settings
  if (!window.ok) return window
  if (!databases.ok) return databases
  const shared = tuning.ok ? tuning.value.settings.find(({ name }) => name === 'shared_buffers') : undefined
  const recommended = shared?.changes ? inBaseUnits(shared.recommended, 'B') : null
  const { value: known } = settings
  const { value: counted } = window
  const source = sampled.seconds > 0 ? 'samples' : 'reset'
  const ioWindow = ioSampled.rows.length > 0 ? { from: ioSampled.from, to: ioSampled.to } : null
  const ioShown = io.ok && ioWindow ? ok(ioOverRange(io.value, ioSampled.rows)) : io
  const overTime = moved.seconds > 0 ? await relationsOverRange(target.value, moved, LISTED) : null
  return ok({
    major: facts.value.major,
    settings: known,
    source,
    from: range.from.getTime(),
    to: range.to.getTime(),
    begin: since,
    databases: source === 'samples' ? overRange(sampled.databases, databases.value) : sinceReset(databases.value),
    relationsSince: counted.stats_reset ?? counted.stats_since,
    relationsWindow: overTime ? { from: moved.from, to: moved.to } : null,
    relations: overTime ?? (blocks.ok ? ok(listed(blocks.value)) : blocks),
    io: ioShown,
    ioWindow,
    summary: full,
    larger: largerCache({
      units: blocks.ok ? unitsOf(blocks.value, databases.value, place.database, counted, known.block_size, now) : [],
      sharedBuffers: known.shared_buffers,
      blockSize: known.block_size,
      seconds: counted.seconds,
      unused: full.ok ? full.value.buffers_unused * known.block_size : null,
      dataBytes: databases.value.every(({ bytes }) => bytes !== null)
        ? databases.value.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
        : null,
      recommended,
      ram: tuning.ok ? tuning.value.profile.ram : null,
    }),
    recommended,
    ...reading,
    backendWrites: ioShown.ok ? writesBy(ioShown.value) : await sampledWrites(place.server, range),
  })
}

/** What shared_buffers holds now, buffer by buffer. Errors: as targetOf and the read. */
export async function readCached(place: Place): Promise<Result<CachedRelations>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  return one(await runRead(target.value, cachedRelations, { most: CACHED }))
}

/** The row of a read that has just one. */
function one<T>(rows: Result<T[]>): Result<T> {
  if (!rows.ok) return rows
  const [row] = rows.value
  if (row === undefined) throw new Error('A read of one row gave none')
  return ok(row)
}

const listed = (blocks: Row<typeof relationIo>) => ({
  ...blocks,
  tables: blocks.tables.slice(0, LISTED),
  indexes: blocks.indexes.slice(0, LISTED),
})

/** Databases that did nothing in the range stand with zeros. */
function overRange(sampled: Awaited<ReturnType<typeof databaseTotals>>['databases'], now: Row<typeof databaseIo>[]): DatabaseBlocks[] {
  const byName = new Map(sampled.map((row) => [row.datname, row]))
  return now
    .map(({ datname, bytes }) => {
      const row = byName.get(datname)
      return {
        datname,
        hit: row?.blks_hit ?? 0,
        read: row?.blks_read ?? 0,
        readMs: row?.blk_read_time ?? 0,
        tempFiles: row?.temp_files ?? 0,
        tempBytes: row?.temp_bytes ?? 0,
        bytes,
        since: null,
      }
    })
    .sort((a, b) => b.read - a.read || b.hit - a.hit)
}

const sinceReset = (rows: Row<typeof databaseIo>[]): DatabaseBlocks[] =>
  rows.map((row) => ({
    datname: row.datname,
    hit: Number(row.blks_hit),
    read: Number(row.blks_read),
    readMs: row.blk_read_time,
    tempFiles: Number(row.temp_files),
    tempBytes: Number(row.temp_bytes),
    bytes: row.bytes,
    since: row.stats_reset,
  }))

/** Each Seq Scan asks for every block of its table. */
const seqShare = (scans: number, blocks: number, asked: number): number => (asked > 0 ? Math.min(1, (scans * blocks) / asked) : 0)

/** Relations of this database by themselves, every other database as a whole. */
function unitsOf(
  blocks: Row<typeof relationIo>,
  databases: Row<typeof databaseIo>[],
  here: string,
  window: Row<typeof statisticsWindow>,
  blockSize: number,
  now: number,
): CacheUnit[] {
  const relations = blocks.tables.flatMap(({ parts }) =>
    parts.map(({ relname, read, hit, bytes, seq_scans }) => ({
      seqShare: seqShare(Number(seq_scans), bytes === null ? 0 : bytes / blockSize, Number(read) + Number(hit)),
      name: relname,
      read: Number(read),
      hit: Number(hit),
      bytes,
      seconds: window.seconds,
    })),
  )
  const others = databases
    .filter(({ datname }) => datname !== here)
    .map(({ datname, blks_read, blks_hit, bytes, stats_reset }) => ({
      name: datname,
      seqShare: 0,
      read: Number(blks_read),
      hit: Number(blks_hit),
      bytes,
      seconds: Math.max(1, (now - Date.parse(stats_reset ?? window.stats_since)) / 1000),
    }))
  return [...relations, ...others]
}

async function readingStatements(server: string, range: TimeRange): Promise<Pick<CacheAnswer, 'statements' | 'statementsRead'>> {
  const { all, statements } = await statementTotals(server, range, { order: { sort: 'read', dir: 'desc' }, limit: STATEMENTS })
  const reading = statements.filter(({ shared_blks_read }) => shared_blks_read > 0)
  const names = await nameStatements(reading)
  const rows = reading.map((one): ReadingStatement => {
    const key = keyOf(one)
    return {
      key,
      name: names.get(key) ?? '',
      calls: one.calls,
      read: one.shared_blks_read,
      hit: one.shared_blks_hit,
      readMs: one.shared_blk_read_time,
      tempWritten: one.temp_blks_written,
    }
  })
  return { statements: rows, statementsRead: all.shared_blks_read }
}

/** From 16 on pg_stat_io tells who wrote: what a backend must write itself, it waits for. */
function writesBy(rows: IoRow[]): CacheAnswer['backendWrites'] {
  const written = (only: (row: IoRow) => boolean) =>
    rows
      .filter((row) => row.object === 'relation' && row.context === 'normal' && only(row))
      .reduce((sum, { write_bytes }) => sum + (write_bytes ?? 0), 0)
  return {
    written: written(({ backend_type }) => backend_type === 'client backend'),
    all: written(() => true),
    since: rows[0]?.stats_reset ?? null,
  }
}

/** Before 16 pg_stat_bgwriter counts buffers that backends wrote, those of its own contexts and extended files with them. */
async function sampledWrites(server: string, range: TimeRange): Promise<CacheAnswer['backendWrites']> {
  const { buffers_backend, buffers_clean, buffers_checkpoint, seconds } = await counterTotals(server, range)
  return seconds > 0 ? { written: buffers_backend, all: buffers_backend + buffers_clean + buffers_checkpoint, since: null } : null
}
