import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { MAJORS, type Major } from './binaries'
import { type Cluster, startCluster } from './cluster'
import { freePort } from './free-port'

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's address of a running server of each major. */
    serverUrls: Record<Major, string>
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
}

/** Starts a server of every major for the whole test run. One that does not start fails the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-test-'))
  await chmod(folder, 0o755) // the account that the servers run as must get in
  const clusters: Cluster[] = await Promise.all(
    MAJORS.map(async (major) =>
      startCluster({ major, folder: path.join(folder, String(major)), port: await freePort(), password: 'test', settings: SETTINGS }),
    ),
  )
  const urls = Object.fromEntries(MAJORS.map((major, at) => [major, clusters[at]?.url]))
  project.provide('serverUrls', urls as Record<Major, string>)
  return async () => {
    await Promise.all(clusters.map((cluster) => cluster.stop('immediate')))
    await rm(folder, { recursive: true, force: true })
  }
}
