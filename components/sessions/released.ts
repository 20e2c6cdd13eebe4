import type { BlockingNode } from '@/db/sessions/blocking'
import { blockerName, nameOf } from './activity-messages'
import type { ActivityAnswer } from './activity-types'
import { nodesOf } from './tree-nodes'

/** A session that waited behind another one. */
export interface Waiter {
  pid: number
  /** Tells it from a later session with the same pid; null where the role may not see it. */
  backendStart: string | null
  /** metabase, else its role. */
  who: string
}

export interface Released {
  /** They wait for no lock any more. */
  wentOn: Waiter[]
  /** They are not there any more. */
  ended: Waiter[]
  /** They wait still, or again, and for whom. */
  waiting: { waiter: Waiter; on: string }[]
}

/** Everybody who waits behind a session, near and far, in the order of the tree. */
export function waitersBehind({ trees, sessions }: Pick<ActivityAnswer, 'trees' | 'sessions'>, pid: number): Waiter[] {
  const rows = new Map(sessions.map((row) => [row.pid, row]))
  const node = trees.flatMap(nodesOf).find((one) => one.pid === pid)
  const behind = node ? nodesOf(node).slice(1) : []
  return behind.map(({ pid: of }) => {
    const row = rows.get(of)
    return { pid: of, backendStart: row?.backend_start ?? null, who: row ? nameOf(row) : 'unknown' }
  })
}

/** What became of them, by what is seen now. */
export function releasedOf(waiters: Waiter[], { trees, sessions }: Pick<ActivityAnswer, 'trees' | 'sessions'>): Released {
  const blockers = new Map<number, BlockingNode>()
  const walk = (node: BlockingNode) => {
    for (const waiter of node.waiters) {
      blockers.set(waiter.pid, node)
      walk(waiter)
    }
  }
  for (const tree of trees) walk(tree)
  const released: Released = { wentOn: [], ended: [], waiting: [] }
  for (const waiter of waiters) {
    const there = sessions.some(({ pid, backend_start: start }) => pid === waiter.pid && start === waiter.backendStart)
    const blocker = blockers.get(waiter.pid)
    if (!there) released.ended.push(waiter)
    else if (blocker) released.waiting.push({ waiter, on: blockerName(blocker) })
    else released.wentOn.push(waiter)
  }
  return released
}
