import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { besideData } from '../server/postmaster'
import { serverAccount } from './account'
import { isEnding } from './child'
import { type Cluster, type ClusterOptions, startCluster } from './cluster'
import { ClusterError } from './cluster-error'
import { readOwn, writeAnew } from './data-files'
import { type Keeping, keep } from './keep'

/** A server that is started again whenever it ends, until stop(). */
export type KeptCluster = Pick<Cluster, 'url' | 'port' | 'dataDir' | 'stop'>

export interface KeepServer extends Partial<Keeping> {
  /** What whoever runs the console should know. */
  say: (message: string) => void
}

/**
 * Starts a server and keeps it running: whoever shuts it down, for a restart or to see what happens, finds it on its port
 * again a moment later (see keep). Errors: as startCluster, of the first start.
 */
export async function keepRunning(options: ClusterOptions, { say, ...keeping }: KeepServer): Promise<KeptCluster> {
  const kept = await keep((stopping) => startOrPutBack({ ...options, stopping }, say), {
    onEnd: () => undefined,
    onRefused: say,
    ...keeping,
  })
  const { url, port, dataDir } = kept.current()
  await writeAnew(besideData(dataDir, 'keeper'), String(process.pid))
  return { url, port, dataDir, stop: (mode) => kept.stop((cluster) => cluster.stop(mode)) }
}

/**
 * Starts a server. Where ALTER SYSTEM has given it settings with which it does not start, those of the last good start are
 * put back; the refused ones stay beside them, and so does what the server said of them.
 */
async function startOrPutBack(options: ClusterOptions, say: (message: string) => void): Promise<Cluster> {
  const dataDir = path.join(options.folder, 'data')
  const auto = path.join(dataDir, 'postgresql.auto.conf')
  const good = `${auto}.good`
  const refused = besideData(dataDir, 'refused')
  // First, so that whoever reaches the server knows by this file how it was started.
  await rm(refused, { force: true })
  const wanted = await readOwn(auto)
  const account = await serverAccount()
  try {
    const cluster = await startCluster(options)
    await writeAnew(good, wanted ?? (await readOwn(auto)) ?? '', account)
    return cluster
  } catch (error) {
    const last = await readOwn(good)
    if (isEnding() || options.stopping?.aborted) throw error // that start was ended, not refused
    if (!(error instanceof ClusterError) || last === null || last === wanted) throw error
    await writeAnew(`${auto}.refused`, wanted ?? '', account)
    await writeAnew(refused, await readFile(besideData(dataDir, 'log')))
    await writeAnew(auto, last, account)
    say(`${error.message}\nThe settings of its last good start were put back; the refused ones are in ${auto}.refused.`)
    return startCluster(options)
  }
}
