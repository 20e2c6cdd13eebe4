import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'
import { consoleDb } from '../console/client'
import { audit } from '../console/schema'
import { freePort } from '../embedded/free-port'
import { findRun } from '../runs/runs'
import { reconcile } from './reconcile'

const bench = benchForTests(18)

/** A port at which every connection ends at once, as at a server that is being started. */
const shut = createServer((socket) => socket.destroy())
let knocks = 0
shut.on('connection', () => knocks++)
beforeAll(async () => void (await once(shut.listen(0, '127.0.0.1'), 'listening')))
afterAll(() => shut.close())

/** A run that waits at the server, and whose worker is gone. */
async function orphan(table: string) {
  await bench.bloated(table)
  const holder = await bench.hold(`select from ${table}`)
  const worker = await bench.startWorker()
  const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf(`${table}_id`) })
  await bench.until(id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
  await worker.stop()
  const run = await findRun(id)
  if (run?.state !== 'running') throw new Error(`Run ${id} is ${run?.state}`)
  return { run, holder }
}

it('calls a run lost when its server stays away for too long, and says that nobody knows', async () => {
  const { run, holder } = await orphan('gone')
  const away = { ...bench.db.target, serverId: 'away', port: await freePort() }
  const { hold } = await bench.taken(run.id)
  await reconcile(run, hold, away, { awayMs: 1 })
  expect(await findRun(run.id)).toMatchObject({
    state: 'lost',
    problem: { kind: 'unreachable', message: expect.stringMatching(/^The server cannot be reached: /) },
    receipt: null,
  })
  const lines = (await consoleDb().select().from(audit).orderBy(audit.id)).filter(({ runId }) => runId === BigInt(run.id))
  expect(lines.at(-1)).toMatchObject({ action: 'run.lost', actor: 'proctor' })
  await holder.end()
})

it('waits while the server is away for less, and then tells what came of the run', async () => {
  const { run, holder } = await orphan('back')
  const stopping = new AbortController()
  const away = { ...bench.db.target, serverId: 'shut', port: (shut.address() as AddressInfo).port }
  const { hold } = await bench.taken(run.id, stopping.signal)
  const waiting = reconcile(run, hold, away)
  const before = knocks
  await expect.poll(() => knocks - before).toBeGreaterThan(1)
  expect((await findRun(run.id))?.state).toBe('running')
  stopping.abort()
  await waiting
  await holder.end()
  await bench.startWorker()
  expect(await bench.over(run.id)).toMatchObject({ state: 'succeeded', receipt: { checkedAfter: 'valid, ready, live' } })
})
