import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { MAJORS, type Major } from './binaries'
import { type Cluster, startCluster } from './cluster'
import { freePort } from './free-port'

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's address of a running server of each major, for each worker. */
    serverUrls: Record<Major, string>[]
  }
}

/**
 * How many files are tested at once. Each worker has servers of its own: a transaction that one file leaves open
 * holds no other file's rows back, and a role or a waiting lock of one is not another's.
 */
export const WORKERS = 4

/** Test servers lose nothing of worth in a crash, and their locks must be seen to be waited for. */
export const SETTINGS = {
  fsync: 'off',
  shared_preload_libraries: 'pg_stat_statements',
  max_prepared_transactions: '10',
  max_connections: '60',
  wal_level: 'logical',
  autovacuum_naptime: '1d', // on, as everywhere, but it never comes between a test and its dead rows
}

/** Starts a server of every major for each worker, for the whole test run. One that does not start fails the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-test-'))
  await chmod(folder, 0o755) // the account that the servers run as must get in
  const sets = await Promise.all(Array.from({ length: WORKERS }, (_, worker) => startSet(path.join(folder, String(worker)))))
  project.provide(
    'serverUrls',
    sets.map((set) => Object.fromEntries(set.map(([major, cluster]) => [major, cluster.url])) as Record<Major, string>),
  )
  return async () => {
    await Promise.all(sets.flat().map(([, cluster]) => cluster.stop('immediate')))
    await rm(folder, { recursive: true, force: true })
  }
}

async function startSet(folder: string): Promise<[Major, Cluster][]> {
  const set: [Major, Cluster][] = []
  for (const major of MAJORS) {
    const cluster = await startCluster({
      major,
      folder: path.join(folder, String(major)),
      port: await freePort(),
      password: 'test',
      settings: SETTINGS,
    })
    set.push([major, cluster])
  }
  return set
}
