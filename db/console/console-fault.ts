import type { Problem } from '../server/problem'

/** What can be wrong with the console's own database, as far as it makes a difference to whoever waits for it. */
export type ConsoleFaultKind = 'lost' | 'hanging' | 'full' | 'read_only' | 'busy' | 'deadlock' | 'cancelled' | 'broken' | 'other'

export interface ConsoleFault {
  kind: ConsoleFaultKind
  /** One sentence of ours: what the driver or the server said may hold a query with its values. */
  message: string
  /** What to do about it. */
  hint: string
  /** Whether the same may succeed a moment later: the statement was not at fault. */
  passes: boolean
}

const WORDS: Record<ConsoleFaultKind, Omit<ConsoleFault, 'kind'>> = {
  lost: {
    message: 'The console database cannot be reached: it is down, starting, or refuses the console.',
    hint: 'Start it again, and check its log; Proctor resumes by itself once it is back.',
    passes: true,
  },
  hanging: {
    message: 'The console database does not answer in time.',
    hint: 'Check whether its server is stopped or overloaded, or the network drops packets; Proctor resumes by itself once it answers.',
    passes: true,
  },
  full: {
    message: 'The disk of the console database is full: nothing can be written.',
    hint: 'Make room on it, or shorten PROCTOR_RETENTION_*; Proctor resumes by itself once there is room.',
    passes: true,
  },
  read_only: {
    message: 'The console database is read-only: nothing can be written.',
    hint: 'Set default_transaction_read_only = off, or give PROCTOR_DATABASE_URL the address of the primary.',
    passes: true,
  },
  busy: {
    message: 'The server of the console database has no connections or memory left.',
    hint: 'Close other sessions there, or raise max_connections or the limit of the role or the database.',
    passes: true,
  },
  deadlock: { message: 'Another session held a lock on what was to be changed in the console database.', hint: 'Try again.', passes: true },
  cancelled: {
    message: 'The console database cancelled a statement, or it took too long.',
    hint: 'Try again; if it happens often, check what its server is busy with.',
    passes: true,
  },
  broken: {
    message: 'The console database reports a fault of its disk, its files or its memory.',
    hint: "Check its server's log; what could not be written is retried.",
    passes: true,
  },
  other: {
    message: 'The console database refused a statement of Proctor.',
    hint: "Its message is in the console's log.",
    passes: false,
  },
}

/** SQLSTATE, or its class, to kind (manual, appendix A); the longest that fits counts. */
const BY_SQLSTATE: [start: string, kind: ConsoleFaultKind][] = [
  ['08', 'lost'],
  ['28', 'lost'], // the role may not log in any more
  ['3D000', 'lost'],
  ['57P0', 'lost'], // shutdown, crash, starting up, idle_session_timeout, database dropped
  ['57014', 'cancelled'],
  ['25P03', 'cancelled'],
  ['25P04', 'cancelled'],
  ['25006', 'read_only'],
  ['40', 'deadlock'],
  ['55P03', 'deadlock'],
  ['53100', 'full'],
  ['53', 'busy'],
  ['58', 'broken'],
  ['F0', 'broken'],
  ['XX', 'broken'],
]

/** A full disk is not always said by 53100: a WAL or a temporary file ends in 58030, XX000 or 53400. */
const NO_ROOM = /no space left|disk quota exceeded/i

/** What the network says, and node-postgres in messages without a code. */
const SILENT = /^(ETIMEDOUT|EAI_AGAIN)$/
const GONE = /^(E(CONN\w+|PIPE|HOST\w+|NET\w+|NOTFOUND|NOENT|ACCES)|ENOTFOUND)$/
const SILENT_MESSAGE = /timeout exceeded when trying to connect|due to connection timeout|Query read timeout|timeout expired/
const GONE_MESSAGE = /Connection terminated|not queryable|Client was closed|Client has encountered a connection error/

/** A fault that somebody has found out otherwise than by an error. */
export const consoleFault = (kind: ConsoleFaultKind): ConsoleFault => ({ kind, ...WORDS[kind] })

/**
 * What is wrong with the console database, from whatever was thrown over it: the driver's error, ours (LinkFault), what Drizzle wrapped
 * around either, or what pg-boss copied from it. Null: it is none of these, so a bug.
 */
export function consoleFaultOf(error: unknown): ConsoleFault | null {
  const kind = kindOf(error)
  return kind && consoleFault(kind)
}

function kindOf(error: unknown, depth = 0): ConsoleFaultKind | null {
  if (typeof error !== 'object' || error === null || depth > 5) return null
  const { code, fault, message, severity, cause, errors, query } = error as Record<string, unknown>
  if (fault === 'no_answer') return 'hanging'
  if (fault === 'lost') return 'lost'
  // The message of what Drizzle wraps is the statement with its values, which may say anything.
  const [said, words] = [String(code ?? ''), query === undefined ? String(message ?? '') : '']
  const isSqlState = /^[0-9A-Z]{5}$/.test(said) && severity !== undefined
  if (isSqlState && NO_ROOM.test(words)) return 'full'
  if (isSqlState) return BY_SQLSTATE.find(([start]) => said.startsWith(start))?.[1] ?? 'other'
  if (SILENT.test(said) || SILENT_MESSAGE.test(words)) return 'hanging'
  if (GONE.test(said) || GONE_MESSAGE.test(words)) return 'lost'
  for (const inner of [cause, ...(Array.isArray(errors) ? errors : [])]) {
    const kind = kindOf(inner, depth + 1)
    if (kind) return kind
  }
  return null
}

/** As a problem, for answers of actions and routes. */
export const asProblem = ({ message, hint }: ConsoleFault): Problem => ({ kind: 'unreachable', message, hint })
