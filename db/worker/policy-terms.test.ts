import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { DAY_MS, policiesForTests, RULE } from '../../test/support/policy-bench'
import { consoleDb } from '../console/client'
import { maintenancePolicy } from '../console/schema'
import { changeRole } from '../console/users'
import { policySentences } from '../domain/policy-words'
import { cancelRun } from '../runs/cancel'
import { confirmPolicy } from '../runs/confirm-policy'
import { removeWindow } from '../runs/maintenance-windows'
import { pausePolicy, resumePolicy } from '../runs/policies'
import { findRun } from '../runs/runs'

describe.each([14, 18] as const)('the terms of a policy on PostgreSQL %i', (major) => {
  const { bench, state, open, confirm, confirmed, policies, night, step, done, lines } = policiesForTests(major)

  it('pauses when whoever confirmed it became a viewer, until somebody confirms it again', async () => {
    const id = await confirmed()
    await changeRole(DBA.email, 'viewer', DBA)
    expect(await step()).toBeNull()
    expect((await policies())[0]).toMatchObject({
      paused: { by: 'proctor', reason: expect.stringContaining('viewer') },
      night: { outcome: 'refused', runs: [] },
    })
    expect(await lines('policy.paused')).toContainEqual(expect.objectContaining({ policy: id, reason: expect.stringContaining('viewer') }))
    expect(await resumePolicy(bench.db.target.serverId, id, { ...DBA, email: 'other@example.org' })).toMatchObject({
      ok: false,
      problem: { kind: 'conflict' },
    })
    expect(await step(new Date(Date.now() + DAY_MS))).toBeNull()
    expect(await night()).toMatchObject({ outcome: 'refused' })
    await changeRole(DBA.email, DBA.role, DBA)
    expect(await resumePolicy(bench.db.target.serverId, id, DBA)).toMatchObject({ ok: true })
    expect((await policies())[0]).toMatchObject({ paused: null })
  })

  it('acts on no other cluster than the one that it was confirmed for', async () => {
    const id = await confirmed()
    await consoleDb().update(maintenancePolicy).set({ systemIdentifier: '7000000000000000001' }).where(eq(maintenancePolicy.id, id))
    expect(await step()).toBeNull()
    expect(await night()).toMatchObject({ outcome: 'elsewhere', reason: expect.stringContaining('7000000000000000001'), runs: [] })
  })

  it('does nothing while it is paused; what waits for its turn is cancelled', async () => {
    const { serverId } = bench.db.target
    const id = await confirmed()
    expect(await pausePolicy(serverId, id, { ...DBA, role: 'viewer' })).toMatchObject({
      ok: false,
      problem: { kind: 'insufficient_privilege' },
    })
    expect(await step()).toBe('soon') // no worker is there to begin it
    expect(await done()).toEqual([['large_id', 'queued']])
    expect(await pausePolicy(serverId, id, DBA)).toMatchObject({ ok: true })
    expect(await step()).toBeNull()
    expect(await done()).toEqual([['large_id', 'cancelled']])
    expect(await night()).toMatchObject({ outcome: 'paused' })
    expect(await step(new Date(Date.now() + DAY_MS))).toBeNull()
    expect(await done()).toHaveLength(1) // no other night has begun
    expect(await removeWindow(serverId, state.window.id, DBA)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    expect(await resumePolicy(serverId, id, DBA)).toMatchObject({ ok: true })
    expect(await step(new Date(Date.now() + DAY_MS))).toBe('soon')
    expect(await done()).toEqual([['large_id', 'queued']])
    // A person ends the night by cancelling its run.
    const [{ id: runId } = { id: '' }] = (await night())?.runs ?? []
    await cancelRun(runId, DBA)
    expect(await step(new Date(Date.now() + DAY_MS))).toBeNull()
    expect(await night()).toMatchObject({ outcome: 'cancelled', reason: expect.stringContaining(runId) })
  })

  it('makes up for no opening that was missed, and begins nothing after its end', async () => {
    const opensAt = new Date(Date.now() + DAY_MS / 2)
    await open('Short', { cron: `0 ${opensAt.getUTCHours()} * * *`, timeZone: 'UTC', minutes: 30 })
    const id = await confirmed()
    const [{ opensAt: next } = { opensAt: '' }] = await policies()
    const moment = (ms: number) => new Date(Date.parse(next) + ms)
    for (const closed of [moment(-1), moment(30 * 60_000), moment(5 * DAY_MS + 31 * 60_000)]) expect(await step(closed)).toBeNull()
    expect(await night()).toBeNull()
    expect(await step(moment(0))).toBe('soon')
    const [{ id: runId } = { id: '' }] = (await night())?.runs ?? []
    // Its turn did not come.
    expect(await step(moment(30 * 60_000))).toBeNull()
    expect(await night()).toMatchObject({
      outcome: 'time',
      runs: [{ state: 'cancelled' }],
      left: [{ relname: 'large_id', because: 'ended' }, {}, {}],
    })
    expect(await lines('run.cancelled')).toContainEqual(expect.objectContaining({ whileIn: 'queued' }))
    expect((await findRun(runId))?.startedAt).toBeNull()
    expect((await policies())[0]?.id).toBe(id)
  })

  it('is confirmed as it was shown, by somebody who may, and ends when it is changed', async () => {
    expect(await confirm({}, { phrase: 'yes' })).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
    const { serverId, database } = bench.db.target
    const terms = { serverId, database, id: null, rule: RULE, window: state.window, phrase: database, actor: DBA }
    expect(await confirmPolicy({ ...terms, sentences: ['Another.'] })).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    const sentences = policySentences(RULE)
    expect(await confirmPolicy({ ...terms, sentences, actor: { ...DBA, role: 'viewer' } })).toMatchObject({
      ok: false,
      problem: { kind: 'insufficient_privilege' },
    })
    expect(await confirmPolicy({ ...terms, sentences, window: { ...terms.window, minutes: 5 } })).toMatchObject({
      ok: false,
      problem: { kind: 'conflict' },
    })
    expect(await lines('policy.refused')).toHaveLength(4)
    const id = await confirmed()
    expect(await confirm()).toMatchObject({ ok: false, problem: { kind: 'conflict' } }) // sent twice
    expect(await step()).toBe('soon')
    expect(await confirm({ most: 1 }, { id })).toMatchObject({ ok: true, value: { id } })
    expect(await step()).toBeNull()
    expect(await night()).toMatchObject({ outcome: 'changed', runs: [{ state: 'cancelled' }] })
    expect(await step()).toBeNull() // its limits are those of an opening
    expect((await lines('policy.changed')).at(-1)).toMatchObject({ policy: id, before: { rule: sentences.join(' ') } })
  })
})
