import { beforeEach, describe, expect, it } from 'vitest'
import { consoleForTests } from '../../test/support/test-console'
import { measuredSizes, noteRebuilt, pastRuns } from '../runs/run-known'
import { consoleDb } from './client'
import { latestHealthCheck, latestMeasurements, measurementsOf, recordHealthCheck, recordMeasurements } from './health-checks'
import { noteCluster } from './note-cluster'
import { registerServer } from './servers'

consoleForTests()

const A = { systemIdentifier: '7000000000000000001', timeline: 1, inRecovery: false }
const B = { systemIdentifier: '7000000000000000002', timeline: 1, inRecovery: false }
const INDEX = { indexrelid: 16400, relfilenode: 16400 }

let number = 0
let id = ''
beforeEach(async () => {
  id = `seen-${++number}`
  process.env.DATABASE_URL = 'postgresql://nobody@127.0.0.1:1/none'
  await registerServer({ id, name: id, source: 'environment', database: 'shop' })
})

const measure = async (bytes: number) => {
  const measured = {
    ...INDEX,
    measuredAt: new Date().toISOString(),
    method: 'sample' as const,
    bytes,
    rebuiltBytes: bytes / 2,
    plusMinus: 2,
    detail: {},
  }
  await recordMeasurements(id, 'shop', [measured])
  const check = {
    serverId: id,
    database: 'shop',
    requestedBy: `with ${bytes}`,
    startedAt: new Date(),
    durationMs: 1,
    indexHealth: [],
    indexBloat: [],
    problems: [],
  }
  await recordHealthCheck(check)
}
const known = async () => ({
  latest: (await latestMeasurements(id, 'shop')).map(({ bytes }) => bytes),
  all: (await measurementsOf(id, 'shop', [INDEX.indexrelid])).map(({ bytes }) => bytes),
  check: (await latestHealthCheck(id, 'shop'))?.requestedBy ?? null,
  sizes: Object.values(await measuredSizes(id, 'shop', [INDEX])).map(({ bytes }) => bytes),
})
const NOTHING = { latest: [], all: [], check: null, sizes: [] }
const only = (bytes: number) => ({ latest: [bytes], all: [bytes], check: `with ${bytes}`, sizes: [bytes] })

describe('what was measured of a cluster', () => {
  it('is nothing of another that has the same OIDs and files, and is there again when its own answers', async () => {
    await measure(1000)
    expect(await known()).toEqual(only(1000))
    await noteCluster(id, A)
    expect(await known()).toEqual(only(1000))
    await noteCluster(id, B)
    expect(await known()).toEqual(NOTHING)
    await measure(3000)
    expect(await known()).toEqual(only(3000))
    await noteCluster(id, A)
    expect(await known()).toEqual(only(1000))
    await noteRebuilt(id, 'shop', [{ ...INDEX, bytes: 500, plusMinus: 0, detail: {} }], consoleDb())
    expect((await known()).latest).toEqual([500])
    await noteCluster(id, B)
    expect(await known()).toEqual(only(3000))
  })

  it('is what its runs took, not those of another', async () => {
    await noteCluster(id, A)
    await consoleDb().$client.query(
      `insert into run (server_id, system_identifier, database, command, input, object, plan, preflight, state, confirmed_by, confirmed_at, receipt)
       values ($1, $2, 'shop', 'reindex-index', '{}', '{}', '{}', '[]', 'succeeded', 'me', now(), $3)`,
      [id, A.systemIdentifier, JSON.stringify({ bytesAfter: 2 ** 21, durationMs: 1000, waitedMs: 0, walBytes: null })],
    )
    expect(await pastRuns(id, 'reindex-index', {})).toMatchObject({ runs: 1 })
    await noteCluster(id, B)
    expect(await pastRuns(id, 'reindex-index', {})).toBeNull()
  })
})
