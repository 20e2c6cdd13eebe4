import { expect, it } from 'vitest'
import { DBA } from '../../test/support/confirm-run'
import { benchForTests } from '../../test/support/run-bench'
import { cancelRun } from '../runs/cancel'
import { readQueue } from '../runs/queue'
import { moveRun } from '../runs/runs'

const bench = benchForTests(18)

it('closes up behind a run that is cancelled while queued, and names what is waited for', async () => {
  for (const name of ['one', 'two']) await bench.bloated(name)
  const [one, two] = [await bench.oidOf('one'), await bench.oidOf('two')]
  const ids: string[] = []
  for (const oid of [one, two, one]) ids.push((await bench.confirmed('analyze-table', { oid })).id)
  const [first = '', second = '', third = ''] = ids
  expect(Object.fromEntries(await readQueue())).toEqual({
    [first]: { place: 1, of: 3, waitsFor: null, attended: false },
    [second]: { place: 2, of: 3, waitsFor: { runId: first, because: 'server', going: false }, attended: false },
    [third]: { place: 3, of: 3, waitsFor: { runId: first, because: 'table', going: false }, attended: false },
  })
  await moveRun(first, 'running', { startedAt: new Date() })
  expect(await cancelRun(second, DBA)).toMatchObject({ ok: true, value: { state: 'cancelled', startedAt: null } })
  expect(Object.fromEntries(await readQueue())).toEqual({
    [third]: { place: 1, of: 1, waitsFor: { runId: first, because: 'table', going: true }, attended: false },
  })
})
