import { describe, expect, it } from 'vitest'
import { blockingTree } from '@/db/sessions/blocking'
import type { ActivityAnswer } from './activity-types'
import { releasedOf, waitersBehind } from './released'

/** Sessions by pid with whom they wait for, and when they began. */
function seen(waits: Record<number, number[]>, start: (pid: number) => string = (pid) => `at ${pid}`) {
  const sessions = Object.entries(waits).map(([key, on]) => ({
    pid: Number(key),
    backend_start: start(Number(key)),
    application_name: `app ${key}`,
    awaits: on.length > 0 ? ({ mode: 'ShareLock' } as never) : null,
    wait_seconds: on.length > 0 ? 1 : null,
    blocked_by: on.map((pid) => ({ pid, gid: null, mode: null, granted: true })),
    leader_pid: null,
  }))
  return { sessions, trees: blockingTree(sessions as never) } as unknown as ActivityAnswer
}
const pids = (waiters: { pid: number }[]) => waiters.map(({ pid }) => pid)

describe('what ending a session released', () => {
  const before = seen({ 1: [], 2: [1], 3: [2], 4: [1], 9: [] })

  it('is about those who stood behind it', () => {
    expect(waitersBehind(before, 1)).toHaveLength(3)
    expect(pids(waitersBehind(before, 1)).sort()).toEqual([2, 3, 4])
    expect(pids(waitersBehind(before, 2))).toEqual([3])
    expect(waitersBehind(before, 9)).toEqual([])
    expect(waitersBehind(before, 3)).toEqual([])
  })

  it('tells who went on, who still waits and for whom, and who is gone', () => {
    const after = releasedOf(waitersBehind(before, 1), seen({ 2: [], 3: [2], 9: [] }))
    expect(pids(after.wentOn)).toEqual([2])
    expect(after.waiting.map(({ waiter, on }) => [waiter.pid, on])).toEqual([[3, 'pid 2']])
    expect(pids(after.ended)).toEqual([4])
  })

  it('takes no later session with the same pid for one that went on', () => {
    const after = releasedOf(
      waitersBehind(before, 2),
      seen({ 2: [], 3: [] }, () => 'later'),
    )
    expect([pids(after.wentOn), pids(after.ended)]).toEqual([[], [3]])
  })
})
