import { expect, it } from 'vitest'
import { z } from 'zod'
import { benchForTests } from '../../test/support/run-bench'
import { defineRead } from '../server/define-read'
import { runRead } from '../server/run-read'
import { forgetBeforeLastRun } from './run-ends'

const moment = defineRead({
  name: 'moment',
  about: 'When it was asked',
  params: z.object({}),
  row: z.object({ at: z.string() }),
  sql: 'select clock_timestamp()::text as at',
  keep: 60_000,
})

const bench = benchForTests(18)

it('what was read before a run ended serves no more, what was read after it does', async () => {
  const { target } = bench.db
  const read = async () => {
    await forgetBeforeLastRun(target.serverId)
    return runRead(target, moment, {})
  }
  const before = await read()
  expect(await read()).toBe(before)
  await bench.bloated('seen')
  const worker = await bench.startWorker()
  await bench.over((await bench.confirmed('analyze-table', { oid: await bench.oidOf('seen') })).id)
  await worker.stop()
  const after = await read()
  expect(after).not.toEqual(before)
  expect(await read()).toBe(after)
})
