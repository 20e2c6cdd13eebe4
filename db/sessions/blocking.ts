import type { AwaitedLock, SessionRow } from './reads/sessions'

/** One who holds others up, or waits, in a blocking tree. */
export interface BlockingNode {
  /** pid, or the gid of a prepared transaction. */
  key: string
  pid: number
  gid: string | null
  /** What it waits for; null for a root. */
  awaits: AwaitedLock | null
  waitSeconds: number | null
  /** The lock by which the one above holds it up; granted false: it only stands ahead in the queue. */
  heldBy: { mode: string | null; granted: boolean } | null
  /** Whom it waits for beside the one above it. */
  others: string[]
  /** Sessions that wait for it itself, and all that wait behind those, too. */
  direct: number
  all: number
  /** Sessions that would go on at once if it ended: they wait for nobody else. */
  releases: number
  /** The longest that any of them has waited, in seconds. */
  longestWait: number
  waiters: BlockingNode[]
}

type WaitingRow = Pick<SessionRow, 'pid' | 'awaits' | 'wait_seconds' | 'blocked_by'> & Partial<Pick<SessionRow, 'leader_pid'>>

/** Those that wait, each leader once with all that its workers wait for. */
function asLeaders(sessions: WaitingRow[]): WaitingRow[] {
  const found = new Map<number, WaitingRow>()
  for (const row of sessions) {
    const pid = row.leader_pid ?? row.pid
    const blockers = (row.blocked_by ?? []).filter((by) => by.pid !== pid)
    if (blockers.length === 0) continue
    const before = found.get(pid)
    const others = before?.blocked_by ?? []
    const isNew = (by: (typeof blockers)[number]) => !others.some((other) => keyOf(other.pid, other.gid) === keyOf(by.pid, by.gid))
    found.set(pid, {
      ...(before ?? row),
      pid,
      wait_seconds: Math.max(before?.wait_seconds ?? 0, row.wait_seconds ?? 0),
      blocked_by: [...others, ...blockers.filter(isNew)],
    })
  }
  return [...found.values()]
}

const keyOf = (pid: number, gid: string | null): string => (pid === 0 ? `prepared ${gid ?? ''}` : String(pid))

/**
 * Who waits for whom, root blockers first, the one that holds up most at the top. A session that waits for several stands once,
 * as deep as it can; the others are named. A parallel worker that waits counts as its leader, which is how pg_blocking_pids
 * names it where it blocks. A circle, which deadlock_timeout ends, is entered at its lowest pid.
 */
export function blockingTree(sessions: WaitingRow[]): BlockingNode[] {
  const waiting = new Map(asLeaders(sessions).map((row) => [String(row.pid), row]))
  const blockers = new Map<string, { pid: number; gid: string | null }>()
  const waitersOf = new Map<string, string[]>()
  for (const [key, row] of waiting) {
    for (const { pid, gid } of row.blocked_by ?? []) {
      const by = keyOf(pid, gid)
      blockers.set(by, { pid, gid })
      waitersOf.set(by, [...(waitersOf.get(by) ?? []), key])
    }
  }
  const behind = (key: string): Set<string> => {
    const found = new Set<string>()
    const queue = [key]
    for (let next = queue.pop(); next !== undefined; next = queue.pop())
      for (const waiter of waitersOf.get(next) ?? []) if (waiter !== key && !found.has(waiter)) queue.push(waiter) && found.add(waiter)
    return found
  }
  const placed = new Set<string>()
  const node = (key: string, above: string | null): BlockingNode => {
    placed.add(key)
    const row = waiting.get(key)
    // Whoever waits for one alone comes first, so that one who waits for several stands behind all of them.
    const byBlockers = (a: string, b: string) => (waiting.get(a)?.blocked_by?.length ?? 0) - (waiting.get(b)?.blocked_by?.length ?? 0)
    const direct = [...(waitersOf.get(key) ?? [])].sort(byBlockers)
    const all = behind(key)
    const link = row?.blocked_by?.find(({ pid, gid }) => keyOf(pid, gid) === above)
    return {
      key,
      pid: blockers.get(key)?.pid ?? row?.pid ?? 0,
      gid: blockers.get(key)?.gid ?? null,
      awaits: row?.awaits ?? null,
      waitSeconds: row?.wait_seconds ?? null,
      heldBy: link ? { mode: link.mode, granted: link.granted } : null,
      others: (row?.blocked_by ?? []).map(({ pid, gid }) => keyOf(pid, gid)).filter((by) => by !== above),
      direct: direct.length,
      all: all.size,
      releases: direct.filter((waiter) => waiting.get(waiter)?.blocked_by?.length === 1).length,
      longestWait: Math.max(0, ...[...all].map((waiter) => waiting.get(waiter)?.wait_seconds ?? 0)),
      // One after the other: a waiter of several has to be taken by the first.
      waiters: direct.flatMap((waiter) => (placed.has(waiter) ? [] : [node(waiter, key)])),
    }
  }
  const size = new Map([...blockers.keys()].map((key) => [key, behind(key).size]))
  const bySize = (a: string, b: string) => (size.get(b) ?? 0) - (size.get(a) ?? 0) || Number(a) - Number(b)
  const roots = [...blockers.keys()].filter((key) => !waiting.has(key)).sort(bySize)
  const trees = roots.map((key) => node(key, null))
  const circles = [...waiting.keys()].sort((a, b) => Number(a) - Number(b))
  for (const key of circles) if (!placed.has(key)) trees.push(node(key, null))
  return trees
}
