import { Client } from 'pg'
import { consoleUrl } from '../console/client'
import { log } from '../console/log'
import { patiently } from './patient'

/** Held by the worker that looks after a run; ends with its session, so with the worker however it dies. */
interface RunLock {
  release: () => Promise<void>
}

const LOCK = /* sql */ `select /* proctor:run-lock */ pg_try_advisory_lock(hashtextextended('proctor run ' || $1, 0)) as locked`

/**
 * Takes the advisory lock of a run in the console database; null when another worker has it. When the console database
 * goes away under it, it is taken again as soon as that is back.
 */
export async function lockRun(runId: string): Promise<RunLock | null> {
  let released = false
  let held: Client | undefined
  const take = async (): Promise<void> => {
    const client = new Client({ connectionString: consoleUrl(), application_name: `proctor worker, run ${runId}`, keepAlive: true })
    client.on('error', () => undefined) // 'end' follows
    await client.connect()
    const { rows } = await client.query<{ locked: boolean }>(LOCK, [runId])
    held = rows[0]?.locked && !released ? client : undefined
    if (held) client.once('end', () => released || patiently(take).catch((error) => log().error({ err: error, run: runId }, 'run lock')))
    else await client.end()
  }
  await patiently(take)
  if (!held) return null
  const release = async () => {
    released = true
    await held?.end().catch(() => undefined)
  }
  return { release }
}
