import { describe, expect, it } from 'vitest'
import { formerName, indexChain } from '@/db/history/index-chain'
import { forgetReads } from '@/db/server/run-read'
import { benchForTests } from '@/test/support/run-bench'
import { readIndex } from './index-reads'

describe.each([14, 18] as const)('an index that was rebuilt concurrently on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)

  it('keeps its history and its address, whatever its OID is by then', async () => {
    await bench.bloated('course')
    await bench.startWorker()
    const oids: number[] = []
    for (let n = 0; n < 2; n++) {
      const oid = await bench.oidOf('course_id')
      oids.push(oid)
      await bench.over((await bench.confirmed('reindex-index', { oid, concurrently: true })).id)
    }
    const [first = 0, second = 0] = oids
    const now = await bench.oidOf('course_id')
    expect(new Set([first, second, now]).size).toBe(3)
    const place = { server: bench.db.target.serverId, database: bench.db.target.database }
    const name = { schemaname: 'public', relname: 'course_id' }
    expect((await indexChain(place.server, place.database, name, now)).sort()).toEqual([first, second, now].sort())
    expect(await formerName(place.server, place.database, first)).toEqual(name)
    expect(await formerName(place.server, place.database, 1)).toBeNull()
    for (const asked of [first, second, now]) {
      forgetReads()
      const described = await readIndex(place, asked)
      if (!described.ok) throw new Error(described.problem.message)
      expect(described.value.finding).toMatchObject({ indexrelid: now, indexrelname: 'course_id' })
      // One measurement after each rebuild, the newest of the present file.
      expect(described.value.measurements.map(({ indexrelid, current }) => [indexrelid, current])).toEqual([
        [now, true],
        [second, false],
      ])
    }
    expect(await readIndex(place, 1)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  })
})
