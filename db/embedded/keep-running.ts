import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { besideData } from '../server/postmaster'
import { serverAccount } from './account'
import { type Cluster, type ClusterOptions, startCluster } from './cluster'
import { ClusterError } from './cluster-error'
import { readOwn, writeAnew } from './data-files'

const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 60_000

/** A server that is started again whenever it ends, until stop(). */
export type KeptCluster = Pick<Cluster, 'url' | 'port' | 'dataDir' | 'stop'>

/**
 * Starts a server and keeps it running: whoever shuts it down, for a restart or to see what happens, finds it on its port
 * again a moment later. What goes wrong then is told by `say`, and tried again with a pause that grows up to a minute.
 * Errors: as startCluster, of the first start.
 */
export async function keepRunning(options: ClusterOptions, say: (message: string) => void): Promise<KeptCluster> {
  let cluster = await startOrPutBack(options, say)
  const { url, port, dataDir } = cluster
  await writeAnew(besideData(dataDir, 'keeper'), String(process.pid))
  const over = new AbortController()
  const keep = async (): Promise<void> => {
    for (let pause = FIRST_PAUSE_MS; !over.signal.aborted; ) {
      await cluster.ended
      await sleep(pause, undefined, { signal: over.signal }).catch(() => undefined)
      if (over.signal.aborted) return
      try {
        cluster = await startOrPutBack(options, say)
        pause = FIRST_PAUSE_MS
      } catch (error) {
        say(error instanceof Error ? error.message : String(error))
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
      }
    }
  }
  const keeping = keep()
  const stop: Cluster['stop'] = async (mode) => {
    over.abort()
    await cluster.stop(mode)
    await keeping // it may have been about to start
    await cluster.stop(mode)
  }
  return { url, port, dataDir, stop }
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
    if (!(error instanceof ClusterError) || last === null || last === wanted) throw error
    await writeAnew(`${auto}.refused`, wanted ?? '', account)
    await writeAnew(refused, await readFile(besideData(dataDir, 'log')))
    await writeAnew(auto, last, account)
    say(`${error.message}\nThe settings of its last good start were put back; the refused ones are in ${auto}.refused.`)
    return startCluster(options)
  }
}
