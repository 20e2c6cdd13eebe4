import { chmod, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import { testDatabase } from '../../../test/support/test-database'
import { type Cluster, startCluster } from '../../embedded/cluster'
import { freePort } from '../../embedded/free-port'
import { checksumsOff } from '../../replication/checks/checksums-off'
import { closePools } from '../../server/pool'
import { forgetReads } from '../../server/run-read'
import { targetFromUrl } from '../../server/target-url'
import { checksumsFailed } from './checksum-failures'

describe('data checksums', () => {
  let folder: string
  let cluster: Cluster
  const options = () => ({ major: 18 as const, password: 'test', folder: path.join(folder, 'server'), settings: { fsync: 'off' } })
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'proctor-checksums-'))
    await chmod(folder, 0o755) // the account that the server runs as must get in
    cluster = await startCluster({ ...options(), port: await freePort() })
  })
  afterAll(async () => {
    await closePools()
    await cluster.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  })
  const connected = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({ connectionString: cluster.url })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }
  const look = async () => {
    forgetReads()
    const found = await checksumsFailed.look(targetFromUrl('checksums', cluster.url))
    if (!found.ok) throw new Error(found.problem.message)
    return found.value
  }

  it('show a page that the storage changed, once it was read', async () => {
    const file = await connected(async (client) => {
      await client.query('create table pages as select n from generate_series(1, 1000) n')
      await client.query('checkpoint')
      return (await client.query(`select pg_relation_filepath('pages') as at`)).rows[0].at as string
    })
    await closePools()
    await cluster.stop()
    const handle = await open(path.join(folder, 'server', 'data', file), 'r+')
    await handle.write(Buffer.from('damage'), 0, 6, 5_000)
    await handle.close()
    cluster = await startCluster({ ...options(), port: await freePort() })
    expect(await look()).toEqual([])
    await connected((client) => expect(client.query('select count(*) from pages')).rejects.toThrow('invalid page'))
    await expect.poll(look).toMatchObject([{ name: 'postgres', severity: 'bad', since: expect.any(String) }])
    await connected((client) => client.query('select pg_stat_reset()'))
    await expect.poll(look).toEqual([])
  })

  it('are missed on a cluster that was made without', async () => {
    await checked(18, checksumsOff, ({ none }) => none()) // initdb makes them from 18 on
    const db = await testDatabase(14)
    const found = await checksumsOff.look(db.target)
    await db.drop()
    expect(found).toMatchObject({ ok: true, value: [{ name: 'data_checksums', severity: 'info' }] })
  })
})
