import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { createIndex } from './command'

describe.each([14, 18] as const)('names in a CREATE INDEX on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`
      create schema ext; create extension citext schema ext; create extension pg_trgm schema public; create extension intarray schema public;
      create schema a; create schema b;
      create function a.norm(text) returns text immutable language sql as 'select pg_catalog.lower($1)';
      create function a.twice(text) returns text immutable language sql as 'select $1';
      create function b.twice(text) returns text immutable language sql as 'select $1';
      create function public.lower(text) returns text immutable language plpgsql as $$ begin raise exception 'planted'; end $$;
      create function public.shadow(smallint[], smallint[]) returns boolean immutable language plpgsql as $$ begin raise exception 'planted'; end $$;
      create operator public.<@ (leftarg = smallint[], rightarg = smallint[], function = public.shadow);
      create collation a.plain from "C";
      create table public.people (id int, email ext.citext, name text, tags int[], small smallint[])`)
  })
  afterAll(() => db.drop())
  const { planned, refused } = commandTest(() => db, createIndex)
  const plan = async (rest: string, concurrently = true) =>
    (await planned({ definition: `create index made on public.people ${rest}`, concurrently })).plan.statements.at(-1) ?? ''

  it.each([
    ['(a.norm(name))', 'create index concurrently made on public.people (a.norm(name))'],
    ['(norm(name))', 'CREATE INDEX CONCURRENTLY made ON public.people ((a.norm(name)))'],
    ['using gin (name gin_trgm_ops)', 'CREATE INDEX CONCURRENTLY made ON public.people USING gin (name public.gin_trgm_ops)'],
    ['using gin (tags gin__int_ops)', 'CREATE INDEX CONCURRENTLY made ON public.people USING gin (tags public.gin__int_ops)'],
    ['(name collate plain)', 'CREATE INDEX CONCURRENTLY made ON public.people (name COLLATE a.plain)'],
    [`(id) where email = 'x'`, `CREATE INDEX CONCURRENTLY made ON public.people (id) WHERE email OPERATOR(ext.=) 'x'`],
    [`(id) where email like 'x%'`, `CREATE INDEX CONCURRENTLY made ON public.people (id) WHERE email OPERATOR(ext.~~) 'x%'`],
    ['((name::citext))', 'CREATE INDEX CONCURRENTLY made ON public.people ((CAST(name AS ext.citext)))'],
    // pg_catalog goes first, whatever was planted.
    [`(lower(name)) where name = 'x'`, `create index concurrently made on public.people (lower(name)) where name = 'x'`],
    [`(id) where small <@ '{1}'`, `create index concurrently made on public.people (id) where small <@ '{1}'`],
    [
      `(id) where lower(name) = upper(name) and id in (1, 2)`,
      `create index concurrently made on public.people (id) where lower(name) = upper(name) and id in (1, 2)`,
    ],
  ])('writes the schema before what is not of PostgreSQL in %s, and the server builds it', async (rest, written) => {
    const statement = await plan(rest)
    expect(statement.replace(/^CREATE INDEX CONCURRENTLY(?= made on)/, 'create index concurrently')).toBe(written)
    await db.client.query('set search_path = pg_catalog, pg_temp')
    await db.client.query(statement)
    await db.client.query('drop index public.made; reset search_path')
  })

  it('keeps the plain form plain', async () => {
    expect(await plan('(norm(name))', false)).toBe('CREATE INDEX made ON public.people ((a.norm(name)))')
  })

  it.each([
    ['(twice(name))', /function twice .* a and b/],
    [`(id) where email in ('a', 'b')`, /operator = .* ext/],
    [`(id) where email between 'a' and 'b'`, /operator >= .* ext/],
    [`((case email when 'a' then 1 end))`, /operator = .* ext/],
    [`(id) where email || 'x' = 'ax'`, /operator .* ext/],
  ])('asks for the schema where %s could mean several things', async (rest, message) => {
    expect((await refused({ definition: `create index made on public.people ${rest}` })).message).toMatch(message)
  })
})
