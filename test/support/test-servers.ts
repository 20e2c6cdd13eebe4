import { chmod, mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import type { TestProject } from 'vitest/node'
import type { Major } from '../../db/embedded/binaries'
import { type Cluster, startCluster } from '../../db/embedded/cluster'
import { freePort } from '../../db/embedded/free-port'
import { makeRunFolder } from './run-folder'
import { copyData } from './test-data'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers GET /<worker>/<major> with a superuser's address of that worker's server, GET /data/<major> with a data directory to copy. */
    testServers: string
  }
}

/** Test servers lose nothing of worth in a crash, and their locks must be seen to be waited for. */
export const SETTINGS = {
  fsync: 'off',
  shared_preload_libraries: 'pg_stat_statements',
  max_prepared_transactions: '10',
  max_connections: '60',
  wal_level: 'logical',
  autovacuum_naptime: '1d', // on, as everywhere, but it never comes between a test and its dead rows
  // Little of it is kept, as it may lie in memory, and none of it is written with zeros first.
  max_wal_size: '128MB',
  min_wal_size: '32MB',
  wal_init_zero: 'off',
}

/**
 * Starts servers for the whole test run, each when a test first asks for it; one that does not start fails that test.
 * Each worker has its own: a transaction that one file leaves open holds no other file's rows back, and a role or a
 * waiting lock of one is not another's.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const removeRunFolder = await makeRunFolder()
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-test-'))
  await chmod(folder, 0o755) // the account that the servers run as must get in
  const clusters = new Map<string, Promise<Cluster>>()
  const made = new Map<string, Promise<string>>()
  const dataOf = once(made, (major) => makeData(path.join(folder, 'data', major)))
  const clusterOf = once(clusters, async (name) => {
    await copyData(await dataOf(path.basename(name)), path.join(folder, name))
    return start(path.join(folder, name))
  })
  const broker = createServer((request, response) => {
    const [, worker, major = ''] = request.url?.split('/') ?? []
    const answer = worker === 'data' ? dataOf(major) : clusterOf(`${worker}/${major}`).then(({ url }) => url)
    answer.then(
      (text) => response.end(text),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
  project.provide('testServers', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`)
  const tearDown = async () => {
    broker.close()
    const started = await Promise.allSettled(clusters.values())
    await Promise.all(started.map((one) => one.status === 'fulfilled' && one.value.stop('immediate')))
    await removeRunFolder()
  }
  process.once('SIGTERM', () => tearDown().finally(() => process.exit(1))) // the servers would outlive the run
  return tearDown
}

/** Does it once for each name. */
const once =
  <T>(done: Map<string, Promise<T>>, work: (name: string) => Promise<T>) =>
  (name: string): Promise<T> => {
    const known = done.get(name) ?? work(name)
    done.set(name, known)
    return known
  }

/** What initdb makes takes it a second: it does so once for each major. */
async function makeData(folder: string): Promise<string> {
  const cluster = await start(folder)
  await cluster.stop()
  return cluster.dataDir
}

const start = async (folder: string): Promise<Cluster> =>
  startCluster({ major: Number(path.basename(folder)) as Major, folder, port: await freePort(), password: 'test', settings: SETTINGS })
