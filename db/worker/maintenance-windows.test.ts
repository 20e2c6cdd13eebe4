import { beforeAll, describe, expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { consoleDb } from '../console/client'
import { audit } from '../console/schema'
import { changeRole, closeAccount, openAccount } from '../console/users'
import { cancelRun } from '../runs/cancel'
import { dueRuns } from '../runs/claim'
import { describeWindow, listWindows, removeWindow, saveWindow } from '../runs/maintenance-windows'
import { readQueue } from '../runs/queue'
import type { Run } from '../runs/run-types'
import { findRun } from '../runs/runs'
import { openingAt } from '../runs/window-times'

const NIGHT = { cron: '0 2 * * *', timeZone: 'Europe/Prague', minutes: 60 }
const ALWAYS = { cron: '* * * * *', timeZone: 'UTC', minutes: 60 }

describe('a run that waits for its window', () => {
  const bench = benchForTests(18)
  let serverId: string
  let oid: number
  beforeAll(async () => {
    serverId = bench.db.target.serverId
    await bench.bloated('nightly')
    oid = await bench.oidOf('nightly')
  })

  const saved = async (name: string, times: typeof NIGHT, id: string | null = null) => {
    const answer = await saveWindow(serverId, id, { name, ...times }, DBA)
    if (!answer.ok) throw new Error(answer.problem.message)
    return { id: answer.value.id, ...times }
  }
  const confirmed = (window: { id: string } & typeof NIGHT): Promise<Run> => bench.confirmed('analyze-table', { oid }, { window })

  it('starts inside it only, and never after its end', async () => {
    const window = await saved('Night', NIGHT)
    const { id, windowId } = await confirmed(window)
    expect(windowId).toBe(window.id)
    const next = openingAt(NIGHT, new Date())
    const opensAt = (next.open ? openingAt(NIGHT, next.closesAt) : next).opensAt.getTime()
    const moment = (ms: number) => new Date(opensAt + ms)
    for (const closed of [moment(-1), moment(3_600_000)]) {
      expect(await dueRuns(serverId, closed)).toEqual([])
      expect(await bench.claim(id, closed)).toBeUndefined()
    }
    expect((await readQueue(moment(-1))).get(id)).toEqual({
      startsAt: moment(0).toISOString(),
      because: 'window',
      window: { name: 'Night', words: 'At 02:00, Europe/Prague, for 1 h', timeZone: 'Europe/Prague' },
    })
    expect((await readQueue(moment(0))).get(id)).toEqual({ place: 1, of: 1, waitsFor: null, attended: false })
    expect(await dueRuns(serverId, moment(0))).toEqual([id])
    expect(await dueRuns(serverId, moment(3_599_999))).toEqual([id])
    expect((await listWindows(serverId)).find((one) => one.id === window.id)).toMatchObject({ name: 'Night', waiting: 1 })
    expect(await cancelRun(id, DBA)).toMatchObject({ ok: true, value: { state: 'cancelled', startedAt: null } })
  })

  it('lets others pass, moves with its window, and is found by any worker', async () => {
    const later = new Date(Date.now() + 43_200_000)
    // Twelve hours from now, so that it is closed however long this takes.
    const window = await saved('Away', { cron: `0 ${later.getUTCHours()} * * *`, timeZone: 'UTC', minutes: 1 })
    const waits = await confirmed(window)
    const worker = await bench.startWorker()
    const passes = await bench.confirmed('analyze-table', { oid })
    expect(await bench.over(passes.id)).toMatchObject({ state: 'succeeded' })
    expect((await findRun(waits.id))?.state).toBe('queued')
    expect(await removeWindow(serverId, window.id, DBA)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    await worker.stop()

    await saved('Open', ALWAYS, window.id)
    expect(await bench.logOf(waits.id)).toContain('the window was changed by dba@example.org: Open, Every minute, UTC, for 1 h')
    await bench.startWorker()
    expect(await bench.over(waits.id)).toMatchObject({ state: 'succeeded', windowId: window.id })
    expect(await removeWindow(serverId, window.id, DBA)).toMatchObject({ ok: true })
    expect((await listWindows(serverId)).map(({ name }) => name)).toEqual(['Night'])
  })

  it('is checked again at its start: what was rebuilt meanwhile is a conflict', async () => {
    const window = await saved('Conflict', ALWAYS)
    await bench.bloated('rebuilt')
    const { id } = await bench.confirmed('vacuum-table', { oid: await bench.oidOf('rebuilt') }, { window })
    await bench.db.client.query('vacuum full rebuilt')
    await bench.startWorker()
    expect(await bench.over(id)).toMatchObject({ state: 'failed', problem: { kind: 'conflict' }, receipt: null })
  })

  it.each([
    ['became a viewer', (id: string) => changeRole(id, 'viewer', DBA), /a viewer changes nothing/],
    ['had the account closed', (id: string) => closeAccount(id, DBA), /no open account any more/],
  ])('does not start when whoever confirmed it %s meanwhile', async (what, change, message) => {
    const window = await saved(what, ALWAYS)
    const { id } = await confirmed(window)
    expect(await change(DBA.email)).toMatchObject({ ok: true })
    await bench.startWorker()
    expect(await bench.over(id)).toMatchObject({
      state: 'failed',
      problem: { kind: 'insufficient_privilege', message: expect.stringMatching(message) },
      receipt: null,
    })
    expect(await bench.logOf(id)).not.toContain('ANALYZE')
    const lines = (await consoleDb().select().from(audit).orderBy(audit.id)).filter(({ runId }) => runId === BigInt(id))
    expect(lines.at(-1)).toMatchObject({ actor: 'proctor', action: 'run.refused', detail: { confirmedBy: DBA.email } })
    await openAccount(DBA.email, DBA)
    await changeRole(DBA.email, DBA.role, DBA)
  })

  it('is refused for a window that is another by now, or a limit that was not offered', async () => {
    const window = await saved('Changing', NIGHT)
    await saved('Changing', { ...NIGHT, minutes: 30 }, window.id)
    const commands: [string, Record<string, unknown>][] = [['analyze-table', { oid }]]
    const conflict = { ok: false, problem: { kind: 'conflict', message: expect.stringContaining('was changed since') } }
    expect(await bench.confirm(commands, { terms: { window } })).toMatchObject(conflict)
    const gone = { ...window, id: crypto.randomUUID() }
    expect(await bench.confirm(commands, { terms: { window: gone } })).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
    for (const giveUpMinutes of [2, -1, 1e9])
      expect(await bench.confirm(commands, { terms: { giveUpMinutes } })).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  })

  it('is kept under one name a server, with what it was in the audit', async () => {
    expect(await saveWindow(serverId, null, { name: 'NIGHT ', ...NIGHT }, DBA)).toMatchObject({
      ok: false,
      problem: { kind: 'conflict' },
    })
    expect(await saveWindow('nowhere', null, { name: 'x', ...NIGHT }, DBA)).toMatchObject({ ok: false })
    expect(await saveWindow(serverId, crypto.randomUUID(), { name: 'x', ...NIGHT }, DBA)).toMatchObject({ ok: false })
    expect(await saveWindow(serverId, null, { name: ' ', ...NIGHT }, DBA)).toMatchObject({ ok: false })
    expect(describeWindow(NIGHT, new Date('2026-11-23T12:00:00Z'))).toEqual({
      ok: true,
      value: {
        words: 'At 02:00, Europe/Prague, for 1 h',
        next: ['2026-11-24T01:00:00.000Z', '2026-11-25T01:00:00.000Z', '2026-11-26T01:00:00.000Z'],
      },
    })
    const lines = await consoleDb().select().from(audit)
    const of = (action: string) => lines.filter((line) => line.action === action).map(({ detail }) => detail)
    expect(of('change-window')[0]).toMatchObject({ before: { name: 'Away', minutes: 1 }, after: { name: 'Open', cron: '* * * * *' } })
    expect(of('remove-window')).toMatchObject([{ before: { name: 'Open' } }])
  })
})
