import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inject } from 'vitest'
import type { Major } from '../../db/embedded/binaries'
import { startCluster } from '../../db/embedded/cluster'
import { freePort } from '../../db/embedded/free-port'
import { copyData } from './test-data'
import { type TestDatabase, testDatabase } from './test-database'
import { SETTINGS } from './test-servers'

/** A database on a server that one test has to itself: roles, for one, concern all databases of a server. */
export async function databaseOnOwnServer(major: Major, settings: Record<string, string> = {}): Promise<TestDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-own-'))
  await chmod(folder, 0o755) // the account that the server runs as must get in
  const place = path.join(folder, 'server')
  const made = await fetch(`${inject('testServers')}/data/${major}`)
  if (!made.ok) throw new Error(await made.text())
  await copyData(await made.text(), place)
  const cluster = await startCluster({
    major,
    folder: place,
    port: await freePort(),
    password: 'test',
    settings: { ...SETTINGS, ...settings },
  })
  const db = await testDatabase(major, cluster.url)
  return {
    ...db,
    drop: async () => {
      await db.drop().catch(() => undefined) // a test may have crashed it; it goes with its server
      await cluster.stop('immediate')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
