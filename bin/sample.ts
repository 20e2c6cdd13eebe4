import { Client } from 'pg'
import { migrateLms } from '../db/lms/migrate'
import { makeSample, sampleExists } from '../db/lms/sample'
import { startWorkload } from '../db/lms/workload'
import { ensureDatabase, SAMPLE_DATABASE } from './servers'
import { step, tellSteps } from './steps'

/** The LMS database on the embedded server: made once, then kept; its gentle workload runs from here on. */
export async function makeSampleDatabase(
  serverUrl: string,
  { scale, partitions }: { scale: number; partitions: boolean },
): Promise<{ url: string; stopWorkload: () => Promise<void> }> {
  const url = await ensureDatabase(serverUrl, SAMPLE_DATABASE)
  await migrateLms(url)
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined) // its query fails
  await client.connect()
  const exists = await sampleExists(client)
  await client.end()
  if (!exists) await makeAndTell(url, scale, partitions)
  const workload = startWorkload(url)
  return { url, stopWorkload: workload.stop }
}

/** From this scale on it takes minutes, so that each part of it is told. */
const TOLD_FROM = 2

async function makeAndTell(url: string, scale: number, partitions: boolean): Promise<void> {
  if (scale < TOLD_FROM) return step('Making the sample LMS database (half a minute, once)', () => makeSample(url, { scale, partitions }))
  console.log(`Making the sample LMS database at scale ${scale} (once):`)
  const told = tellSteps()
  await makeSample(url, { scale, partitions, onStep: told.begin })
  told.end()
}
