import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { explain, explainAs } from './explain'
import type { Ask } from './look'
import { beginPinned } from './pin'
import { failed, ok } from './problem'

describe.each(MAJORS)('what EXPLAIN leaves behind, and who plans, on PostgreSQL %i', (major) => {
  let db: TestDatabase
  /** A session that outlives the transaction, as behind a pooler. */
  const ask: Ask = (text, values, { extended = false } = {}) =>
    db.client.query({ text, values: values ?? [], ...(extended && { queryMode: 'extended' as const }) })
  const order = { statement: 'select * from t where id = $1', searchPath: 'public', analyze: null }
  const prepared = async () => (await db.client.query('select name from pg_prepared_statements')).rows

  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`create table t (id int primary key); create role reader_${db.target.database} login password 'x'`)
    await db.client.query(
      `create function only_ours() returns int immutable language sql as 'select 1'; revoke execute on function only_ours() from public`,
    )
  })
  beforeEach(() => db.client.query(beginPinned({ statement_timeout: 300 })))
  afterAll(async () => {
    await db.client.query(`drop owned by reader_${db.target.database}; drop role reader_${db.target.database}`)
    await db.drop()
  })

  it.each<[string, () => Promise<unknown>]>([
    ['a plan', () => explainAs(ask, major, order)],
    ['a text that cannot be prepared', () => explainAs(ask, major, { ...order, statement: 'select * from nothing' })],
    ['a plan that fails', () => explainAs(ask, major, { ...order, statement: 'select 1 / 0' })],
    ['a value that does not fit', () => explainAs(ask, major, { ...order, analyze: { values: ['x'], timeoutMs: 300 } })],
    ['a time-out', () => explainAs(ask, major, { ...order, statement: 'select pg_sleep(9)', analyze: { values: [], timeoutMs: 300 } })],
    ['a check that refuses', () => explainAs(ask, major, { ...order, check: async () => failed('invalid_input', 'no') })],
    ['a check that fails', () => explainAs(ask, major, { ...order, check: async (send) => send('select 1 / 0').then(() => ok(null)) })],
  ])('nothing after %s', async (_, explained) => {
    await explained().catch(() => undefined)
    await db.client.query('rollback')
    expect(await prepared()).toEqual([])
    expect((await db.client.query(`select current_setting('search_path') as path, current_user as role`)).rows).toEqual([
      { path: '"$user", public', role: 'postgres' },
    ])
  })

  it('is looked at again with names pinned, under the locks of the statement', async () => {
    const seen: unknown[] = []
    await explainAs(ask, major, {
      ...order,
      check: async (send) => {
        const { rows } = await send(
          `select current_setting('search_path') as path, (select mode from pg_locks where relation = 'public.t'::regclass and pid = pg_backend_pid()) as lock`,
        )
        seen.push(...rows)
        return ok(null)
      },
    })
    await db.client.query('rollback')
    expect(seen).toEqual([{ path: 'pg_catalog, pg_temp', lock: 'AccessShareLock' }])
  })

  it('is planned by a role that only reads, where it may be taken, else by ours', async () => {
    await db.client.query('rollback')
    const roles: string[] = []
    const check = async (send: Ask) => {
      roles.push((await send('select current_user::text as role')).rows[0].role)
      return ok(null)
    }
    const reader = `reader_${db.target.database}`
    await db.client.query(`grant select on t to ${reader}`)
    expect(await explain(db.target, { ...order, check })).toMatchObject({ ok: true })
    expect(await explain(db.target, { ...order, statement: 'insert into t values ($1)', check })).toMatchObject({ ok: true })
    expect(await explain(db.as(reader, 'x'), { ...order, check })).toMatchObject({ ok: true })
    await db.client.query(`grant pg_read_all_data to ${reader}`)
    expect(await explain(db.as(reader, 'x'), { ...order, check })).toMatchObject({ ok: true })
    expect(roles).toEqual(['pg_read_all_data', 'pg_read_all_data', 'postgres', reader, 'pg_read_all_data'])
  })

  it('says what the role lacks that asks, not what the other lacked', async () => {
    await db.client.query('rollback')
    expect(await explain(db.target, { ...order, statement: 'select only_ours() + id from t' })).toMatchObject({ ok: true })
    expect(await explain(db.as(`reader_${db.target.database}`, 'x'), { ...order, statement: 'delete from t' })).toMatchObject({
      ok: false,
      problem: { kind: 'insufficient_privilege' },
    })
  })
})
