import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planForTest } from '../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { COMMANDS } from '../commands/registry'
import { MAJORS } from '../embedded/binaries'
import { forgetFacts } from '../server/facts'
import { forgetReads, runRead } from '../server/run-read'
import { indexEstimates } from './index-estimates'
import { helperStatements } from './reads/statistics-helper-sql'
import { statisticsHelperState } from './reads/statistics-helper-state'

describe.each(MAJORS)('the statistics helper on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const role = `sh_${major}`
  const estimateOf = async (name: string, target = db.as(role, 'x')) => {
    forgetReads()
    forgetFacts()
    const rows = await indexEstimates(target)
    if (!rows.ok) throw new Error(rows.problem.message)
    const { rows: found } = await db.client.query<{ oid: number }>('select $1::regclass::oid as oid', [name])
    return rows.value.find(({ indexrelid }) => indexrelid === found[0]?.oid)
  }

  beforeAll(async () => {
    db = await testDatabase(major)
    const session = await db.connect()
    for (const statement of [
      `create role ${role} login password 'x' in role pg_monitor; create role ${role}_none login password 'x'`,
      'create table secret (id int, word text, a int, b int) with (autovacuum_enabled = off)',
      `insert into secret select n, 'password ' || n % 5000, n % 50, n % 1000 from generate_series(1, 20000) n`,
      'create index secret_word on secret (word)',
      'create index secret_upper on secret (upper(word))',
      'create index secret_pair on secret (a, b)',
      'create statistics secret_s (ndistinct) on a, b from secret',
    ])
      await session.query(statement)
    await session.end()
    await db.client.query('vacuum analyze secret')
  })
  afterAll(async () => {
    await db.client.query(`drop owned by ${role}; drop role ${role}; drop role ${role}_none`)
    await db.drop()
  })

  it('gives a role of pg_monitor the estimate of one that sees everything, once it is installed', async () => {
    expect(await estimateOf('secret_word')).toMatchObject({
      withheld: 'column statistics not visible',
      fix: `GRANT SELECT ON public.secret TO ${role}`,
    })
    const command = COMMANDS.get('install-statistics-helper')
    if (!command) throw new Error('No such command')
    const planned = await planForTest(db.target, command, {})
    if (!planned.ok) throw new Error(planned.problem.message)
    expect(planned.value.preflight.filter(({ status }) => status === 'stop')).toEqual([])
    for (const statement of planned.value.plan.statements) await db.client.query(statement)
    for (const name of ['secret_word', 'secret_upper', 'secret_pair'])
      expect(await estimateOf(name)).toEqual(await estimateOf(name, db.target))
    expect(await estimateOf('secret_word')).toMatchObject({ withheld: null })
  })

  it('hands out no value, and nothing at all to others', async () => {
    const monitor = await db.connect({ user: role, password: 'x' })
    const { rows } = await monitor.query(
      `select * from pg_attribute a, proctor.column_statistics(a.attrelid, a.attnum, true) where attrelid = 'secret'::regclass`,
    )
    expect(rows.length).toBeGreaterThan(3)
    expect(JSON.stringify(rows.map(({ freqs, common, bounds }) => ({ freqs, common, bounds })))).not.toMatch(/password/)
    await monitor.end()
    const nobody = await db.connect({ user: `${role}_none`, password: 'x' })
    await expect(nobody.query('select proctor.key_combinations()')).rejects.toMatchObject({ code: '42501' })
    await nobody.end()
  })

  it('is not called when somebody else could have written it', async () => {
    const callable = async () => {
      forgetReads()
      const state = await runRead(db.as(role, 'x'), statisticsHelperState, {})
      return state.ok && state.value[0]?.callable
    }
    expect(await callable()).toBe(true)
    await db.client.query(`create or replace function proctor.key_combinations() returns table (schemaname name, tablename name, key text, nd float8)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$ select null::name, null::name, 'x', 1::float8 $$`)
    expect(await callable()).toBe(false)
    for (const statement of helperStatements) await db.client.query(statement)
    expect(await callable()).toBe(true)
    await db.client.query(`alter function proctor.column_statistics(oid, int2, boolean) owner to ${role}_none`)
    expect(await callable()).toBe(false)
    await db.client.query('alter function proctor.column_statistics(oid, int2, boolean) owner to current_user')
  })
})
