import { Client } from 'pg'
import { migrateLms } from '../db/lms/migrate'
import { makeSample, sampleExists } from '../db/lms/sample'
import { startWorkload } from '../db/lms/workload'
import { ensureDatabase, SAMPLE_DATABASE } from './servers'
import { step } from './steps'

/** The LMS database on the embedded server: made once, then kept; its gentle workload runs from here on. */
export async function makeSampleDatabase(serverUrl: string, scale: number): Promise<{ url: string; stopWorkload: () => Promise<void> }> {
  const url = await ensureDatabase(serverUrl, SAMPLE_DATABASE)
  await migrateLms(url)
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined) // its query fails
  await client.connect()
  const exists = await sampleExists(client)
  await client.end()
  if (!exists) await step('Making the sample LMS database (half a minute, once)', () => makeSample(url, { scale }))
  const workload = startWorkload(url)
  return { url, stopWorkload: workload.stop }
}
