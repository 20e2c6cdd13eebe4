import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { orThrow } from '../../test/support/or-throw'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import type { Before } from '../commands/define-command'
import { indexedTables } from '../commands/facts/indexed-tables'
import { MAJORS } from '../embedded/binaries'
import { forgetReads, runRead } from '../server/run-read'
import { builtIndexes } from './built-indexes'

describe.each(MAJORS)('what a run built on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`create table t with (autovacuum_enabled = off) as select n as id, array[n % 1000, n] as tags from generate_series(1, 20000) n;
      create index t_gin on t using gin (tags); create index t_hash on t using hash (id); create index t_id on t (id);
      create table small as select array[1] as tags; create index small_gin on small using gin (tags);
      create table p (id int, tags int[]) partition by range (id); create table p1 partition of p for values from (0) to (10000);
      create table p2 partition of p for values from (10000) to (30000); insert into p select id, tags from t; create index p_gin on p using gin (tags)`)
    for (const table of ['t', 'small', 'p']) await db.client.query(`vacuum analyze ${table}`)
    await counted(20_000)
  })
  afterAll(() => db.drop())

  /** 14 counts late. */
  const counted = (changes: number) => {
    const now = `select (pg_stat_get_tuples_inserted('t'::regclass) + pg_stat_get_tuples_updated('t'::regclass))::int as n`
    return vi.waitFor(async () => expect((await db.client.query(now)).rows[0].n).toBe(changes), { timeout: 20_000, interval: 100 })
  }
  const fileOf = async (relname: string): Promise<{ oid: number; relfilenode: number; bytes: number }> =>
    (
      await db.client.query(
        'select oid::int8::int, relfilenode::int8::int, pg_relation_size(oid)::int as bytes from pg_class where oid = $1::regclass',
        [relname],
      )
    ).rows[0]
  /** What a run finds that begins before these statements, each of a session of its own, so that it is counted when they are through. */
  const built = async (table: string, statements: string[], own?: string, changes?: number) => {
    const { oid: relid } = await fileOf(table)
    const tables = orThrow(await runRead(db.target, indexedTables, { relid, indexes: [] }))
    const before = { object: { oid: relid, relid }, files: [], tables } as unknown as Before
    for (const statement of statements) {
      const session = await db.connect()
      await session.query(statement)
      await session.end()
    }
    if (changes !== undefined) await counted(changes)
    forgetReads()
    return (await builtIndexes(db.target, before, own === undefined ? undefined : await fileOf(own))).map(({ indexrelid }) => indexrelid)
  }
  const oidsOf = async (...names: string[]) => {
    const oids: number[] = []
    for (const name of names) oids.push((await fileOf(name)).oid)
    return oids.sort((a, b) => a - b)
  }

  it('is the rebuilt index, under whatever OID it has now', async () => {
    expect(await built('t', ['reindex index concurrently t_gin'])).toEqual(await oidsOf('t_gin'))
    expect(await built('t', ['reindex index t_id'], 't_id')).toEqual(await oidsOf('t_id'))
  })

  it('is the new index, each rebuilt one of a table, and those of its partitions', async () => {
    expect(await built('t', ['create index t_new on t using gin (tags)'])).toEqual(await oidsOf('t_new'))
    expect(await built('t', ['reindex table t'])).toEqual(await oidsOf('t_gin', 't_hash', 't_new'))
    expect(await built('p', ['reindex table p'])).toEqual(await oidsOf('p1_tags_idx', 'p2_tags_idx'))
  })

  it('is nothing that lies in its file still, is tiny, or whose table changed much meanwhile', async () => {
    expect(await built('t', [])).toEqual([])
    expect(await built('t', [], 't_id')).toEqual([])
    expect(await built('small', ['reindex table small'])).toEqual([])
    const [few, many] = [0, 1].map((rest) => `update t set id = id where id % ${rest === 0 ? 50 : 4} = 0`) as [string, string]
    expect(await built('t', [few, 'reindex index t_gin'], undefined, 20_400)).toEqual(await oidsOf('t_gin'))
    expect(await built('t', [many, 'reindex table t'], 't_id', 25_400)).toEqual([])
  })
})
