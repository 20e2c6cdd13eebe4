import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cluster, startCluster } from '../../db/embedded/cluster'
import { freePort } from '../../db/embedded/free-port'
import { askCluster } from '../../db/server/ask-cluster'
import { closePools } from '../../db/server/pool'
import { targetFromUrl } from '../../db/server/target-url'
import { type Standby, startStandby } from './standby'

describe.each([14, 18] as const)('a standby of PostgreSQL %i', (major) => {
  let folder: string
  let primary: Cluster
  let standby: Standby
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'proctor-standby-'))
    await chmod(folder, 0o755)
    const options = { major, password: 'test', settings: { fsync: 'off', max_connections: '20' } }
    primary = await startCluster({ ...options, folder: path.join(folder, 'primary'), port: await freePort() })
    standby = await startStandby(primary, { ...options, folder: path.join(folder, 'standby'), port: await freePort() })
  })
  afterAll(async () => {
    await closePools()
    await standby?.stop('immediate')
    await primary?.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  })

  const ask = async (url: string, sql: string): Promise<unknown> => {
    const client = new Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(sql)
    await client.end()
    return Object.values(rows[0] ?? {})[0]
  }
  const clusterOf = async (url: string) => {
    const asked = await askCluster(targetFromUrl('standby', url))
    if (!asked.ok) throw new Error(asked.problem.message)
    await closePools()
    return asked.value
  }

  it('is the same cluster, in recovery, and on another timeline at once when it was promoted, without what it did not get', async () => {
    await ask(primary.url, 'create table early (i int)')
    await standby.caughtUp()
    const first = await clusterOf(primary.url)
    expect(first).toMatchObject({ timeline: 1, inRecovery: false })
    expect(await clusterOf(standby.url)).toEqual({ ...first, inRecovery: true })
    await standby.fallBehind()
    await ask(primary.url, 'create table late (i int)')
    await standby.promote()
    expect(await clusterOf(standby.url)).toEqual({ ...first, timeline: 2 })
    expect(await ask(standby.url, `select to_regclass('early') is not null and to_regclass('late') is null`)).toBe(true)
    expect(await clusterOf(primary.url)).toEqual(first)
  })
})
