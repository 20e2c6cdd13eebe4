/**
 * What a plan sends to the server, and what this code knows of it without reading its own SQL again. Stored with the run, and sent to
 * the browser.
 */
export interface Work {
  /** The exact SQL, one statement an entry, run in this order on one session. SET statements included. */
  statements: string[]
  /** The place of the statement that does the work: what the run is called by. */
  main: number
  /** concurrently: it waits for other transactions instead of stopping them. shell: a part of it is no SQL. */
  form: 'concurrently' | 'plain' | 'shell'
  /**
   * How it waits for its locks: one try, for as long as it takes; or tries that a lock_timeout ends and that change nothing. Null: it
   * takes none that could be waited for.
   */
  waits: 'in one go' | 'in tries' | null
  phases: PlannedPhase[]
}

/** How long a run waits for others before it is given up, in minutes. */
export interface Patience {
  /** Unless somebody chooses another. */
  minutes: number
  choices: number[]
  /** A try that a lock_timeout ends is made again until then; else one try waits for so long. */
  retries: boolean
}

/** What may be chosen, in minutes; 0: given up at the first try. */
const MINUTES = [0, 1, 5, 30, 120, 480]

/**
 * How long a plan may wait for others. In one go, a single try waits until the run is given up. In tries, each ends soon and changes
 * nothing, so that the run may try again; where each try makes readers queue for a moment, it does so for a shorter time.
 */
export function patienceOf({ waits, locks }: { waits: Work['waits']; locks: { mode: string }[] }): Patience | null {
  if (waits === null) return null
  const retries = waits === 'in tries'
  return { minutes: retries && shutsOut({ locks }) ? 5 : 30, choices: retries ? MINUTES : MINUTES.slice(1), retries }
}

/** Whether it shuts readers or writers out. */
export const shutsOut = ({ locks }: { locks: { mode: string }[] }): boolean => locks.some(({ mode }) => mode === 'AccessExclusiveLock')

/** One phase of a run, in PostgreSQL's real order. */
export interface PlannedPhase {
  name: string
  /**
   * The server's phases that belong to it, as view: how the phase begins (manual, tables 27.41 to 27.47). Left out: it is passed too
   * fast to be seen, or is ours.
   */
  covers?: string[]
  /** Only done where there is something to do; whether it was, the command tells from the server's lines. */
  optional?: true
}

const NO_STATEMENT_TIMEOUT = 'SET statement_timeout = 0'

/**
 * For CONCURRENTLY forms: lock_timeout would also end the waits for other transactions inside the command and leave an
 * invalid index behind (measured on 18: 55P03, and a `_ccnew`). Waiting so holds nobody up; the console has its own limit.
 */
const AS_LONG_AS_IT_TAKES = 'SET lock_timeout = 0'

/** Twice the default deadlock_timeout: an autovacuum worker in the way is cancelled by then. */
const BRIEFLY = "SET lock_timeout = '2s'"

const work = (form: Work['form'], waits: Work['waits'], phases: PlannedPhase[], settings: string[], statements: string[]): Work => ({
  statements: [...settings, ...statements],
  main: settings.length + statements.length - 1,
  form,
  waits,
  phases,
})

/** A CONCURRENTLY form, which waits for as long as it must; further statements may follow it. */
export const beside = (phases: PlannedPhase[], ...statements: string[]): Work =>
  work('concurrently', 'in one go', phases, [AS_LONG_AS_IT_TAKES, NO_STATEMENT_TIMEOUT], statements)

/** What needs a lock that stops readers or writers: while it waits, everybody after it waits too, so it gives up soon. */
export const briefly = (phases: PlannedPhase[], ...statements: string[]): Work =>
  work('plain', 'in tries', phases, [BRIEFLY, NO_STATEMENT_TIMEOUT], statements)

/** VACUUM and ANALYZE: only VACUUM, DDL and their like queue behind them, so they may wait a little longer. */
export const patiently = (phases: PlannedPhase[], ...statements: string[]): Work =>
  work('plain', 'in tries', phases, ["SET lock_timeout = '10s'", NO_STATEMENT_TIMEOUT], statements)

/** What makes functions: it waits briefly, and is done within the statement_timeout that the session has. */
export const quickly = (...statements: string[]): Work => work('plain', 'in tries', RUN, [BRIEFLY], statements)

/** What waits for no lock, and takes as long as it takes. */
export const untilDone = (...statements: string[]): Work => work('plain', null, RUN, [NO_STATEMENT_TIMEOUT], statements)

/** What waits for nobody. */
export const atOnce = (...statements: string[]): Work => work('plain', null, RUN, [], statements)

/**
 * Several statements in a row: CONCURRENTLY forms wait as long as they must, all others give up soon. Each keeps what was set
 * before it where that is the same.
 */
export function inSteps(phases: PlannedPhase[], steps: SentStep[]): Work {
  let set = ''
  const statements = steps.flatMap(({ sql, concurrent = false }) => {
    const wait = concurrent ? AS_LONG_AS_IT_TAKES : BRIEFLY
    const more = wait === set ? [] : [wait]
    set = wait
    return [...more, sql]
  })
  const form = steps.some(({ concurrent }) => concurrent) ? 'concurrently' : 'plain'
  return work(form, steps[0]?.concurrent ? 'in one go' : 'in tries', phases, [NO_STATEMENT_TIMEOUT], statements)
}

/** One statement of several; `concurrent`: a CONCURRENTLY form. */
export interface SentStep {
  sql: string
  concurrent?: boolean
}

export const RUN: PlannedPhase[] = [{ name: 'Run' }]
export const DROP: PlannedPhase[] = [{ name: 'Drop' }]

/** CREATE INDEX CONCURRENTLY. */
export const BUILD_BESIDE: PlannedPhase[] = [
  { name: 'Build', covers: ['initializing', 'waiting for writers before build', 'building index'].map((one) => `create index: ${one}`) },
  { name: 'Validate', covers: ['create index: waiting for writers before validation', 'create index: index validation'] },
  { name: 'Wait for old snapshots', covers: ['create index: waiting for old snapshots'] },
]

/** REINDEX CONCURRENTLY. */
export const REBUILD_BESIDE: PlannedPhase[] = [
  ...BUILD_BESIDE,
  { name: 'Swap' },
  { name: 'Drop old', covers: ['create index: waiting for readers'] },
]

/** CREATE INDEX and REINDEX. */
export const BUILD_IN_PLACE: PlannedPhase[] = [{ name: 'Lock' }, { name: 'Build', covers: ['create index:'] }]
