import { Client } from 'pg'
import { expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../test/support/own-server'
import { benchForTests } from '../../test/support/run-bench'

const bench = benchForTests(18, () => databaseOnOwnServer(18))

it('calls a run lost when its database was dropped under it, long before a server that is away is given up', async () => {
  await bench.bloated('dropped')
  await bench.hold('select from dropped')
  await bench.startWorker()
  const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf('dropped_id') })
  await bench.until(id, ({ progress }) => (progress?.waitingFor.length ?? 0) > 0)
  const admin = new Client({ connectionString: Object.assign(new URL(bench.db.url), { pathname: '/postgres' }).href })
  await admin.connect()
  bench.db.client.on('error', () => undefined)
  await admin.query(`drop database ${bench.db.target.database} with (force)`)
  await admin.end()
  expect(await bench.over(id)).toMatchObject({
    state: 'lost',
    problem: { kind: 'unreachable', sqlstate: '3D000', message: expect.stringContaining('dropped or renamed') },
  })
})
