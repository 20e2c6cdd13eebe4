import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import type { Before } from '../commands/define-command'
import { MAJORS } from '../embedded/binaries'
import { forgetReads } from '../server/run-read'
import { builtIndexes } from './built-indexes'

describe.each(MAJORS)('what a run built on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`create table t as select n as id, array[n % 1000, n] as tags from generate_series(1, 20000) n;
      create index t_gin on t using gin (tags); create index t_hash on t using hash (id); create index t_id on t (id)`)
    await db.client.query('vacuum analyze t')
  })
  afterAll(() => db.drop())

  const identity = async (relname: string): Promise<Before['object']> => {
    const { rows } = await db.client.query(
      'select c.oid::int8::int as oid, c.relfilenode::int8::int as relfilenode from pg_class c where oid = $1::regclass',
      [relname],
    )
    return { ...rows[0], schemaname: 'public', relname, relid: null } as Before['object']
  }
  const built = async (relname: string, files: string[], ...statements: string[]) => {
    const object = await identity(relname).catch(() => ({ oid: 0, relfilenode: 0, schemaname: 'public', relname }) as Before['object'])
    const before: Before = { at: 0, object, bytes: null, dead: null, files: await Promise.all(files.map(identity)) }
    for (const statement of statements) await db.client.query(statement)
    forgetReads()
    return builtIndexes(db.target, before)
  }
  const seen = { bytes: expect.any(Number), detail: expect.objectContaining({ amount: 20_000 }) }

  it('is the rebuilt index, under whatever OID it has now', async () => {
    const found = await built('t_gin', ['t_gin'], 'reindex index concurrently t_gin')
    const { oid: indexrelid, relfilenode } = await identity('t_gin')
    expect(found).toEqual([{ indexrelid, relfilenode, ...seen }])
  })

  it('is the new index of that name', async () => {
    const found = await built('t_new', [], 'create index t_new on t using gin (tags)')
    expect(found).toEqual([{ indexrelid: (await identity('t_new')).oid, relfilenode: (await identity('t_new')).relfilenode, ...seen }])
  })

  it('is each rebuilt index of a table that is no b-tree, and none that was left as it was', async () => {
    expect(await built('t', ['t_gin', 't_hash', 't_id', 't_new'], 'reindex table t')).toHaveLength(3)
    expect(await built('t', ['t_gin', 't_hash', 't_id', 't_new'])).toEqual([])
  })
})
