import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepare } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'

describe.each([14, 18] as const)('functions that name others without a schema, on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`create schema c25; create table c25.t (id int primary key, n text);
      insert into c25.t select g, md5(g::text) from generate_series(1, 1000) g;
      create function public.helper(text) returns text immutable language sql as 'select upper($1)';
      create table public.lookup (n text); create type public.kind as (a int)`)
  })
  afterAll(() => db.drop())
  const oidOf = async (name: string) => (await db.client.query(`select '${name}'::regclass::oid as oid`)).rows[0].oid as number
  /** Makes the function of an index, and asks; `works`: the server rebuilds that index. */
  const said = async (language: string, body: string) => {
    // Replaced once its index is there: from 17 on CREATE INDEX itself would not find the names any more.
    await db.client.query(`drop function if exists c25.norm(text) cascade;
      create function c25.norm(text) returns text immutable language sql as 'select pg_catalog.lower($1)';
      create index t_norm on c25.t (c25.norm(n)) where n <> '';
      create or replace function c25.norm(text) returns text immutable language ${language} as $body$${body}$body$`)
    const { line, plan } = await prepare(db.target, 'reindex-index', { oid: await oidOf('c25.t_norm') })
    const works = await db.client
      .query(`set search_path = pg_catalog, pg_temp; ${plan.statements.at(-1)?.replace(' CONCURRENTLY', '')}`)
      .then(
        () => true,
        () => false,
      )
    await db.client.query('reset search_path')
    return { status: line('search-path')?.status, detail: line('search-path')?.detail, works }
  }

  it.each([
    ['sql', 'select helper($1)'],
    ['sql', 'select public.helper(helper($1))'],
    ['plpgsql', 'begin return helper($1); end'],
    ['plpgsql', 'declare x text; begin x := helper($1); return x; end'],
    ['plpgsql', 'declare x text; begin select helper($1) into x; return x; end'],
    ['plpgsql', `begin if helper($1) = 'x' then return 'y'; end if; return $1; end`],
    ['plpgsql', 'declare x kind; begin return $1; end'],
    ['plpgsql', 'declare x lookup%rowtype; begin return $1; end'],
    ['plpgsql', 'begin perform 1 from lookup; return $1; end'],
  ])('stops where it fails: %s %s', async (language, body) => {
    const { status, detail, works } = await said(language, body)
    expect({ status, works }).toEqual({ status: 'stop', works: false })
    expect(detail).toContain('ALTER FUNCTION c25.norm(text) SET search_path = public, pg_temp;')
    await db.client.query('alter function c25.norm(text) set search_path = public, pg_temp')
    const { line } = await prepare(db.target, 'reindex-index', { oid: await oidOf('c25.t_norm') })
    expect(line('search-path')).toBeUndefined()
  })

  it.each([
    ['sql', 'select public.helper($1)'],
    ['sql', 'select lower($1)'],
    ['sql', 'with lookup as (select $1 as n) select n from lookup'],
    ['sql', 'select $1 operator(pg_catalog.||) $1'],
    ['plpgsql', `begin return public.helper($1); end`],
    ['plpgsql', `begin /* helper($1) */ return 'helper(' || $1; end`],
  ])('says nothing where it works: %s %s', async (language, body) => {
    expect(await said(language, body)).toEqual({ status: undefined, detail: undefined, works: true })
  })

  it('warns where the way may not lead there', async () => {
    const { status, works } = await said('plpgsql', `begin if $1 = 'never' then return helper($1); end if; return $1; end`)
    expect({ status, works }).toEqual({ status: 'warn', works: true })
  })

  it('looks through functions that call it', async () => {
    await db.client.query(`create function c25.deep(text) returns text immutable language plpgsql as 'begin return helper($1); end'`)
    const { status, detail } = await said('sql', 'select c25.deep($1)')
    expect(status).toBe('stop')
    expect(detail).toContain('ALTER FUNCTION c25.deep(text)')
    await db.client.query('create or replace function c25.norm(text) returns text immutable return c25.deep($1)')
    expect((await prepare(db.target, 'reindex-index', { oid: await oidOf('c25.t_norm') })).line('search-path')?.status).toBe('stop')
  })

  it('is asked by whatever calls it, and not by what does not', async () => {
    await said('plpgsql', 'begin return helper($1); end')
    await db.client.query('create materialized view c25.m as select c25.norm(n) as n from c25.t with no data')
    const oid = await oidOf('c25.t')
    const asks = async (command: string, input: object) => (await prepare(db.target, command, input)).line('search-path')?.status
    expect(await asks('reindex-table', { oid })).toBe('stop')
    expect(await asks('analyze-table', { oid })).toBe('stop')
    expect(await asks('vacuum-table', { oid, full: true })).toBe('stop')
    expect(await asks('vacuum-table', { oid, analyze: true })).toBe('stop')
    expect(await asks('vacuum-table', { oid })).toBeUndefined()
    expect(await asks('refresh-materialized-view', { oid: await oidOf('c25.m') })).toBe('stop')
    expect(await asks('create-index', { definition: 'create index another on c25.t (c25.norm(n))' })).toBe('stop')
    expect(await asks('create-index', { definition: 'create index another on c25.t (lower(n))' })).toBeUndefined()
    expect(await asks('reindex-index', { oid: await oidOf('c25.t_pkey') })).toBeUndefined()
  })
})
