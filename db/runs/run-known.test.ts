import { expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'
import { consoleDb } from '../console/client'
import { latestMeasurements } from '../console/health-checks'
import { noteRebuilt } from './run-known'

const bench = benchForTests(18)

it('keeps the size of a fresh file, and what may be wrong with it in whole points', async () => {
  const { serverId, database } = bench.db.target
  const index = { indexrelid: 1, relfilenode: 2, bytes: 8_192, detail: {} }
  await noteRebuilt(serverId, database, [{ ...index, plusMinus: 0.0087 }], consoleDb())
  expect(await latestMeasurements(serverId, database)).toMatchObject([{ ...index, rebuiltBytes: 8_192, plusMinus: 1, method: 'rebuild' }])
})
