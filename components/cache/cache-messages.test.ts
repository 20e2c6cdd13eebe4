import { describe, expect, it } from 'vitest'
import { ok } from '@/db/server/problem'
import type { CacheAnswer, DatabaseBlocks, RelationBlocks } from './cache-answer'
import { cacheTitle, holdsWords, ioWords, mostRead, pageCacheWords, ratioWords, relationsWords } from './cache-messages'

const database = (more: Partial<DatabaseBlocks>): DatabaseBlocks => ({
  ...{ datname: 'lms', hit: 0, read: 0, readMs: 0, tempFiles: 0, tempBytes: 0, bytes: null, since: null },
  ...more,
})
const relations = (...reads: number[]): RelationBlocks => ({
  tables: reads.map((read, at) => ({
    ...{ relid: at, schemaname: 'public', relname: `t${at}` },
    parts: [{ oid: at, relname: `t${at}`, part: 'heap' as const, read: String(read), hit: '0', seq_scans: '0', bytes: 8192 }],
  })),
  indexes: [],
  ...{ table_count: reads.length, index_count: 0, user_hit: '0', index_read: '0', index_hit: '0', system_read: '0', system_hit: '0' },
  user_read: String(reads.reduce((sum, read) => sum + read, 0)),
})
const answer = (databases: DatabaseBlocks[], of: RelationBlocks = relations(), timing = true): CacheAnswer => ({
  major: 18,
  settings: {
    ...{ block_size: 8192, shared_buffers: 2 ** 27, effective_cache_size: 2 ** 32, io_combine_limit: 131_072, track_io_timing: timing },
    ...{ autoprewarm: false, buffercache_available: '1.6', buffercache_installed: null },
  },
  ...{ source: 'samples', from: 0, to: 3_600_000, begin: null, databases, relationsSince: '2026-11-01T00:00:00.000Z' },
  ...{ relationsWindow: null, ioWindow: null },
  ...{ relations: ok(of), io: ok([]), summary: { ok: false, problem: { kind: 'missing_extension', message: '' } } },
  ...{ larger: { kind: 'none', reason: 'few' }, recommended: null, statements: [], statementsRead: 0, backendWrites: null },
})

describe('what the page of the cache says', () => {
  it('never rounds a ratio up to all of it', () => {
    expect([1, 0.999999, 0.994, 0.98765].map(ratioWords)).toEqual(['100%', '99.99%', '99.40%', '98.76%'])
  })

  it('says over what relations and backends were counted: the range, where it was sampled', () => {
    const now = '2026-11-20T00:00:00.000Z'
    const sampled = { ...answer([]), relationsWindow: { from: 0, to: 7_200_000 }, ioWindow: { from: 0, to: 3_600_000 } }
    expect([relationsWords(sampled, now), ioWords(sampled, now)]).toEqual(['2 h', '1 h'])
    expect(relationsWords(answer([]), now)).toContain('since 1 Nov')
    expect(ioWords(answer([]), now)).toBe('since the last reset')
  })

  it('names the table with a quarter of the reads, and none of a few reads', () => {
    expect(mostRead(answer([], relations(500, 600, 100)))).toEqual({ relname: 't0', share: 500 / 1200 })
    expect(mostRead(answer([], relations(200, 300, 300, 400)))).toBeUndefined()
    expect(mostRead(answer([], relations(900)))).toBeUndefined()
  })

  it('gives no ratio of too few blocks', () => {
    expect(cacheTitle(answer([database({ hit: 10, read: 49_000 })]))).not.toContain('%')
    expect(cacheTitle(answer([database({ hit: 99_000, read: 1_000 })]))).toContain('99.00%')
  })

  it('tells storage from memory by the time of a read alone', () => {
    const words = (readMs: number, timing = true) => pageCacheWords(answer([database({ read: 10_000, readMs })], relations(), timing))
    expect(words(200)).toContain('0.02 ms')
    expect(words(200)).toContain('page cache of the kernel, not')
    expect(words(5_000)).toContain('storage.')
    expect(words(5_000, false)).toContain('track_io_timing is off')
    expect(words(0)).toContain('too few')
  })

  it('names what would be held', () => {
    expect(holdsWords({ holds: ['a', 'b', 'c'], partly: 'd' })).toBe('a, b and 1 more, a part of d')
    expect(holdsWords({ holds: [], partly: 'd' })).toBe('a part of d')
    expect(holdsWords({ holds: [], partly: null })).toBe('nothing more')
  })
})
