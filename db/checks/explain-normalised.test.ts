import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAJORS } from '../embedded/binaries'
import { type TestDatabase, testDatabase } from '../embedded/test-database'
import { explainStatement } from './explain-statement'

const STATEMENTS = readFileSync(path.join(import.meta.dirname, '../../test/support/everyday-statements.sql'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('--'))

const TABLES = `
  create table cust (id bigint primary key, name text, meta jsonb, active boolean default true, created timestamptz default now());
  create table ord (id bigserial primary key, cust_id bigint references cust, status text, amount numeric, n int, ts timestamptz default now(), d date default current_date, tags text[], doc jsonb);
  insert into cust select g, 'c' || g, '{"a":1}' from generate_series(1, 100) g;
  insert into ord (cust_id, status, amount, n, tags, doc) select g % 100 + 1, 'paid', g, g, '{a,b}', '{"a":{"b":1}}' from generate_series(1, 1000) g;
  analyze`

describe.each(MAJORS)('the text that PostgreSQL %i keeps of a statement', (major) => {
  let db: TestDatabase

  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create extension pg_stat_statements')
    await db.client.query(TABLES)
  })
  afterAll(() => db.drop())

  it.each(STATEMENTS)('has a plan: %s', async (statement) => {
    const here = `(select oid from pg_database where datname = current_database())`
    await db.client.query(`select pg_stat_statements_reset(0, ${here}, 0)`)
    await db.client.query(statement)
    const { rows } = await db.client.query(
      `select query from pg_stat_statements where dbid = ${here} and query !~ 'pg_stat_statements|^rollback' order by calls desc`,
    )
    const query: string = rows[0].query
    expect(query).toContain('$1') // else it proves nothing of normalised texts
    const explained = await explainStatement(db.target, { query, rolname: 'postgres', analyze: null })
    if (!explained.ok) throw new Error(`${query}: ${explained.problem.message}`)
    expect(explained.value.plan.nodes.length).toBeGreaterThan(0)
  })
})
