import type { ServerEventKind } from '../../console/schema-sampling'
import type { Problem, Result } from '../../server/problem'
import type { Target } from '../../server/target'
import type { ConsoleSession, Query } from './console-session'
import type { Counters } from './delta'

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
  /** The server's clock at the last counters, ms, and when it was started. */
  countersAt: number | null
  postmasterStart: string | null
  server: Counters | null
  checkpointerReset: string | null
  databases: Map<number, { datname: string; counters: Counters; statsReset: string | null }>
  /** ms that looking took since the last counters. */
  spent: number
  statements: {
    /** The database in which the extension is; null until it was found. */
    database: string | null
    lookedAt: number
    at: number | null
    entries: Map<string, KnownStatement>
    ids: Map<string, number> | null
    texts: Set<string>
    /** When no text could be had last, ms: the server would read its whole file of them each time. */
    textsRefusedAt: number
    own: Set<number>
    dealloc: number | null
    reset: string | null
    hidden: number
  }
  tables: Map<string, { at: number; changes: number; commits: number; reset: string | null; counters: Map<number, Counters> }>
  indexes: Map<string, string>
  sizes: Map<string, number>
  /** Databases that the role may connect to; null until they were read. */
  visitable: string[] | null
  waits: Map<string, number>
  /** When an example of a statement was last kept, ms. */
  examples: Map<string, number>
}

export const newMemory = (): Memory => ({
  countersAt: null,
  postmasterStart: null,
  server: null,
  checkpointerReset: null,
  databases: new Map(),
  spent: 0,
  statements: {
    database: null,
    lookedAt: 0,
    at: null,
    entries: new Map(),
    ids: null,
    texts: new Set(),
    textsRefusedAt: 0,
    own: new Set(),
    dealloc: null,
    reset: null,
    hidden: 0,
  },
  tables: new Map(),
  indexes: new Map(),
  sizes: new Map(),
  visitable: null,
  waits: new Map(),
  examples: new Map(),
})

/** One server in the hands of a worker. */
export interface Place {
  serverId: string
  /** Its number in the series. */
  no: number
  /** Its default database. */
  target: Target
  session: ConsoleSession
  memory: Memory
  /** The moment that rows are written under. */
  now: () => Date
  /** Whether statements with their values are kept. */
  keepExamples: boolean
}

/** A task looks at the server, writes, and says what stood in its way. */
export type Task = (place: Place) => Promise<Result<null>>

export const nothing: Result<null> = { ok: true, value: null }

export const failedWith = (problem: Problem): Result<null> => ({ ok: false, problem })

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
