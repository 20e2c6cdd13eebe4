import { describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { DAY_MS, policiesForTests, RULE } from '../../test/support/policy-bench'
import { setReadOnly } from '../console/server-changes'
import { nameOf } from '../maintenance/policies'
import { endedNights } from '../runs/policies'
import { previewNight } from '../runs/policy-preview'
import { listRuns } from '../runs/runs'
import { ageOf, viewRefreshes } from '../runs/view-refreshes'
import { forgetReads } from '../server/run-read'

describe.each([14, 18] as const)('a night of a policy on PostgreSQL %i', (major) => {
  const { bench, state, confirm, confirmed, policies, night, step, through, done, lines } = policiesForTests(major)

  it('does the largest two of three in one night, and the third in the next', async () => {
    const { serverId, database } = bench.db.target
    const policy = await confirmed()
    const preview = await previewNight({ serverId, database, rule: RULE, times: state.window })
    const verdicts = preview.ok && preview.value.steps.map(({ relname, verdict, lines: not }) => [relname, verdict, not.length])
    expect(verdicts).toEqual([
      ['large_id', 'runs', 0],
      ['middle_id', 'runs', 0],
      ['small_id', 'left', 0],
    ])
    const before = await bench.sizeOf('large_id')
    await bench.startWorker()
    expect(await through()).toMatchObject({ outcome: 'limit', left: [{ relname: 'small_id', because: 'count' }] })
    expect(await done()).toEqual([
      ['large_id', 'succeeded'],
      ['middle_id', 'succeeded'],
    ])
    expect(await bench.sizeOf('large_id')).toBeLessThan(before / 2)

    // One after the other, each with its own line, by the console and under the person who confirmed the policy.
    const runs = (await listRuns({ serverId })).filter(({ nightId }) => nightId !== null).reverse()
    expect(runs[1]?.startedAt && runs[0]?.endedAt && runs[1].startedAt >= runs[0].endedAt).toBe(true)
    expect(runs[0]).toMatchObject({
      confirmedBy: DBA.email,
      windowId: state.window.id,
      plan: { statements: expect.arrayContaining([expect.stringMatching(/^REINDEX INDEX CONCURRENTLY .*large_id/)]) },
    })
    expect(await lines('run.confirmed')).toMatchObject(
      runs.map(({ plan }) => ({ policy, confirmedBy: DBA.email, statements: plan.statements })),
    )
    expect(await lines('policy.night-ended')).toMatchObject([
      { outcome: 'limit', runs: runs.map(({ id }) => id), left: [expect.stringContaining('small_id')] },
    ])

    const [{ opensAt } = { opensAt: '' }] = await policies()
    expect((await policies())[0]).toMatchObject({ open: false, opensAt: (await night())?.closesAt })
    expect(Date.parse(opensAt)).toBeGreaterThan(Date.now())
    // The same opening begins no second night; the next one goes on with what is left.
    expect(await step()).toBeNull()
    expect(await done()).toHaveLength(2)
    expect(await through(() => new Date(Date.now() + DAY_MS))).toMatchObject({ outcome: 'done', left: [] })
    expect(await done()).toEqual([['small_id', 'succeeded']])
  })

  it('refreshes views that are old or of unknown age, CONCURRENTLY alone, and knows their age from then on', async () => {
    const { serverId, database } = bench.db.target
    await bench.db.client.query(`create materialized view keyed as select id, count(*) from small group by id; create unique index on keyed (id);
      create materialized view bare as select 1 as id; insert into small values (-1)`)
    await confirmed({ kind: 'refresh-views' })
    await bench.startWorker()
    expect(await through()).toMatchObject({ outcome: 'done', left: [] })
    expect(await done()).toEqual([['keyed', 'succeeded']])
    const { rows } = await bench.db.client.query('select count from keyed where id = -1')
    expect(rows).toEqual([{ count: '1' }])
    const [run] = (await viewRefreshes(serverId, database)).get(nameOf({ schemaname: 'public', relname: 'keyed' })) ?? []
    const age = ageOf({ populated: true, committed_at: null }, run && [run])
    expect(age).toMatchObject({ source: 'run', runId: run?.runId })
    expect(Date.now() - (age?.at ?? 0)).toBeLessThan(60_000)
    const again = await previewNight({ serverId, database, rule: (await policies())[0]?.rule ?? RULE, times: state.window })
    expect(again).toMatchObject({ ok: true, value: { steps: [] } })
    await bench.db.client.query('drop materialized view keyed; drop materialized view bare')
  })

  it('leaves what is too large for the night, or would not end in it by past runs', async () => {
    const large = await bench.sizeOf('large_id')
    await confirmed({ mostBytes: large - 1, most: 1 })
    await bench.startWorker()
    expect(await through()).toMatchObject({
      outcome: 'limit',
      left: [
        { relname: 'large_id', because: 'bytes' },
        { relname: 'small_id', because: 'count' },
      ],
    })
    expect(await done()).toEqual([['middle_id', 'succeeded']])
    // By that run; a millisecond before the night ends nothing begins.
    const [{ opensAt } = { opensAt: '' }] = await policies()
    const late = new Date(Date.parse(opensAt) + DAY_MS - 1)
    expect(await step(late)).toBeNull()
    expect(await night()).toMatchObject({
      outcome: 'time',
      runs: [],
      left: [{ because: 'bytes' }, { relname: 'small_id', because: 'time' }],
    })
  })

  it('ends at a preflight that stops, and at one that warns unless that was confirmed', async () => {
    await setReadOnly(bench.db.target.serverId, true, DBA)
    expect(await confirm()).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    await setReadOnly(bench.db.target.serverId, false, DBA)
    const id = await confirmed()
    await setReadOnly(bench.db.target.serverId, true, DBA)
    expect(await step()).toBeNull()
    expect(await night()).toMatchObject({
      outcome: 'stopped',
      reason: expect.stringMatching(/^large_id: .*read-only/),
      runs: [],
      left: [{ because: 'ended' }, {}, {}],
    })
    expect(await lines('policy.night-ended')).toContainEqual(expect.objectContaining({ policy: id, outcome: 'stopped' }))
    const { serverId, database } = bench.db.target
    expect(await endedNights(serverId, database)).toMatchObject([{ policy: id, kind: 'rebuild-bloated', outcome: 'stopped', runs: 0 }])
    await setReadOnly(bench.db.target.serverId, false, DBA)

    await bench.db.client.query(
      `create index large_id_ccnew on large (id); update pg_index set indisvalid = false where indexrelid = 'large_id_ccnew'::regclass`,
    )
    forgetReads()
    expect(await step(new Date(Date.now() + DAY_MS))).toBeNull()
    expect(await night()).toMatchObject({
      outcome: 'stopped',
      reason: expect.stringMatching(/^large_id: A check warns.*leftover/),
      runs: [],
    })
    expect(await confirm({ allowWarnings: true }, { id })).toMatchObject({ ok: true })
    await bench.startWorker()
    expect(await through(() => new Date(Date.now() + 2 * DAY_MS))).toMatchObject({ outcome: 'limit' })
    expect((await done())?.[0]).toEqual(['large_id', 'succeeded'])
  })

  it('goes on after its worker was stopped in the middle, and doubles nothing with two of them', async () => {
    await confirmed()
    const holder = await bench.hold('select count(*) from large')
    const first = await bench.startWorker()
    await expect.poll(async () => (await night())?.runs.length).toBe(1)
    const [{ id } = { id: '' }] = (await night())?.runs ?? []
    await bench.until(id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
    await first.stop()
    expect(await step()).toBe('soon')
    expect(await done()).toEqual([['large_id', 'running']])
    await Promise.all([bench.startWorker(), bench.startWorker()])
    await holder.end()
    await bench.over(id)
    await Promise.all(Array.from({ length: 4 }, () => through()))
    expect(await night()).toMatchObject({ outcome: 'limit' })
    expect(await done()).toEqual([
      ['large_id', 'succeeded'],
      ['middle_id', 'succeeded'],
    ])
    expect((await lines('policy.night-ended')).filter(({ runs }) => Array.isArray(runs) && runs[0] === id)).toHaveLength(1)
  })

  it('vacuums what has dead rows beyond its threshold', async () => {
    // What was deleted before is counted, and then forgotten: on 14 that comes later than the report of a VACUUM.
    const counted = (what: string) => () => bench.value(`select sum(${what})::int from pg_stat_user_tables`)
    await expect.poll(counted('n_tup_del')).toBe(427_500)
    await bench.db.client.query('vacuum')
    await expect.poll(counted('n_dead_tup')).toBe(0)
    await bench.db.client.query('delete from middle where id % 8 = 0')
    await expect.poll(counted('n_dead_tup')).toBe(23_750)
    forgetReads()
    await confirmed({ kind: 'vacuum-dead' })
    await bench.startWorker()
    expect((await through())?.outcome).toBe('done')
    expect(await done()).toEqual([['middle', 'succeeded']])
  })
})
