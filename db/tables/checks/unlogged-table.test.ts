import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { startStandby } from '../../../test/support/standby'
import { testDatabase } from '../../../test/support/test-database'
import { startCluster } from '../../embedded/cluster'
import { freePort } from '../../embedded/free-port'
import { forgetReads } from '../../server/run-read'
import { unloggedTable } from './unlogged-table'

describe('unlogged-table beside a standby', () => {
  it('finds an unlogged table with rows, until it is logged', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'proctor-unlogged-'))
    await chmod(folder, 0o755) // the account that the servers run as must get in
    const options = { major: 18, password: 'test', settings: { fsync: 'off' } } as const
    const primary = await startCluster({ ...options, folder: path.join(folder, 'primary'), port: await freePort() })
    const standby = await startStandby(primary, { ...options, folder: path.join(folder, 'standby'), port: await freePort() })
    const db = await testDatabase(18, primary.url)
    const look = async () => {
      forgetReads()
      const found = await unloggedTable.look(db.target)
      if (!found.ok) throw new Error(found.problem.message)
      return found.value
    }
    try {
      await db.client.query('create unlogged table empty (n int)')
      expect(await look()).toEqual([])
      await db.client.query('create unlogged table cache as select generate_series(1, 10) as n')
      await db.client.query('analyze cache')
      const [found, ...others] = await look()
      expect(others).toEqual([])
      expect(found).toMatchObject({ kind: 'relation', relname: 'cache', severity: 'info' })
      await db.client.query(found?.sql ?? '')
      expect(await look()).toEqual([])
      await db.client.query('alter table cache set unlogged')
      expect(await look()).toHaveLength(1)
      await standby.stop('immediate')
      await expect.poll(look, { timeout: 60_000 }).toEqual([])
    } finally {
      await db.drop()
      await standby.stop('immediate')
      await primary.stop('immediate')
      await rm(folder, { recursive: true, force: true })
    }
  })
})
