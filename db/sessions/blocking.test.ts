import { describe, expect, it } from 'vitest'
import { blockingTree } from './blocking'

const waiter = (pid: number, by: number[], seconds = 1) => ({
  pid,
  awaits: null,
  wait_seconds: seconds,
  blocked_by: by.map((blocker) => ({ pid: blocker, gid: blocker === 0 ? 'gid' : null, mode: null, granted: true })),
})

describe('a blocking tree', () => {
  it('stands on the blockers that wait for nobody, the one that holds up most first', () => {
    const trees = blockingTree([
      waiter(2, [1]),
      waiter(11, [10]),
      waiter(12, [11], 9),
      waiter(13, [11]),
      { ...waiter(10, []), blocked_by: null },
    ])
    expect(trees.map(({ pid, direct, all, releases, longestWait }) => [pid, direct, all, releases, longestWait])).toEqual([
      [10, 1, 3, 1, 9],
      [1, 1, 1, 1, 1],
    ])
    expect(trees[0]?.waiters[0]).toMatchObject({ pid: 11, direct: 2, all: 2, releases: 2, others: [] })
    expect(trees[0]?.waiters[0]?.waiters.map(({ pid }) => pid)).toEqual([12, 13])
  })

  it('shows a session that waits for several once, names the others, and lets none of them release it', () => {
    const trees = blockingTree([waiter(3, [1, 2]), waiter(4, [2]), waiter(5, [3])])
    expect(trees.map(({ pid, direct, all, releases }) => [pid, direct, all, releases])).toEqual([
      [2, 2, 3, 1],
      [1, 1, 2, 0],
    ])
    expect(trees[0]?.waiters.map(({ pid, others }) => [pid, others])).toEqual([
      [4, []],
      [3, ['1']],
    ])
    expect(trees[1]?.waiters).toEqual([])
  })

  it('ends where sessions wait for each other', () => {
    const trees = blockingTree([waiter(1, [2]), waiter(2, [1]), waiter(3, [1])])
    expect(trees).toHaveLength(1)
    expect(trees[0]).toMatchObject({ pid: 1, all: 2 })
  })

  it('counts a parallel worker that waits as its leader, which then is no root', () => {
    const worker = (pid: number, leader: number, by: number[]) => ({ ...waiter(pid, by, 5), leader_pid: leader })
    const trees = blockingTree([worker(21, 20, [1]), worker(22, 20, [1]), waiter(30, [20])])
    expect(trees).toHaveLength(1)
    expect(trees[0]).toMatchObject({ pid: 1, all: 2, direct: 1, releases: 1 })
    expect(trees[0]?.waiters).toMatchObject([{ pid: 20, waitSeconds: 5, waiters: [{ pid: 30 }] }])
  })

  it('knows a prepared transaction by its gid', () => {
    expect(blockingTree([waiter(1, [0])])[0]).toMatchObject({ key: 'prepared gid', pid: 0, gid: 'gid', all: 1 })
  })
})
