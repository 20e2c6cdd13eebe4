import type { ServerEventKind } from '../console/schema-sampling'
import type { Problem, Result } from '../server/problem'
import type { Target } from '../server/target'
import type { ConsoleSession, Query } from './console-session'
import type { Counters } from './delta'
import type { KnownFiles } from './learn-sizes'

/** An entry of pg_stat_statements as last read. */
export interface KnownStatement {
  id: number
  counters: Counters
  statsSince: string | null
  minTime: number
  maxTime: number
}

/**
 * What a worker remembers of a server from one sample to the next: the cumulative values that deltas are taken from. It is
 * not kept in the console database. A worker that takes a server over begins with a new baseline: what was counted meanwhile
 * is a gap, and nothing is counted twice.
 */
export interface Memory {
  /** At the last counters: the server's clock, and the worker's monotonic one, ms. */
  countersAt: { server: number; elapsed: number } | null
  /** By how much the worker's wall clock has jumped since then, ms. */
  jumped: number
  postmasterStart: string | null
  /** When the system identifier was last withheld, by the monotonic clock: each attempt leaves a line in the server's log. */
  withheldAt: number
  server: Counters | null
  checkpointerReset: string | null
  databases: Map<number, { datname: string; counters: Counters; statsReset: string | null }>
  /** ms that looking took since the last counters. */
  spent: number
  statements: {
    /** The database in which the extension is; null until it was found. */
    database: string | null
    /** These by the monotonic clock, ms. */
    lookedAt: number
    at: number | null
    /** The last counters before it, by the server's clock, ms. */
    serverAt: number | null
    entries: Map<string, KnownStatement>
    ids: Map<string, number> | null
    texts: Set<string>
    /** When no text could be had last: the server would read its whole file of them each time. */
    textsRefusedAt: number
    own: Set<number>
    dealloc: number | null
    reset: string | null
    hidden: number
  }
  tables: Map<string, { at: number; changes: number; commits: number; reset: string | null; counters: Map<number, Counters> }>
  /** pg_stat_io; at: by the monotonic clock, ms. */
  io: { at: number; reset: string | null; counters: Map<string, Counters> } | null
  /** Blocks of relations, by the OID of their database. */
  blocks: Map<number, { at: number; all: number; reset: string | null; counters: Map<number, Counters> }>
  indexes: Map<string, string>
  /** Of the indexes that are no b-tree, by the OID of their database. */
  files: Map<number, KnownFiles>
  sizes: Map<string, number>
  /** Of tables, by the OID of their database and their own: as last written. */
  tableSizes: Map<number, Map<number, string>>
  /** Databases that the role may connect to; null until they were read. */
  visitable: string[] | null
  waits: Map<string, number>
  /** When an example of a statement was last kept, by the monotonic clock, ms. */
  examples: Map<string, number>
}

/** Longer ago than anything. */
export const NEVER = Number.NEGATIVE_INFINITY

export const newMemory = (): Memory => ({
  countersAt: null,
  jumped: 0,
  postmasterStart: null,
  withheldAt: NEVER,
  server: null,
  checkpointerReset: null,
  databases: new Map(),
  spent: 0,
  statements: {
    database: null,
    lookedAt: NEVER,
    at: null,
    serverAt: null,
    entries: new Map(),
    ids: null,
    texts: new Set(),
    textsRefusedAt: NEVER,
    own: new Set(),
    dealloc: null,
    reset: null,
    hidden: 0,
  },
  tables: new Map(),
  io: null,
  blocks: new Map(),
  indexes: new Map(),
  files: new Map(),
  sizes: new Map(),
  tableSizes: new Map(),
  visitable: null,
  waits: new Map(),
  examples: new Map(),
})

/** A cluster as its series knows it; null: not told yet. */
export interface KnownCluster {
  systemIdentifier: string | null
  timeline: number | null
  inRecovery: boolean | null
  version: string | null
}

/** One server in the hands of a worker. */
export interface Place {
  serverId: string
  /** The number of its current series. */
  no: number
  /** Whose series that is: what comes from another cluster is not written into it. */
  cluster: KnownCluster
  /** Its default database, and the cluster that must answer there, where the series has one. */
  target: Target
  session: ConsoleSession
  memory: Memory
  /** The moment that rows are written under. */
  now: () => Date
  /** ms by the monotonic clock: what intervals are measured by. */
  elapsed: () => number
  /** What a server told as its own time, in ms since the epoch. */
  serverTime: (told: string) => number
  /** Whether statements with their values are kept. */
  keepExamples: boolean
}

/** A task looks at the server, writes, and says what stood in its way. */
export type Task = (place: Place) => Promise<Result<null>>

export const nothing: Result<null> = { ok: true, value: null }

export const failedWith = (problem: Problem): Result<null> => ({ ok: false, problem })

/** All that deltas are taken from; what is known of names stays. */
export function forgetValues({ memory }: Place): void {
  const { server, countersAt, databases, statements, tables, io, blocks } = newMemory()
  const { ids, texts, own, database, lookedAt } = memory.statements
  Object.assign(memory, {
    server,
    countersAt,
    databases,
    tables,
    io,
    blocks,
    statements: { ...statements, ids, texts, own, database, lookedAt },
  })
}

/** Notes what breaks a series, once. */
export async function noteEvent(
  query: Query,
  { no }: Place,
  kind: ServerEventKind,
  at: Date,
  detail: string,
  database = '',
): Promise<void> {
  await query('insert into server_event (server, kind, at, detail, database) values ($1, $2, $3, $4, $5) on conflict do nothing', [
    no,
    kind,
    at,
    detail,
    database,
  ])
}
