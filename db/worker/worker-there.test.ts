import { Client } from 'pg'
import { expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'
import { isAttended, WORKER_SESSIONS } from '../console/workers'
import { readQueue } from '../runs/queue'

const bench = benchForTests(18)

it('is known whether a worker is there, without anybody having to say goodbye', async () => {
  await bench.bloated('waiting')
  expect(await isAttended()).toBe(false)
  const { id } = await bench.confirmed('analyze-table', { oid: await bench.oidOf('waiting') })
  expect((await readQueue()).get(id)).toEqual({ place: 1, of: 1, waitsFor: null, attended: false })
  const worker = await bench.startWorker()
  expect(await isAttended()).toBe(true)
  await bench.over(id)
  await worker.stop()
  await expect.poll(() => isAttended()).toBe(false)
})

it('is not taken for there when it has long said nothing', async () => {
  const sleeper = new Client({ connectionString: process.env.PROCTOR_CONSOLE_URL, application_name: WORKER_SESSIONS })
  await sleeper.connect()
  await sleeper.query('select')
  expect(await isAttended()).toBe(true)
  await expect.poll(() => isAttended(0.5)).toBe(false)
  await sleeper.end()
})

it('begins what is light beside a heavy run that waits, and no second heavy one', async () => {
  for (const name of ['long', 'short', 'later']) await bench.bloated(name)
  const holder = await bench.hold('select from long')
  await bench.startWorker()
  const heavy = await bench.confirmed('reindex-index', { oid: await bench.oidOf('long_id') })
  await bench.until(heavy.id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
  const later = await bench.confirmed('vacuum-table', { oid: await bench.oidOf('later') })
  const light = await bench.confirmed('analyze-table', { oid: await bench.oidOf('short') })
  expect(await bench.over(light.id)).toMatchObject({ state: 'succeeded' })
  expect((await readQueue()).get(later.id)).toMatchObject({ waitsFor: { runId: heavy.id, because: 'server', going: true }, attended: true })
  await holder.end()
  const [first, second] = [await bench.over(heavy.id), await bench.over(later.id)]
  expect([first.state, second.state]).toEqual(['succeeded', 'succeeded'])
  expect(Date.parse(second.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(first.endedAt ?? ''))
})
