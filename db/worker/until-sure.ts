import { setTimeout as sleep } from 'node:timers/promises'
import { consoleDoubt } from '../console/console-id'
import { log } from '../console/log'
import { patiently } from '../runs/patient'

const LOOK_EVERY_MS = 1_000

/** Waits for as long as this console may be a copy of another one: until then a worker leaves every server alone. */
export async function untilSure(stopping: AbortSignal, everyMs = LOOK_EVERY_MS): Promise<void> {
  for (let told = false; !stopping.aborted && (await patiently(() => consoleDoubt())); told = true) {
    if (!told)
      log().warn(
        'this console may be a copy of another one: it contacts no server until an administrator answers whether it was moved or copied',
      )
    await sleep(everyMs, undefined, { signal: stopping }).catch(() => undefined)
  }
}
