import { serverFacts } from '../server/facts'
import { grantRole } from '../server/grants'
import { ok, type Result } from '../server/problem'
import { isOthersRun } from '../server/run-marker'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { type Horizon, horizon } from '../tables/reads/horizon'
import { type BlockingNode, blockingTree } from './blocking'
import { type SessionRow, sessions } from './reads/sessions'
import { formatBlockers } from './root-blocker'

/** Client sessions against what the server takes. */
interface ConnectionCounts {
  total: number
  active: number
  idle: number
  idleInTransaction: number
  waitingForLock: number
  /** Of this role's without a word to be seen, and in rarer states. */
  other: number
  /** Of Proctor: in total, and in no other number. */
  own: number
  /** Not to be seen by this role. */
  hidden: number
  max: number
  /** What is kept for superusers, and for pg_use_reserved_connections from 16 on. */
  reserved: number
}

/** Whoever keeps VACUUM from removing the rows that died since. */
export interface XminHolder {
  kind: 'backend' | 'replication slot' | 'prepared transaction' | 'standby'
  /** The pid, the slot's name, the gid, the standby's application_name. */
  name: string
  pid: number | null
  backendStart: string | null
  state: string | null
  datname: string | null
  detail: string
  /** In transactions. */
  age: number
  /** Since when it has held, in seconds; null where the server does not tell. */
  seconds: number | null
  /** A slot that holds the catalogs' rows alone. */
  catalogOnly: boolean
  /** Whose lock it waits for itself; null: nobody's. */
  waitsFor: string | null
}

/** `own` is this console's alone: a run of another console is work like any other. */
export interface SeenSession extends SessionRow {
  /** It executes a run of another Proctor console. */
  others_run: boolean
}

/** What the sessions of a server do at one moment. */
export interface Activity {
  /** Without Proctor's own, unless one of its runs blocks or waits. */
  sessions: SeenSession[]
  counts: ConnectionCounts
  trees: BlockingNode[]
  /** Waiting sessions of which was not asked for whom they wait. */
  notAsked: number
  prepared: Horizon['prepared']
  maxPrepared: number
  /** The oldest first. */
  holders: XminHolder[]
  role: string
  /** False: what sessions of other roles do is hidden; `grant` shows it. */
  seesAll: boolean
  grant: string
}

/** Sessions, who blocks whom, and who holds the xmin horizon. Errors: unreachable, timeout. */
export async function readActivity(target: Target): Promise<Result<Activity>> {
  const [seen, beside] = await Promise.all([runRead(target, sessions, {}), runRead(target, horizon, {})])
  if (!seen.ok) return seen
  if (!beside.ok) return beside
  const facts = await serverFacts(target)
  if (!facts.ok) return facts
  const [found] = beside.value
  if (!found) throw new Error('The read horizon has one row')
  const rows = seen.value.map((row): SeenSession => {
    const others = isOthersRun(row.application_name, target.consoleId)
    return { ...row, own: row.own && !others, others_run: others }
  })
  const trees = blockingTree(rows)
  const inTree = new Set(rows.flatMap(({ pid, blocked_by: by }) => (by?.length ? [pid, ...by.map((one) => one.pid)] : [])))
  return ok({
    sessions: rows.filter(({ own, pid }) => !own || inTree.has(pid)),
    counts: countsOf(rows, found),
    trees,
    notAsked: rows.filter((row) => row.wait_event_type === 'Lock' && row.blocked_by === null).length,
    prepared: found.prepared,
    maxPrepared: found.max_prepared_transactions,
    holders: holdersOf(rows, found),
    role: found.role,
    grant: `${grantRole('pg_read_all_stats', facts.value).join(';\n')};`,
    seesAll: found.sees_all,
  })
}

/** One connection of max_connections: walsenders and workers have slots of their own (manual, 19.3 and 19.6). */
const isClient = ({ backend_type: type, hidden }: SessionRow): boolean => type === 'client backend' || hidden

function countsOf(rows: SessionRow[], found: Horizon): ConnectionCounts {
  const clients = rows.filter(isClient)
  const others = clients.filter(({ own }) => !own)
  const inState = (...states: string[]) => others.filter(({ state }) => state !== null && states.includes(state)).length
  const active = inState('active')
  const idle = inState('idle')
  const idleInTransaction = inState('idle in transaction', 'idle in transaction (aborted)')
  const hidden = others.filter((row) => row.hidden).length
  return {
    // The session that asks is not among the rows.
    total: clients.length + 1,
    active,
    idle,
    idleInTransaction,
    waitingForLock: rows.filter(({ wait_event_type: type, own }) => type === 'Lock' && !own).length,
    hidden,
    other: others.length - active - idle - idleInTransaction - hidden,
    own: clients.length - others.length + 1,
    max: found.max_connections,
    reserved: found.superuser_reserved_connections + found.reserved_connections,
  }
}

/** What holds a snapshot for so short, with no other transaction since, holds nobody up. */
const PASSING_SECONDS = 5

function holdersOf(rows: SessionRow[], found: Horizon): XminHolder[] {
  const backends = rows.flatMap((row): XminHolder[] => {
    const age = Math.max(row.xmin_age ?? -1, row.xid_age ?? -1)
    const standby = row.backend_type === 'walsender'
    const passing = !standby && (row.xact_seconds ?? 0) < PASSING_SECONDS && age === 0
    if (age < 0 || passing || row.own || row.leader_pid !== null) return []
    return [
      {
        kind: standby ? 'standby' : 'backend',
        name: standby ? row.application_name || `pid ${row.pid}` : `pid ${row.pid}`,
        pid: row.pid,
        backendStart: row.backend_start,
        state: row.state,
        datname: row.datname,
        detail: row.backend_type === 'autovacuum worker' ? 'autovacuum' : row.application_name || row.usename || 'unknown',
        age,
        seconds: standby ? null : row.xact_seconds,
        catalogOnly: false,
        waitsFor: formatBlockers(row),
      },
    ]
  })
  const shared = { pid: null, backendStart: null, state: null, waitsFor: null }
  const slots = found.slots.map((slot): XminHolder => {
    const { slot_name: name, slot_type: type, database: datname, xmin_age: xmin, catalog_xmin_age: catalog } = slot
    const reader = slot.active_pid === null ? 'no reader' : `read by pid ${slot.active_pid}`
    return {
      ...shared,
      kind: 'replication slot',
      name,
      datname,
      detail: `${type} slot, ${reader}`,
      age: Math.max(xmin ?? 0, catalog ?? 0),
      seconds: slot.inactive_seconds,
      catalogOnly: xmin === null,
    }
  })
  const prepared = found.prepared.map(
    ({ gid, owner, database, age, seconds }): XminHolder => ({
      ...shared,
      kind: 'prepared transaction',
      name: gid,
      datname: database,
      detail: `prepared by ${owner}`,
      age,
      seconds,
      catalogOnly: false,
    }),
  )
  const oldestFirst = (a: XminHolder, b: XminHolder) => b.age - a.age || (b.seconds ?? 0) - (a.seconds ?? 0)
  return [...backends.sort(oldestFirst).slice(0, MOST_BACKENDS), ...slots, ...prepared].sort(oldestFirst)
}

/** Those behind the oldest ones hold nothing back that these do not. */
const MOST_BACKENDS = 5
