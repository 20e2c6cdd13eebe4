import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { LMS_MIGRATIONS } from '../lms/migrate'
import { installStatements, removeStatement } from './install'

describe('the migration that installs the health functions', () => {
  it('is what installStatements says', async () => {
    // `vitest -u` writes it. Once it is released, a change goes into a new custom migration, which then stands here.
    const migration = path.join(LMS_MIGRATIONS, '0003_health-functions.sql')
    await expect(`${installStatements('public').join(';--> statement-breakpoint\n')};\n`).toMatchFileSnapshot(migration)
  })
})

/** The guide's functions, as far as their names and types go. */
const GUIDE = /* sql */ `
  create function monitor_index_health() returns table (
    schema_name text, table_name text, index_name text, index_size text, index_scans bigint, tuples_read bigint, tuples_fetched bigint,
    usage_ratio numeric, recommendation text) language plpgsql as 'begin return; end';
  create function check_index_bloat() returns table (
    schema_name text, table_name text, index_name text, bloat_ratio numeric, wasted_space text, recommendation text)
  language plpgsql as 'begin return; end'`

const FUNCTIONS = /* sql */ `
  select format('%s.%s(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as signature
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where p.proname in ('monitor_index_health', 'check_index_bloat') order by 1`

describe.each(MAJORS)('installStatements on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())
  const run = async (statements: string[]) => {
    for (const statement of statements) await db.client.query(statement)
  }

  it('replaces the functions of the guide, so that a call without arguments is clear', async () => {
    await db.client.query(GUIDE)
    await run(installStatements('public'))
    await run(installStatements('public'))
    const { rows: health, fields } = await db.client.query('select * from monitor_index_health()')
    const bloat = await db.client.query('select * from check_index_bloat()')
    expect(health).toEqual([])
    expect(fields.map(({ name }) => name).join()).toBe(
      'schema_name,table_name,index_name,index_size,index_scans,tuples_read,tuples_fetched,usage_ratio,recommendation',
    )
    expect(bloat.fields.map(({ name }) => name).join()).toBe('schema_name,table_name,index_name,bloat_ratio,wasted_space,recommendation')
  })

  it('installs into a schema of any name, and removes again what it installed', async () => {
    const schema = 'x"; drop table users; --'
    await db.client.query('create schema "x""; drop table users; --"')
    await run(installStatements(schema))
    const both = await db.client.query(FUNCTIONS)
    expect(both.rows.map(({ signature }) => signature)).toEqual([
      'public.check_index_bloat(p_schema text, p_min_ratio numeric, p_min_waste bigint)',
      'public.monitor_index_health(p_schema text)',
      `${schema}.check_index_bloat(p_schema text, p_min_ratio numeric, p_min_waste bigint)`,
      `${schema}.monitor_index_health(p_schema text)`,
    ])
    await run([removeStatement(schema), removeStatement('public'), removeStatement('public')])
    expect((await db.client.query(FUNCTIONS)).rows).toEqual([])
  })
})
