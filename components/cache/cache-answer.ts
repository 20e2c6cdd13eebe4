import type { LargerCache } from '@/db/cache/larger-cache'
import type { buffercacheSummary } from '@/db/cache/reads/buffercache-summary'
import type { cacheSettings } from '@/db/cache/reads/cache-settings'
import type { cachedRelations } from '@/db/cache/reads/cached-relations'
import type { ioByBackend } from '@/db/cache/reads/io-by-backend'
import type { relationIo } from '@/db/cache/reads/relation-io'
import type { Row } from '@/db/server/define-read'
import type { Result } from '@/db/server/problem'

/** One database over the range, or since its own reset. */
export interface DatabaseBlocks {
  datname: string
  hit: number
  read: number
  /** ms that reads took; 0 while they are not timed. */
  readMs: number
  tempFiles: number
  tempBytes: number
  /** null: the role may not know, or the database is gone. */
  bytes: number | null
  /** What it counts since, where it was not sampled; null: since the server lost its statistics last. */
  since: string | null
}

/** Of a range how many they are is not known: those that are kept by themselves are, and the others together. */
export type RelationBlocks = Omit<Row<typeof relationIo>, 'table_count' | 'index_count'> & {
  table_count: number | null
  index_count: number | null
}
export type IoRow = Row<typeof ioByBackend>
export type BufferSummary = Row<typeof buffercacheSummary>
export type CachedRelations = Row<typeof cachedRelations>
export type CacheSettings = Row<typeof cacheSettings>

/** ms since the epoch. */
interface Span {
  from: number
  to: number
}

/** A statement that read blocks, over the range. */
export interface ReadingStatement {
  key: string
  name: string
  calls: number
  read: number
  hit: number
  /** ms; 0 while reads are not timed. */
  readMs: number
  tempWritten: number
}

/** All that the page shows. */
export interface CacheAnswer {
  major: number
  settings: CacheSettings
  /** samples: databases and statements are of the range, moments in ms. reset: nothing was sampled in it. */
  source: 'samples' | 'reset'
  from: number
  to: number
  /** When the history began, where that is within the range; in ms. */
  begin: number | null
  databases: DatabaseBlocks[]
  /** The part of the range in which relations were sampled, ms; null: they count since `relationsSince`. */
  relationsWindow: Span | null
  relationsSince: string
  relations: Result<RelationBlocks>
  io: Result<IoRow[]>
  /** The part of the range that it is of, ms; null: since the reset. */
  ioWindow: Span | null
  summary: Result<BufferSummary>
  larger: LargerCache
  /** What Configuration recommends for shared_buffers, in bytes; null where it recommends no change. */
  recommended: number | null
  /** Those that read most, in any database of the server; empty also where nothing was sampled. */
  statements: ReadingStatement[]
  /** Blocks that all statements of the range read. */
  statementsRead: number
  /** Written out by backends, of all that was written to relations; null where it cannot be told. */
  backendWrites: { written: number; all: number; since: string | null } | null
}
