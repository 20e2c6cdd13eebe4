import { describe, expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'

describe.each([14, 18] as const)('a run on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)

  it('that failed in a function says why, what lifts it, and not to try again', async () => {
    await bench.db.client.query(`create schema c25; create table c25.t (n text); insert into c25.t values ('a'), ('b');
      create function public.helper(text) returns text immutable language sql as 'select upper($1)';
      create function c25.norm(text) returns text immutable language sql as 'select lower($1)';
      create index t_norm on c25.t (c25.norm(n));
      create or replace function c25.norm(text) returns text immutable language plpgsql as 'begin if $1 > ''a'' then return helper($1); end if; return $1; end'`)
    const oid = await bench.oidOf('c25.t_norm')
    await bench.startWorker()
    const run = await bench.over((await bench.confirmed('reindex-index', { oid })).id)
    expect(run.preflight.find(({ name }) => name === 'search-path')).toMatchObject({ status: 'warn' })
    expect(run).toMatchObject({
      state: 'failed',
      problem: {
        sqlstate: '42883',
        hint: expect.stringMatching(/^c25\.norm\(text\) names helper \(in public\) without a schema\..*trying again fails the same way/),
        fix: 'ALTER FUNCTION c25.norm(text) SET search_path = public, pg_temp',
      },
      receipt: { leftovers: [{ relname: 't_norm_ccnew', advice: expect.not.stringContaining('then rebuild again') }] },
    })
    await bench.db.client.query(`drop index c25.t_norm_ccnew; ${run.problem?.fix}`)
    expect(await bench.over((await bench.confirmed('reindex-index', { oid })).id)).toMatchObject({ state: 'succeeded' })
  })
})
