import { setTimeout as sleep } from 'node:timers/promises'
import { consoleDb } from './client'

const WAIT_MS = 2_000

/** Whether the console database answers within two seconds. */
export async function consoleIsReady(): Promise<boolean> {
  const asked = consoleDb()
    .$client.query('select 1')
    .then(
      () => true,
      () => false, // whatever stands in the way, there is no console database now
    )
  return Promise.race([asked, sleep(WAIT_MS, false, { ref: false })])
}
