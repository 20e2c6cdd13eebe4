import { expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'
import { MOST_STATEMENTS, planCommand } from './planner'

const bench = benchForTests(18)

it('refuses a plan of more statements than one run has, before anybody confirms it', async () => {
  await bench.db.client.query('create table many (id int)')
  const ddl = (comments: number) =>
    ['CREATE INDEX CONCURRENTLY many_id ON public.many (id)', ...Array(comments).fill(`COMMENT ON INDEX public.many_id IS 'x'`)].join(';\n')
  const planned = (comments: number) => planCommand(bench.db.target, 'restore-index', { ddl: ddl(comments) })
  // Two settings and the CREATE stand before them.
  expect(await planned(MOST_STATEMENTS - 3)).toMatchObject({ ok: true })
  expect(await planned(MOST_STATEMENTS - 2)).toMatchObject({
    ok: false,
    problem: { kind: 'invalid_input', message: expect.stringContaining('5,001 statements') },
  })
})

it('estimates what a rebuild gives back where somebody looks at it, and not before a step of a run', async () => {
  await bench.bloated('air')
  await bench.db.client.query('analyze air')
  const oid = await bench.oidOf('air_id')
  const trustOf = async (options?: { estimates: boolean }) => {
    const planned = await planCommand(bench.db.target, 'reindex-index', { oid }, options)
    if (!planned.ok) throw new Error(planned.problem.message)
    return { trust: planned.value.plan.prediction?.trust.kind, before: planned.value.plan.prediction?.bytesBefore }
  }
  const before = await bench.sizeOf('air_id')
  expect(await trustOf()).toEqual({ trust: 'estimated', before })
  expect(await trustOf({ estimates: false })).toEqual({ trust: 'withheld', before })
})
